import { useState } from 'react';
import bar from '../frame/top-bar.module.css';
import { useEditor } from '../open-workflow/editor-store.ts';
import { classes } from '../ui/class-names.ts';
import { showFailure } from '../ui/toast.tsx';
import styles from '../workbench/editor-bar.module.css';

/** The workflow’s name. Click to edit. Enter saves, Escape reverts. */
export function WorkflowName() {
  const name = useEditor((state) => state.name);
  const [text, setText] = useState<string>();
  const rename = useEditor((state) => state.rename);
  if (text === undefined) {
    return (
      <h1 className={classes(bar.title, styles.title)}>
        <button type="button" className={styles.name} title="Rename" onClick={() => setText(name)}>
          {name}
        </button>
      </h1>
    );
  }
  const close = () => setText(undefined);
  const finish = () => {
    close();
    rename(text.trim()).catch((thrown) => {
      // Keeps the text for another attempt.
      setText(text);
      showFailure('Couldn’t rename workflow', thrown);
    });
  };
  return (
    <h1 className={classes(bar.title, styles.title)}>
      <input
        className={styles.name}
        aria-label="Workflow name"
        // biome-ignore lint/a11y/noAutofocus: opens in response to a user action
        autoFocus
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish();
          else if (event.key === 'Escape') close();
        }}
      />
    </h1>
  );
}
