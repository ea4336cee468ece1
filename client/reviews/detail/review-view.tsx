import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { decideReview, Review, ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import type { ReactNode } from 'react';
import type { FileUrl } from '../../run-look/json-view.tsx';
import { DecidedBanner } from '../decision/decided-banner.tsx';
import { DecisionBar } from '../decision/decision-bar.tsx';
import { type DecisionBody, useDecision } from '../decision/use-decision.ts';
import { ContextPanel } from './context-panel.tsx';
import { ReviewForm } from './review-form.tsx';
import styles from './review-view.module.css';

interface ReviewViewProps {
  readonly review: Review;
  /** Undefined while loading. Deciding does not wait for it. */
  readonly story: ReviewStory | undefined;
  readonly header: ReactNode;
  readonly byLink?: boolean;
  readonly fileUrl: FileUrl;
  /** The review to continue with after this one. */
  readonly next?: string | undefined;
  readonly decide: (body: BodyOf<typeof decideReview>) => Promise<void>;
  /** Refetches the review after someone else decided first. */
  readonly refresh: () => unknown;
}

/** A review: context on the left, the draft on the right, the decisions below. */
export function ReviewView({ review, story, header, byLink = false, fileUrl, next, decide, refresh }: ReviewViewProps) {
  const decision = useDecision({ review, backward: story?.backward ?? [], decide: decide as (body: DecisionBody) => Promise<void>, refresh });
  const open = review.status === 'open';
  return (
    <article className={styles.review} aria-label={review.title}>
      {header}
      <div className={styles.body}>
        <ContextPanel review={review} story={story} byLink={byLink} fileUrl={fileUrl} />
        <div className={styles.side}>
          <div className={styles.form}>
            {!open && <DecidedBanner review={review} story={story} next={next} byLink={byLink} />}
            <ReviewForm key={String(open)} review={review} decision={decision} byLink={byLink} />
          </div>
          {open && <DecisionBar review={review} decision={decision} />}
        </div>
      </div>
    </article>
  );
}
