import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ReviewRecord, reviews } from '../store/collections.ts';
import type { ServiceContext } from './context.ts';

/** A task as the API shows it. */
export function reviewView({ workspaceId: _workspace, waitId: _wait, ...review }: ReviewRecord): Review {
  return review;
}

/** The task's record. Throws `not-found`. */
export async function getReviewRecord({ store }: ServiceContext, id: string): Promise<ReviewRecord> {
  const record = await store.get(reviews, id);
  if (!record) throw new AppError('not-found', `There is no task “${id}”.`);
  return record;
}

export const getReview = async (context: ServiceContext, id: string): Promise<Review> => reviewView(await getReviewRecord(context, id));

interface ReviewFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status: 'open' | 'done';
  readonly assignee?: string | undefined;
  readonly runId?: string | undefined;
}

/** Tasks: open ones oldest first, as they should be done; decided ones newest first. */
export async function listReviews({ store }: ServiceContext, { status, assignee, runId, limit, cursor }: ReviewFilter) {
  const page = await store.find(reviews, {
    where: { status, ...(assignee !== undefined && { assignee }), ...(runId !== undefined && { runId }) },
    order: { field: 'createdAt', descending: status === 'done' },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { items: page.items.map(reviewView), nextCursor: page.nextCursor };
}
