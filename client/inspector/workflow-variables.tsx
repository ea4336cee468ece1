import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { JsonInput } from '../expressions/json-input.tsx';
import formClasses from '../form/form.module.css';
import { useFreshRow } from '../form/use-fresh-row.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import classes from './inspector.module.css';
import { freeVariable, renamed, variableRefusal, without } from './variables.ts';

/** The variables of the workflow: a name, and any JSON as value. */
export function WorkflowVariables({ readOnly }: { readOnly: boolean }) {
  const editor = useEditorApi();
  const vars = useEditor((state) => state.graph.vars);
  const entries = Object.entries(vars ?? {});
  const set = (next: Record<string, unknown>) => editor.getState().setVars(next);
  const list = useRef<HTMLDivElement>(null);
  const focusNew = useFreshRow(list);
  const add = () => {
    focusNew();
    set({ ...vars, [freeVariable(vars ?? {})]: '' });
  };
  return (
    <div ref={list} className={formClasses.list}>
      <h2 className={classes.subtitle}>Variables</h2>
      <p className={formClasses.help}>
        Values published with this workflow. Use them in expressions as <code>vars.name</code>.
      </p>
      {entries.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names are being edited here, so the position is the identity
        <div key={index} className={formClasses.named} data-row>
          <div className={formClasses.itemHead}>
            <VariableName name={name} vars={vars ?? {}} readOnly={readOnly} onRename={(next) => set(renamed(vars ?? {}, name, next))} />
            {!readOnly && (
              <ActionIcon size={24} aria-label={`Remove ${name}`} onClick={() => set(without(vars ?? {}, name))}>
                <IconTrash size={14} />
              </ActionIcon>
            )}
          </div>
          <JsonInput label={`Value of ${name}`} value={value} minHeight={30} readOnly={readOnly} onChange={(next) => set({ ...vars, [name]: next ?? '' })} />
        </div>
      ))}
      {!readOnly && (
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          Add variable
        </Button>
      )}
    </div>
  );
}

interface VariableNameProps {
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly readOnly: boolean;
  readonly onRename: (name: string) => void;
}

function VariableName({ name, vars, readOnly, onRename }: VariableNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const refused = draft === null || draft === name ? undefined : variableRefusal(vars, draft);
  return (
    <TextInput
      className={`${formClasses.mono} ${formClasses.wide}`}
      aria-label={`Name of the variable ${name}`}
      readOnly={readOnly}
      error={refused}
      value={draft ?? name}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => {
        if (draft !== null && draft !== name && refused === undefined) onRename(draft);
        setDraft(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}
