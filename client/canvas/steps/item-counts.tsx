import type { StepState } from '@switchyard/shared/run/state.ts';
import { formatNumber } from '../../ui/format.ts';
import styles from './container-node.module.css';

const waitingIn = (step: StepState): boolean => step.status === 'running' || step.status === 'waiting';

/** The counts of a for-each step in words: “37 of 120”, “2 failed”, “4 open”. */
export function ItemCountsLine({ step }: { step: StepState | undefined }) {
  const items = step?.items;
  if (!items) return null;
  const { count, succeeded, failed, open } = items;
  if (count === 0) return <span className={`${styles.counts} ${styles.tag}`}>No items</span>;
  return (
    <span className={styles.counts}>
      <span className={styles.tag}>
        {formatNumber(succeeded + failed)} of {formatNumber(count)}
      </span>
      {failed > 0 && (
        <span className={styles.tag} data-tone="failed">
          {formatNumber(failed)} failed
        </span>
      )}
      {open > 0 && waitingIn(step) && (
        <span className={styles.tag} data-tone="running">
          {formatNumber(open)} in progress
        </span>
      )}
    </span>
  );
}
