import { IconBulb } from '@tabler/icons-react';
import { useContext } from 'react';
import { useAuthority } from '../../api/evaluation/authority-queries.ts';
import { EditorContext } from '../../open-workflow/editor-store.ts';
import styles from './proposal-badge.module.css';

/** Marks a review node for which less review is proposed (S84). */
export function ProposalBadge({ nodeKey }: { nodeKey: string }) {
  const editor = useContext(EditorContext);
  const { workflowId, readOnly = true } = editor?.getState() ?? {};
  return readOnly || workflowId === undefined ? null : <Count workflowId={workflowId} nodeKey={nodeKey} />;
}

function Count({ workflowId, nodeKey }: { workflowId: string; nodeKey: string }) {
  const { data } = useAuthority(workflowId, nodeKey);
  const count = (data?.groups.filter(({ proposal }) => proposal !== null).length ?? 0) + (data?.rare ? 1 : 0);
  if (count === 0) return null;
  return (
    <span className={styles.badge} title="Less review is proposed under Authority">
      <IconBulb size={12} stroke={1.8} aria-hidden />
      {count === 1 ? '1 proposal' : `${count} proposals`}
    </span>
  );
}
