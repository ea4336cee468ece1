import type { Diagnostic } from '@codemirror/lint';
import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { TextEditor } from '../../expressions/text-editor.tsx';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import form from '../form.module.css';
import { exportedNames } from './script-values.ts';

interface HelpersFoldProps {
  readonly helpers: string;
  /** Errors to underline. While there are any, the fold is open. */
  readonly found: readonly Diagnostic[];
}

/** The helpers of the workflow, edited where they are used. While closed, chips name what they export. */
export function HelpersFold({ helpers, found }: HelpersFoldProps) {
  const editor = useEditorApi();
  const readOnly = useEditor((state) => state.readOnly);
  const [opened, setOpened] = useState(false);
  const id = useId();
  const isOpen = opened || found.length > 0;
  return (
    <div>
      <UnstyledButton className={form.fold} aria-expanded={isOpen} aria-controls={id} onClick={() => setOpened(!isOpen)}>
        <IconChevronRight size={14} className={form.chevron} data-open={isOpen || undefined} aria-hidden />
        Helpers of this workflow
        {!isOpen &&
          exportedNames(helpers).map((name) => (
            <span key={name} className={form.changed}>
              {name}
            </span>
          ))}
      </UnstyledButton>
      <div id={id}>
        {isOpen && (
          <div className={form.folded}>
            <TextEditor
              kind="script"
              label="Helpers"
              value={helpers}
              minHeight={68}
              placeholder="export const cents = (amount: number) => Math.round(amount * 100);"
              readOnly={readOnly}
              diagnostics={found}
              onChange={(next) => editor.getState().setHelpers(next)}
            />
            <p className={form.help}>
              All Code nodes call what this exports as <code>helpers.name()</code>.
            </p>
          </div>
        )}
      </div>
    </div>
  );
}
