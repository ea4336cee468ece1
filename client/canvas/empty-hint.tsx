import { useEditor } from '../open-workflow/editor-store.ts';
import { Kbd } from '../ui/kbd.tsx';
import styles from './empty-hint.module.css';

/** Shown while the workflow has nothing between its input and its output. */
export function EmptyHint() {
  const shown = useEditor((state) => state.graph.nodes.length <= 2 && !state.readOnly && state.activeRunId === null);
  if (!shown) return null;
  return (
    <p className={styles.hint}>
      Drag a node onto the edge, or press <Kbd>N</Kbd> to add one.
      <br />
      Run anytime with the sample input.
    </p>
  );
}
