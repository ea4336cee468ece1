import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { type ReviewRecord, reviews } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { newToken } from '../ids.ts';
import { demandOpen, getReviewRecord, reviewView } from './reviews.ts';

/** Assigns an open review, or unassigns it. */
export const assignReview = (context: ServiceContext, id: string, assignee: string | null): Promise<Review> => changeOpen(context, id, { assignee });

/** Replaces the link of an open review, so a leaked one stops working. */
export const renewReviewLink = (context: ServiceContext, id: string): Promise<Review> => changeOpen(context, id, { token: newToken() });

async function changeOpen(context: ServiceContext, id: string, changes: Partial<ReviewRecord>): Promise<Review> {
  const review = await getReviewRecord(context, id);
  await demandOpen(context, review);
  const changed = await context.store.update(reviews, id, changes, { equal: { status: 'open' } });
  // Decided between the two: the record now says by whom.
  if (!changed) await demandOpen(context, await getReviewRecord(context, id));
  context.changed.inbox(context.workspaceId);
  return reviewView(context, changed ?? review);
}
