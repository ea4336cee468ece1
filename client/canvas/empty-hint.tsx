import { useEditor } from '../open-workflow/editor-store.ts';
import { Kbd } from '../ui/kbd.tsx';
import styles from './empty-hint.module.css';

/** What to do with a workflow that has nothing between its input and its output yet. */
export function EmptyHint() {
  const shown = useEditor((state) => state.graph.nodes.length <= 2 && !state.readOnly && state.activeRunId === null);
  if (!shown) return null;
  return (
    <p className={styles.hint}>
      Drag a step onto the wire, or press <Kbd>N</Kbd> and type what you need.
      <br />
      You can run it at any time: sample input is filled in.
    </p>
  );
}
