import type { Review, ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import { StatusMark } from '../../run-look/status-mark.tsx';
import { useSlowNow } from '../../ui/clock.ts';
import { formatAgo, formatDuration } from '../../ui/format.ts';
import styles from './what-happened.module.css';

type Happened = ReviewStory['happened'][number];

/** The steps of the run that led here, each with its outcome and duration. */
export function WhatHappened({ happened, review }: { happened: readonly Happened[]; review: Review }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>History</h2>
      <ol className={styles.steps}>
        {happened.map((step) => (
          <li key={step.stepId} className={styles.step} data-here={(step.stepId === review.stepId && review.status === 'open') || undefined}>
            <StatusMark status={step.status}>{outcomeText(step, review)}</StatusMark>
            <Took step={step} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function outcomeText({ stepId, title, detail, status }: Happened, { stepId: here }: Review): string {
  if (status === 'waiting') return stepId === here ? 'Waiting for you' : `${title}: waiting`;
  return detail ? `${title}: ${detail}` : title;
}

function Took({ step: { startedAt, endedAt } }: { step: Happened }) {
  const now = useSlowNow();
  if (!startedAt) return null;
  const words = endedAt ? formatDuration(Date.parse(endedAt) - Date.parse(startedAt)) : formatAgo(new Date(startedAt), new Date(now)).replace(/ ago$/, '');
  return <span className={styles.took}>{words}</span>;
}
