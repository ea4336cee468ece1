import { Button } from '@mantine/core';
import type { Review, ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import { IconArrowRight, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { ButtonLink } from '../../ui/button-link.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { changedFields } from './corrections.ts';
import styles from './decided-banner.module.css';
import { forgetAnswer, useIsEditing } from './local-answers.ts';

interface DecidedBannerProps {
  readonly review: Review;
  readonly story: ReviewStory | undefined;
  readonly next: string | undefined;
  readonly byLink: boolean;
}

/** What became of a review that is no longer open. Keeps this person’s unsent edits until they discard them. */
export function DecidedBanner({ review, story, next, byLink }: DecidedBannerProps) {
  const { decision } = review;
  const kept = useIsEditing(review.id);
  const current = story?.rounds.at(-1);
  const newer = current && current.id !== review.id ? current : undefined;
  const StateIcon = decision ? IconCircleCheck : IconCircleX;
  return (
    <div className={styles.banner} role="status">
      <StateIcon size={18} stroke={1.7} className={styles.icon} data-decided={decision ? true : undefined} aria-hidden />
      <div className={styles.said}>
        <p className={styles.what}>
          <Outcome review={review} />
        </p>
        {decision?.comment && <p className={styles.comment}>“{decision.comment}”</p>}
        <Correction review={review} />
        {kept && <p className={styles.quiet}>Your edits weren’t sent. They’re saved below.</p>}
      </div>
      <div className={styles.actions}>
        {kept && <Button onClick={() => forgetAnswer(review.id)}>Discard my edits</Button>}
        {!byLink && newer && (
          <ButtonLink to="/inbox" search={{ task: newer.id }}>
            Open round {newer.round}
          </ButtonLink>
        )}
        {!byLink && next !== undefined && (
          <ButtonLink to="/inbox" search={(before) => ({ ...before, task: next })} rightSection={<IconArrowRight size={15} stroke={1.7} />}>
            Next review
          </ButtonLink>
        )}
      </div>
    </div>
  );
}

/** What changed in the draft, and why. The fields below mark the changes. */
function Correction({ review }: { review: Review }) {
  const changed = changedFields(review);
  const reasons = review.decision?.reasons ?? [];
  if (changed.length === 0 && reasons.length === 0) return null;
  return (
    <p className={styles.quiet}>
      {changed.length > 0 && `Changed: ${changed.map(({ label, name }) => label || name).join(', ')}. `}
      {reasons.length > 0 && `Reason for changes: ${reasons.join(', ')}`}
    </p>
  );
}

function Outcome({ review }: { review: Review }) {
  const { decision, decisions, decidedBy, decidedAt } = review;
  if (!decision) return decidedBy === null ? <>No decision needed: the run ended or moved on.</> : <>The review was overdue and the step failed.</>;
  const title = decisions.find(({ id }) => id === decision.decision)?.title ?? decision.decision;
  return (
    <>
      <strong>{title}</strong> by {decidedBy}
      {decidedAt && (
        <>
          , <TimeAgo at={decidedAt} />
        </>
      )}
    </>
  );
}
