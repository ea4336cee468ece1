import { readDecision } from '@switchyard/nodes/people/decision.ts';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { type ReviewRecord, reviews, type SignalRecord, signals } from '../store/collections.ts';
import { OWNER, type ServiceContext, timestamp } from './context.ts';
import { getRunRecord } from './get-run.ts';
import { getReviewRecord, reviewView } from './reviews.ts';

interface Decision {
  readonly decision: string;
  readonly values?: Record<string, unknown> | undefined;
  readonly comment?: string | undefined;
  readonly reasons?: string[] | undefined;
}

type Decided = NonNullable<Review['decision']>;

/**
 * Decides a task. Whoever inserts the signal has decided (S17); others get `already-decided` with who and when. Throws `run-ended`
 * when the run needs no decision any more, `bad-request` with the path of each wrong value.
 */
export async function decideReview(context: ServiceContext, id: string, sent: Decision): Promise<Review> {
  const review = await getReviewRecord(context, id);
  if (review.status === 'done') throw alreadyDecided(review.decidedBy, review.decidedAt);
  const run = await getRunRecord(context, review.runId);
  if (review.status === 'closed' || isEnded(run.status)) {
    throw new AppError('run-ended', 'The run has ended or gone on without this task, so there is nothing to decide any more.', {
      details: { runId: run.id, status: run.status, endedAt: run.endedAt },
    });
  }
  const decided = checkedDecision(review, sent);
  const at = timestamp(context);
  const signal: SignalRecord = {
    id: `${review.runId}:${review.waitId}`,
    workspaceId: context.workspaceId,
    runId: review.runId,
    kind: 'decision',
    waitId: review.waitId,
    value: { ...decided, reviewer: OWNER.kind },
    at,
    actor: OWNER,
    moved: 0,
  };
  await insertFirst(context, review, signal);
  const done = await markDone(context, review, signal);
  context.engine.wake(review.runId);
  return reviewView(done);
}

async function insertFirst(context: ServiceContext, review: ReviewRecord, signal: SignalRecord): Promise<void> {
  try {
    await context.store.insert(signals, signal);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'already-exists')) throw error;
    const first = await context.store.get(signals, signal.id);
    // Whoever was first may have been cut off before the task was marked.
    if (first?.kind === 'decision') await markDone(context, review, first);
    context.engine.wake(review.runId);
    throw alreadyDecided(first?.actor.id ?? first?.actor.kind ?? null, first?.at ?? null);
  }
}

async function markDone(context: ServiceContext, review: ReviewRecord, signal: SignalRecord): Promise<ReviewRecord> {
  const changes = { status: 'done', decidedAt: signal.at, decidedBy: signal.actor.id ?? signal.actor.kind, decision: decidedBy(signal) } as const;
  const done = await context.store.update(reviews, review.id, changes, { equal: { status: 'open' } });
  context.changed.inbox();
  return done ?? { ...review, ...changes };
}

function decidedBy({ value }: SignalRecord): Decided {
  const { decision, values, comment, reasons } = value as Decided;
  return { decision, values, comment, reasons };
}

const alreadyDecided = (by: string | null, at: string | null): AppError =>
  new AppError('already-decided', `This was already decided${by ? ` by ${by}` : ''}${at ? ` at ${at}` : ''}.`, { details: { decidedBy: by, decidedAt: at } });

function checkedDecision(review: ReviewRecord, sent: Decision): Decided {
  const { title, decisions, fields, context } = review;
  const read = readDecision({ title, decisions, fields, context: context.map(({ label, value }) => ({ label, value })) }, sent);
  if (read.ok) return { decision: read.value.decision, values: { ...read.value.values }, comment: read.value.comment, reasons: [...read.value.reasons] };
  const first = read.errors[0];
  throw new AppError('bad-request', `${first?.path ? `${first.path}: ` : ''}${first?.message}. Nothing was decided.`, { fields: read.errors });
}
