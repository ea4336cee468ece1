import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type FileEntry, findFiles, restoreFiles } from '@switchyard/shared/files/stored-value.ts';
import type { ReviewTask } from '@switchyard/shared/run/events.ts';
import { REMOVED_ASSIGNEE } from '@switchyard/shared/run/removed.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { type ReviewRecord, reviews } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { sealOf } from '../policies/run-seal.ts';
import { restoreTokens } from '../policies/token-vault.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { loadValue } from '../runs/load-value.ts';

/** A review as the API shows it. */
export async function reviewView(context: ServiceContext, record: ReviewRecord): Promise<Review> {
  const { workspaceId: _workspace, waitId: _wait, whole: _whole, drawn: _drawn, token, ...review } = await readable(context, await filled(context, record));
  const { workflowName = '', version = 'draft', why = null, whenDue = null, fields, context: shown } = review;
  const files = findFiles({ fields, context: shown });
  // Anyone with the link can decide, so only callers who may decide get it.
  const link = token === undefined || !context.caller.role.has('review') ? null : `${context.address()}/r/${token}`;
  return { ...review, workflowName, version, why, whenDue, link, ...(files.length > 0 && { files: files.map((file) => ({ ...file, path: [...file.path] })) }) };
}

/** The review with the real values instead of tokens (S65), for callers who may decide it. */
async function readable(context: ServiceContext, record: ReviewRecord): Promise<ReviewRecord> {
  if (!context.caller.role.has('review')) return record;
  const { instructions = null, why = null, fields, context: shown, decision } = record;
  return {
    ...record,
    ...(await restoreTokens(context.store, context.policies.secrets, record.runId, { instructions, why, fields, context: shown, decision })),
  };
}

/** A task on disk, encrypted: its files are beside it. */
export type SealedTask = ReviewTask & { readonly files?: readonly FileEntry[] };

/** What reading a review in full needs. */
export type ReviewReading = Pick<ServiceContext, 'store' | 'workspaceId' | 'payloads' | 'policies'>;

/** The review with everything it asks, which may be stored separately. */
async function filled(context: ReviewReading, { whole, sealed, ...record }: ReviewRecord): Promise<ReviewRecord> {
  if (sealed !== undefined) return opened(context, record, sealed);
  if (!whole) return record;
  const { instructions = null, why = null, fields, context: shown } = (await loadValue(context, whole)) as ReviewTask;
  return { ...record, instructions, why, fields: [...fields], context: [...shown] };
}

/** The review with what it asks, decrypted. Without the key of its run, nothing is shown. */
async function opened(context: ReviewReading, record: ReviewRecord, sealed: string): Promise<ReviewRecord> {
  const seal = await sealOf(context.store, context.policies.secrets, record.runId);
  if (!seal) return record;
  const { files = [], ...plain } = seal.open(sealed) as SealedTask;
  const { title, instructions = null, why = null, fields, context: shown, ...task } = restoreFiles(plain, files) as ReviewTask;
  // A person may have assigned it since.
  const assignee = record.assignee === REMOVED_ASSIGNEE ? (task.assignee ?? null) : record.assignee;
  return { ...record, title, instructions, why, fields: [...fields], context: [...shown], assignee, whenDue: task.whenDue ?? null };
}

/** The review's record, complete. Throws `not-found`. */
export async function getReviewRecord(context: ReviewReading, id: string): Promise<ReviewRecord> {
  const record = await context.store.get(reviews, id);
  if (!record) throw new AppError('not-found', `Review “${id}” not found.`);
  return filled(context, record);
}

export const getReview = async (context: ServiceContext, id: string): Promise<Review> => reviewView(context, await getReviewRecord(context, id));

/** Throws `already-decided` or `run-ended` if there is nothing left to decide. */
export async function demandOpen(context: ServiceContext, review: ReviewRecord): Promise<void> {
  if (review.status === 'done') throw alreadyDecided(review.decidedBy, review.decidedAt);
  if (review.status === 'closed' && review.decidedBy !== null) throw tooLate(review.decidedAt);
  const run = await getRunRecord(context, review.runId);
  if (review.status === 'open' && !isEnded(run.status)) return;
  throw new AppError('run-ended', 'The run has ended or moved on. This review no longer needs a decision.', {
    details: { runId: run.id, status: run.status, endedAt: run.endedAt },
  });
}

/** Another reviewer was first: says who and when. */
export const alreadyDecided = (by: string | null, at: string | null): AppError =>
  new AppError('already-decided', `Already decided${by ? ` by ${by}` : ''}${at ? ` at ${at}` : ''}.`, { details: { decidedBy: by, decidedAt: at } });

/** The due time was first. */
export const tooLate = (at: string | null): AppError =>
  new AppError('already-decided', `This review is overdue. The run continued without a decision${at ? ` at ${at}` : ''}.`, {
    details: { decidedBy: null, decidedAt: at, overdue: true },
  });

/** The period of a budget ended first, or the budget was changed. */
export const budgetChanged = (at: string): AppError =>
  new AppError('already-decided', `The budget has room again, so the run continued without a decision at ${at}.`, {
    details: { decidedBy: null, decidedAt: at },
  });

interface ReviewFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status: 'open' | 'done';
  readonly assignee?: string | undefined;
  readonly runId?: string | undefined;
}

/** Reviews: open ones oldest first, in the order to work on them. Decided ones newest first. */
export async function listReviews(context: ServiceContext, { status, assignee, runId, limit, cursor }: ReviewFilter) {
  const page = await context.store.find(reviews, {
    where: { status, ...(assignee !== undefined && { assignee }), ...(runId !== undefined && { runId }) },
    order: { field: 'createdAt', descending: status === 'done' },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { items: await Promise.all(page.items.map((review) => reviewView(context, review))), nextCursor: page.nextCursor };
}
