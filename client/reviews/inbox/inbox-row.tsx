import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSlowNow } from '../../ui/clock.ts';
import { formatAgo, formatExact } from '../../ui/format.ts';
import { changedFields } from '../decision/corrections.ts';
import { useIsEditing } from '../decision/local-answers.ts';
import { DueChip } from '../detail/due-chip.tsx';
import { gist } from '../detail/urgency.ts';
import styles from './inbox-row.module.css';

/** A review in the list. */
export function InboxRow({ review, selected }: { review: Review; selected: boolean }) {
  const row = useRef<HTMLAnchorElement>(null);
  const editing = useIsEditing(review.id);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <li>
      <Link
        ref={row}
        from="/inbox"
        to="/inbox"
        search={(before) => ({ ...before, task: review.id })}
        className={styles.row}
        data-selected={selected || undefined}
        aria-current={selected || undefined}
      >
        <span className={styles.first}>
          <span className={styles.title} title={review.title} dir="auto">
            {review.title}
          </span>
          <Age at={review.decidedAt ?? review.createdAt} />
        </span>
        <span className={styles.gist} dir="auto">
          {gist(review)}
        </span>
        <span className={styles.foot}>
          <DueChip review={review} />
          <span className={styles.workflow} title={review.workflowName}>
            {review.workflowName}
          </span>
          {review.status !== 'open' ? (
            <>
              <span>{outcome(review)}</span>
              <Corrected review={review} />
            </>
          ) : editing ? (
            <span className={styles.editing}>You are editing</span>
          ) : (
            <For review={review} />
          )}
        </span>
      </Link>
    </li>
  );
}

const For = ({ review }: { review: Review }) => review.assignee !== null && <span className={styles.assignee}>for {review.assignee}</span>;

/** “Approve by Ada” */
function outcome({ decision, decidedBy, decisions }: Review): string {
  const title = decisions.find(({ id }) => id === decision?.decision)?.title;
  return title ? `${title} by ${decidedBy}` : 'Not decided';
}

/** “Reply changed: tone” */
function Corrected({ review }: { review: Review }) {
  const changed = changedFields(review);
  if (changed.length === 0) return null;
  const reasons = review.decision?.reasons ?? [];
  return (
    <span className={styles.corrected}>
      {changed.map(({ label, name }) => label || name).join(', ')} changed{reasons.length > 0 && `: ${reasons.join(', ')}`}
    </span>
  );
}

function Age({ at }: { at: string }) {
  const now = useSlowNow();
  const moment = new Date(at);
  return (
    <time className={styles.age} dateTime={at} title={formatExact(moment)}>
      {formatAgo(moment, new Date(now)).replace(/ ago$/, '')}
    </time>
  );
}
