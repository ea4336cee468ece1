import { useConnection } from '@xyflow/react';
import { refusal } from '../../graph-editing/operations/connect.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import styles from './refused-edge.module.css';

/** Says next to the pointer why the edge being drawn can’t end at the node below it. */
export function RefusedEdge() {
  const editor = useEditorApi();
  const connection = useConnection();
  if (!connection.inProgress || connection.isValid !== false || !connection.toNode) return null;
  const { fromHandle, fromNode, toNode, toHandle } = connection;
  const ends = fromHandle.type === 'source' ? [fromNode.id, toNode.id] : [toNode.id, fromNode.id];
  const [source = '', target = ''] = ends;
  const reason = refusal(editor.getState().graph, { source, target, sourceHandle: fromHandle.id, targetHandle: toHandle?.id });
  return reason === undefined ? null : (
    <div className={styles.reason} role="status">
      {reason}
    </div>
  );
}
