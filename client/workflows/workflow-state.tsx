import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { IconCircleCheckFilled, IconPencil, IconPlayerPause } from '@tabler/icons-react';
import styles from './workflow-state.module.css';

/** Live, draft or paused, as icon and words. */
export function WorkflowState({ workflow }: { workflow: WorkflowSummary }) {
  if (workflow.paused) {
    return (
      <span className={styles.state} data-state="paused" title={workflow.pauseReason ?? 'Its triggers are refused until it is resumed'}>
        <IconPlayerPause size={14} stroke={1.7} aria-hidden />
        Paused
      </span>
    );
  }
  if (workflow.liveVersion !== null) {
    return (
      <span className={styles.state} data-state="live">
        <IconCircleCheckFilled size={14} aria-hidden />
        Live v{workflow.liveVersion}
      </span>
    );
  }
  return (
    <span className={styles.state} data-state="draft">
      <IconPencil size={14} stroke={1.6} aria-hidden />
      Draft
    </span>
  );
}
