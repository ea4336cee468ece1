import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useSlowNow } from '../../ui/clock.ts';
import { formatExact } from '../../ui/format.ts';
import styles from './due-chip.module.css';
import { dueOf } from './urgency.ts';

/** “due in 3 h 56 min”, with the exact time on hover. Nothing without a due time, or once decided. */
export function DueChip({ review }: { review: Pick<Review, 'dueAt' | 'status'> }) {
  const now = useSlowNow();
  const due = review.status === 'open' ? dueOf(review, now) : undefined;
  if (!due || review.dueAt === null) return null;
  const DueIcon = due.tone === 'late' ? IconAlertTriangle : IconClock;
  return (
    <span className={styles.chip} data-tone={due.tone} title={formatExact(new Date(review.dueAt))}>
      <DueIcon size={14} stroke={1.8} aria-hidden />
      {due.words}
    </span>
  );
}
