import { FileInput } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { chooseFiles, chosenFiles, fileFields, NO_FILES } from '../graph-editing/chosen-files.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import classes from './run-panel.module.css';

/** A field for each file of the input. What is chosen is sent with every run from this page. */
export function FileInputs({ schema }: { schema: unknown }) {
  const workflowId = useEditor((state) => state.workflowId);
  const chosen = useStore(chosenFiles, (all) => all[workflowId] ?? NO_FILES);
  const fields = fileFields(schema);
  if (fields.length === 0) return null;
  return (
    <div className={classes.files}>
      {fields.map(({ name, isList, accepts }) => {
        const files = chosen[name] ?? [];
        const shared = { label: name, placeholder: isList ? 'Choose files' : 'Choose a file', accept: accepts.join(','), clearable: true, w: 260 };
        const icon = { leftSection: <IconPaperclip size={16} stroke={1.7} aria-hidden /> };
        return isList ? (
          <FileInput key={name} {...shared} {...icon} multiple value={[...files]} onChange={(next) => chooseFiles(workflowId, name, next)} />
        ) : (
          <FileInput key={name} {...shared} {...icon} value={files[0] ?? null} onChange={(next) => chooseFiles(workflowId, name, next ? [next] : [])} />
        );
      })}
    </div>
  );
}
