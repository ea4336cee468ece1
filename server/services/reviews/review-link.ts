import type { Review, ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ReviewRecord, reviews } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { decideReview, type SentDecision } from './decide-review.ts';
import { reviewStory } from './review-story.ts';
import { reviewView } from './reviews.ts';

/* A review link is a capability: whoever has it sees this one task and can decide it, without sign-in. Looking decides nothing. */

async function reviewOf({ store }: ServiceContext, token: string): Promise<ReviewRecord> {
  const { items } = await store.find(reviews, { where: { token }, limit: 1 });
  if (items[0]) return items[0];
  throw new AppError('not-found', 'This review link is not valid, or not any more. Ask whoever sent it for a new one.');
}

/** The task of a link, open or decided. Throws `not-found` for a link that was revoked or never was. */
export async function getReviewByLink(context: ServiceContext, token: string): Promise<{ review: Review; story: ReviewStory }> {
  const record = await reviewOf(context, token);
  return { review: await reviewView(context, record), story: await reviewStory(context, record.id) };
}

/** Decides the task of a link; otherwise as `decideReview`. */
export async function decideReviewByLink(context: ServiceContext, token: string, sent: SentDecision): Promise<Review> {
  const { id } = await reviewOf(context, token);
  return decideReview(context, id, sent, { kind: 'token', id: sent.reviewer ?? 'review link' });
}
