import type { Review, ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import { AppError, messageForCaller } from '@switchyard/shared/errors.ts';
import { type ReviewRecord, reviews } from '../../store/collections.ts';
import { reviewLinkCaller } from '../caller.ts';
import type { Installation, ServiceContext } from '../context.ts';
import { openCapability } from '../directory.ts';
import type { OpenedFile } from '../files/read-file.ts';
import { decideReview, type SentDecision } from './decide-review.ts';
import { getReviewFile } from './review-files.ts';
import { reviewStory } from './review-story.ts';
import { reviewView } from './reviews.ts';

/* A review link is a capability: anyone with it sees this one review and can decide it without signing in. Viewing decides nothing. */

async function openLink(installation: Installation, token: string): Promise<{ readonly context: ServiceContext; readonly record: ReviewRecord }> {
  const callerOf = ({ workspaceId, id }: ReviewRecord) => reviewLinkCaller(workspaceId, id);
  const opened = await openCapability(installation, { collection: reviews, field: 'token', token, callerOf });
  if (!opened) throw new AppError('not-found', 'This review link is invalid or was revoked. Ask the sender for a new one.');
  return opened;
}

/** The review of a link, open or decided. Throws `not-found` for an invalid link. */
export async function getReviewByLink(installation: Installation, token: string): Promise<{ review: Review; story: ReviewStory }> {
  const { context, record } = await openLink(installation, token);
  return { review: await reviewView(context, record), story: await reviewStory(context, record.id, messageForCaller) };
}

/** A file that the review of a link shows. Throws `not-found`, `file-removed`. */
export async function getReviewFileByLink(installation: Installation, token: string, file: string): Promise<OpenedFile> {
  const { context, record } = await openLink(installation, token);
  return getReviewFile(context, record.id, file);
}

/** Decides the review of a link. Otherwise like `decideReview`. */
export async function decideReviewByLink(installation: Installation, token: string, sent: SentDecision): Promise<Review> {
  const { context, record } = await openLink(installation, token);
  return decideReview(context, record.id, sent);
}
