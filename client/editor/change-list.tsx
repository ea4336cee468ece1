import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { graphChanges, type NodeChange } from '../graph-editing/operations/graph-changes.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import styles from './change-list.module.css';

const WORDS: Record<NodeChange['kind'], string> = { added: 'only theirs', removed: 'only mine', changed: 'differs', moved: 'moved' };

/** How the other draft differs from mine, step by step. */
export function ChangeList({ theirs }: { theirs: Graph }) {
  const mine = useEditor((state) => state.graph);
  const { nodes, wiresAdded, wiresRemoved } = graphChanges(mine, theirs);
  const same = nodes.length === 0 && wiresAdded === 0 && wiresRemoved === 0;
  return (
    <div className={styles.changes}>
      <h2 className={styles.title}>Theirs beside mine</h2>
      {same && <p className={styles.quiet}>The steps and wires are the same.</p>}
      <ul className={styles.list}>
        {nodes.map((change) => (
          <li key={change.id} data-kind={change.kind}>
            <span>{change.title}</span>
            <em>{WORDS[change.kind]}</em>
          </li>
        ))}
      </ul>
      {wiresAdded > 0 && <p className={styles.quiet}>Wires only theirs: {wiresAdded}</p>}
      {wiresRemoved > 0 && <p className={styles.quiet}>Wires only mine: {wiresRemoved}</p>}
      <p className={styles.quiet}>After Take theirs, Undo brings yours back.</p>
    </div>
  );
}
