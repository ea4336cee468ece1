import { useState } from 'react';
import { keyRefusal } from '../graph-editing/field-actions.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import classes from './inspector.module.css';

/** A node’s key with inline editing. A new key takes effect on blur, in every expression that uses it. */
export function KeyField({ nodeId, value, readOnly }: { nodeId: string; value: string; readOnly: boolean }) {
  const editor = useEditorApi();
  const [draft, setDraft] = useState<string | null>(null);
  const changed = draft !== null && draft !== value;
  const refused = changed ? keyRefusal(editor.getState().graph, nodeId, draft) : undefined;
  const settle = () => {
    if (changed && !refused) editor.getState().renameKey(nodeId, draft);
    setDraft(null);
  };
  return (
    <>
      <input
        className={classes.key}
        aria-label="Node key, used in expressions"
        aria-invalid={refused !== undefined}
        aria-describedby={changed ? `${nodeId}-key-note` : undefined}
        readOnly={readOnly}
        maxLength={100}
        spellCheck={false}
        value={draft ?? value}
        onFocus={() => setDraft(value)}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key !== 'Escape' || !changed) return;
          event.stopPropagation();
          setDraft(value);
        }}
      />
      {changed && (
        <p id={`${nodeId}-key-note`} className={classes.keyNote} data-wrong={refused !== undefined || undefined}>
          {refused ? `${refused}.` : `Press Enter to rename. Expressions that use steps.${value} are updated.`}
        </p>
      )}
    </>
  );
}
