import { useState } from 'react';
import bar from '../frame/top-bar.module.css';
import { useEditor } from '../open-workflow/editor-store.ts';
import { classes } from '../ui/class-names.ts';
import { showFailure } from '../ui/toast.tsx';
import styles from '../workbench/editor-bar.module.css';

/** The workflow's name; a click makes it a field. Enter keeps the new name, Escape the old one. */
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
  const finish = () => {
    setText(undefined);
    rename(text.trim()).catch((thrown) => {
      // What was typed stays to be tried again.
      setText(text);
      showFailure('The workflow could not be renamed', thrown);
    });
  };
  return (
    <h1 className={classes(bar.title, styles.title)}>
      <input
        className={styles.name}
        aria-label="Name of the workflow"
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to rename it
        autoFocus
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish();
          else if (event.key === 'Escape') setText(undefined);
        }}
      />
    </h1>
  );
}
