import type { ItemCounts, StepState } from '@switchyard/shared/run/state.ts';
import { formatNumber } from '../../ui/format.ts';
import styles from './container-node.module.css';

const waitingIn = (step: StepState): boolean => step.status === 'running' || step.status === 'waiting';

/** The counts of a for-each step in words: “37 of 120”, “2 failed”, “4 open”. */
export function ItemCountsLine({ step }: { step: StepState | undefined }) {
  const items = step?.items;
  if (!items) return null;
  const { count, succeeded, failed, open } = items;
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

/** The parts of the items in each state, as a bar. */
export function ItemBar({ items, className }: { items: ItemCounts; className: string | undefined }) {
  const share = (count: number) => ({ width: `${(100 * count) / Math.max(1, items.count)}%` });
  return (
    <div className={className} aria-hidden>
      <i data-tone="succeeded" style={share(items.succeeded)} />
      <i data-tone="failed" style={share(items.failed)} />
      <i data-tone="running" style={share(items.open)} />
    </div>
  );
}

export function ItemProgress({ step }: { step: StepState | undefined }) {
  return step?.items ? <ItemBar items={step.items} className={styles.progress} /> : <div className={styles.progress} />;
}
