import { IconPin } from '@tabler/icons-react';
import { useContext } from 'react';
import { usePin } from '../../live/pin-queries.ts';
import { EditorContext } from '../../open-workflow/editor-store.ts';
import styles from './pin-badge.module.css';

/** Marks a node whose pinned output draft runs take (S78). */
export function PinBadge({ nodeKey }: { nodeKey: string }) {
  const editor = useContext(EditorContext);
  const { workflowId = '', readOnly = true } = editor?.getState() ?? {};
  const pinned = usePin(workflowId, nodeKey, !readOnly);
  if (!pinned) return null;
  return (
    <span className={styles.badge} title="Draft runs take its pinned output">
      <IconPin size={12} stroke={1.8} aria-hidden />
      Pinned
    </span>
  );
}
