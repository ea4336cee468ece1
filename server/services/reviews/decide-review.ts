import { type Decision, readDecision } from '@switchyard/nodes/people/decision.ts';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { signalId } from '@switchyard/shared/run/address.ts';
import { type ReviewRecord, reviews, type SignalRecord, signals } from '../../store/collections.ts';
import { keepLabel, type LabelParts } from '../authority/keep-label.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { keepCorrections } from '../corrections/keep-corrections.ts';
import { redactorOf } from '../policies/enter-run.ts';
import { openValue, sealedValue, sealOf } from '../policies/run-seal.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { insertForRun } from '../runs/insert-for-run.ts';
import { applyRaise, checkRaise } from './budget-reviews.ts';
import { alreadyDecided, budgetChanged, demandOpen, getReviewRecord, type ReviewReading, reviewView, tooLate } from './reviews.ts';

/** What the reviewer sends. */
export interface SentDecision {
  readonly decision: string;
  readonly values?: Record<string, unknown> | undefined;
  readonly comment?: string | undefined;
  readonly reasons?: string[] | undefined;
  readonly reviewer?: string | undefined;
}

/**
 * Decides a review. The first to insert the signal decides (S17). Others get `already-decided` with who and when. Throws `run-ended`
 * if the run no longer needs a decision, `bad-request` with the path of each invalid value. Changes to the draft are stored
 * as a correction.
 */
export async function decideReview(context: ServiceContext, id: string, sent: SentDecision): Promise<Review> {
  const review = await getReviewRecord(context, id);
  await demandOpen(context, review);
  const entered = await enterDecision(context, review, sent);
  const { changes: _changes, ...value } = checkedDecision(review, entered, sent.reviewer ?? context.caller.name);
  await checkRaise(context, review, value);
  const signal: SignalRecord = {
    id: signalId(review.runId, review.waitId),
    workspaceId: context.workspaceId,
    runId: review.runId,
    kind: 'decision',
    waitId: review.waitId,
    value,
    at: timestamp(context),
    actor: actorOf(context.caller),
    moved: 0,
  };
  const seal = await sealOf(context.store, context.policies.secrets, review.runId);
  const found = await insertOrFind(context, seal ? { ...signal, value: sealedValue(seal, value) } : signal);
  const first = found && { ...found, value: openValue(seal, found.value) };
  if (first) return loseTo(context, review, first, () => decideReview(context, id, sent));
  try {
    await applyRaise(context, review, value);
    return await reviewView(context, await markDone(context, review, signal));
  } finally {
    // Decided, even if the review couldn't be marked: the run continues.
    context.engine.wake(review.runId);
  }
}

/** What the reviewer sent, as the run’s data policy leaves it. */
async function enterDecision(context: ServiceContext, { runId, workflowId, budgetId }: ReviewRecord, sent: SentDecision): Promise<SentDecision> {
  const { policy: hash } = await getRunRecord(context, runId);
  const policy = hash === undefined ? undefined : await context.policies.byHash(context.store, hash);
  if (!policy) return sent;
  const { values, comment, reasons } = sent;
  // The only value of a review about a budget is the new limit.
  const entering = budgetId !== undefined ? { comment, reasons } : { values, comment, reasons };
  return { ...sent, ...(await redactorOf(context, policy, { runId, workflowId }).value(entering)) };
}

/** Its run's values are encrypted while the run is open, and not kept (S66). */
const isSealed = async ({ store }: Pick<ServiceContext, 'store'>, { id }: ReviewRecord): Promise<boolean> =>
  (await store.get(reviews, id))?.sealed !== undefined;

/** The name that a decision was made under. */
const reviewerOf = ({ value, actor }: SignalRecord): string => (value as SentDecision).reviewer ?? readActor(actor).id;

/** The earlier signal. Undefined if this one is the first. */
async function insertOrFind(context: ServiceContext, signal: SignalRecord): Promise<SignalRecord | undefined> {
  try {
    await insertForRun(context, signals, signal, signal.runId);
    return undefined;
  } catch (error) {
    if (!isAppError(error, 'already-exists')) throw error;
    return (await context.store.get(signals, signal.id)) ?? signal;
  }
}

/** Another reviewer, or the due time, was first. */
async function loseTo(context: ServiceContext, review: ReviewRecord, first: SignalRecord, again: () => Promise<Review>): Promise<Review> {
  context.engine.wake(review.runId);
  if (first.kind === 'decision') {
    // The first one may have been interrupted before the review was marked.
    await markDone(context, review, first);
    throw alreadyDecided(reviewerOf(first), first.at);
  }
  const now = await getReviewRecord(context, review.id);
  // The due time reassigned the review. It can still be decided.
  if (now.waitId !== review.waitId) return again();
  throw review.budgetId !== undefined ? budgetChanged(first.at) : tooLate(first.at);
}

/** What marking a review as decided needs. */
export type MarkingParts = ReviewReading & LabelParts & { readonly changed: Pick<ServiceContext['changed'], 'inbox'> };

/** Keeps the corrections of a decision, and marks its review. Repeating it changes nothing. `signal`: with its value in the clear. */
export async function markDone(context: MarkingParts, review: ReviewRecord, signal: SignalRecord): Promise<ReviewRecord> {
  const { decision, values, comment, reasons, changes } = checkedDecision(review, signal.value as SentDecision, reviewerOf(signal));
  const decided = { decision, values: { ...values }, comment, reasons: [...reasons] };
  const sealed = await isSealed(context, review);
  const reviewed = { ...decided, changes, reviewer: reviewerOf(signal), at: signal.at };
  await keepCorrections(context, review, reviewed, sealed);
  await keepLabel(context, review, reviewed);
  const left = sealed ? { ...decided, values: {}, comment: '', reasons: [] } : decided;
  const shown = { status: 'done', decidedAt: signal.at, decidedBy: reviewerOf(signal), decision: left } as const;
  const done =
    (await context.store.update(reviews, review.id, shown, { equal: { status: 'open' } })) ??
    // Its run ended before it could be marked.
    (await context.store.update(reviews, review.id, shown, { equal: { status: 'closed', decidedBy: null } }));
  context.changed.inbox(context.workspaceId);
  return done ?? { ...review, ...shown };
}

function checkedDecision(review: ReviewRecord, sent: SentDecision, reviewer: string): Decision {
  const { title, decisions, fields, context } = review;
  const read = readDecision({ title, decisions, fields, context }, { ...sent, reviewer });
  if (read.ok) return read.value;
  const first = read.errors[0];
  throw new AppError('bad-request', `${first?.path ? `${first.path}: ` : ''}${first?.message}. Nothing was decided.`, { fields: read.errors });
}
