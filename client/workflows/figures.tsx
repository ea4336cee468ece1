import { Skeleton } from '@mantine/core';
import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { callWords, formatDuration, formatNumber, formatShare, formatShortSum } from '../ui/format.ts';
import styles from './figures.module.css';
import { totals } from './totals.ts';

const NAMES = ['Runs, last 24 h', 'Succeeded', 'Median duration', 'Cost', 'Waiting'];

/** Placeholders for the figures while they load. */
export function FiguresSkeleton() {
  return (
    <div className={styles.figures} aria-hidden>
      {NAMES.map((name) => (
        <div key={name} className={styles.figure}>
          <span className={styles.name}>{name}</span>
          <div className={styles.place}>
            <Skeleton height={16} width={56} />
          </div>
        </div>
      ))}
    </div>
  );
}

/** The figures of all workflows in the last 24 hours. */
export function Figures({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const { runs, succeeded, failed, waiting, medianMs, costMicros, unknownPrice } = totals(workflows.map(({ activity }) => activity));
  const ended = succeeded + failed;
  return (
    <dl className={styles.figures}>
      <Figure name="Runs, last 24 h" value={formatNumber(runs)} />
      <Figure
        name="Succeeded"
        value={ended === 0 ? '–' : formatShare(succeeded / ended)}
        {...(failed > 0 && { note: `${formatNumber(failed)} failed`, bad: true })}
      />
      <Figure name="Median duration" value={medianMs === null ? '–' : formatDuration(medianMs)} />
      <Figure
        name="Cost"
        value={formatShortSum({ costMicros, unknownPrice })}
        {...(unknownPrice > 0 && { note: `${callWords(unknownPrice)} of unknown price` })}
      />
      <Figure name="Waiting" value={formatNumber(waiting)} {...(waiting > 0 && { note: 'for a review or timer' })} />
    </dl>
  );
}

function Figure({ name, value, note, bad }: { name: string; value: string; note?: string; bad?: boolean }) {
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd>
        <span className={styles.value}>{value}</span>
        {note && (
          <span className={styles.note} data-bad={bad || undefined}>
            {note}
          </span>
        )}
      </dd>
    </div>
  );
}
