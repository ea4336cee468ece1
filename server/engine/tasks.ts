import type { NodeResult, Resolution } from '@switchyard/nodes/sdk/define-node.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import { roundOf, type StepState } from '@switchyard/shared/run/state.ts';
import { isStopping } from './decide.ts';
import { computeStep, type Execution, isInline, prepareStep, recordStart, runStep } from './execute.ts';
import { mayHaveHadEffect, timeoutError } from './failure.ts';
import { failureOutcome, fitsInPlace, type Outcome, outcomeOf, storeLarge } from './outcome.ts';
import type { PlanNode } from './plan.ts';
import { closeReviews, closeTask, type RunInHand, type RunningTask } from './run-in-hand.ts';
import { readableSteps } from './scope-of.ts';

/* Running a step: from its start to the event that says how it ended. */

export interface How {
  readonly attempt: number;
  readonly winner?: string | undefined;
  readonly resolution?: Resolution | undefined;
}

/** Starts a step. False when values must be loaded first: the driver decides again afterwards. */
export function beginStep(hand: RunInHand, node: PlanNode, stepId: string, how: How): boolean {
  const { ports, run, plan, state, writer, values } = hand;
  const needed = values.load(readableSteps(plan, state, node));
  if (needed) {
    hand.hold(needed);
    return false;
  }
  const task: RunningTask = { stepId, node, controller: new AbortController(), live: true, timedOut: false, stopTimer: () => {} };
  hand.tasks.set(stepId, task);
  const { attempt, winner, resolution } = how;
  const execution: Running = { ports, run, plan, state, writer, values, node, task, round: roundOf(state, node.key), attempt, winner, resolution };
  ports.starting(run.runId, stepId);
  try {
    const prepared = prepareStep(execution);
    if (ports.staysInPlace(prepared.shown)) proceed(hand, execution, prepared, prepared.shown);
    else storeInput(hand, execution, prepared).catch((thrown) => failStart(hand, execution, thrown));
  } catch (thrown) {
    failStart(hand, execution, thrown);
  }
  return true;
}

/** Fails a step that may not be in the journal yet. Without an event, the same command would be decided again forever. */
function failStart(hand: RunInHand, execution: Running, thrown: unknown): void {
  if (execution.task.live && !isStopping(hand.state) && !isRecorded(execution)) recordStart(execution, null);
  fail(hand, execution.task, thrown);
}

const isRecorded = ({ state, task, attempt }: Running): boolean => {
  const step = state.steps.get(task.stepId);
  return step?.status === 'running' && !step.interrupted && step.attempts.at(-1)?.number === attempt;
};

type Prepared = ReturnType<typeof prepareStep>;
type Running = Execution & { readonly task: RunningTask };

/** Stores a large input first: the step starts when that is done. */
async function storeInput(hand: RunInHand, execution: Running, prepared: Prepared): Promise<void> {
  const input = await hand.ports.offload(hand.run, prepared.shown).catch((thrown: unknown) => {
    // A value that can never be stored fails the step, which must be on record for that.
    const isHopeless = thrown instanceof AppError && thrown.code === 'node-failed';
    if (isHopeless && execution.task.live && !isStopping(hand.state)) recordStart(execution, null);
    throw thrown;
  });
  if (!execution.task.live || isStopping(hand.state)) throw new AppError('cancelled', 'The step was stopped before it began.');
  proceed(hand, execution, prepared, input);
  hand.advance();
}

/** Records the start. An inline step ends before this returns; any other is awaited. */
function proceed(hand: RunInHand, execution: Running, prepared: Prepared, input: unknown): void {
  recordStart(execution, input);
  if (isInline(execution)) succeed(hand, execution.task, computeStep(execution, prepared));
  else watch(hand, execution.task, runStep(execution, prepared));
}

function watch(hand: RunInHand, task: RunningTask, result: Promise<NodeResult>): void {
  const limit = task.node.policy.timeoutMs;
  if (limit !== undefined) {
    task.stopTimer = hand.ports.after(limit, () => {
      task.timedOut = true;
      task.controller.abort(timeoutError(task.node));
    });
  }
  result.then(
    (value) => succeed(hand, task, value),
    (thrown) => fail(hand, task, thrown),
  );
}

function succeed(hand: RunInHand, task: RunningTask, result: NodeResult): void {
  const { ports, run, state } = hand;
  const step = state.steps.get(task.stepId);
  if (!step || !task.live || task.controller.signal.aborted) {
    fail(hand, task, task.controller.signal.reason);
    return;
  }
  try {
    settleOrStore(hand, task, step, outcomeOf({ ports, run, node: task.node, step }, result));
  } catch (thrown) {
    fail(hand, task, thrown);
  }
}

function settleOrStore(hand: RunInHand, task: RunningTask, step: StepState, outcome: Outcome): void {
  if (!outcome.review && fitsInPlace(hand.ports, outcome)) settle(hand, task, outcome);
  else
    storeOutcome(hand, step, outcome).then(
      (stored) => settle(hand, task, stored),
      (thrown) => fail(hand, task, thrown),
    );
}

/** What must be on disk before the outcome is recorded: large values and the review. */
async function storeOutcome(hand: RunInHand, step: StepState, outcome: Outcome): Promise<Outcome> {
  const stored = await storeLarge(hand, outcome);
  // Nobody sees a review of a run that is not on disk yet (S40).
  if (stored.review) await hand.writer.commit();
  await openReview(hand, step, stored);
  return stored;
}

/** Makes the task that a person is to decide, before the wait is recorded. Its id is the same on every driver. */
export async function openReview({ ports, run }: RunInHand, step: StepState, { event, review }: Outcome): Promise<void> {
  if (!review || event.type !== 'step-waiting') return;
  const { dueAt = null, whole }: { dueAt?: string | null; whole?: BlobRef } = event.wait.kind === 'review' ? event.wait : {};
  const createdAt = new Date(ports.now()).toISOString();
  const { reviewId, waitId, task } = review;
  const about = { id: reviewId, runId: run.runId, workflowId: run.workflowId, stepId: step.id, waitId };
  await ports.openReview(run, { ...about, task, ...(whole && { whole }), dueAt, createdAt });
}

function fail(hand: RunInHand, task: RunningTask, thrown: unknown): void {
  const { ports, run, state } = hand;
  const step = state.steps.get(task.stepId);
  if (step?.status !== 'running' || !task.live) {
    closeTask(hand, task);
    hand.advance();
    return;
  }
  const error = task.timedOut ? timeoutError(task.node) : thrown;
  settleOrStore(hand, task, step, failureOutcome({ ports, run, node: task.node, step }, error));
}

/** Takes the task off and records how it ended: as stopped, when the run was stopped meanwhile. */
function settle(hand: RunInHand, task: RunningTask, outcome: Outcome): void {
  const { state, writer, values } = hand;
  const step = state.steps.get(task.stepId);
  closeTask(hand, task);
  const stopped = task.controller.signal.aborted && !task.timedOut;
  if (outcome.review && (stopped || !task.live)) closeReviews(hand, [outcome.review.reviewId]);
  if (step && task.live) {
    if (stopped) recordStop(hand, step);
    else {
      if ('output' in outcome) values.remember(step.id, outcome.output);
      endOverdueReview(hand, step, outcome);
      writer.record(outcome.event);
      if (outcome.event.type === 'step-waiting') hand.applySignals();
    }
  }
  hand.advance();
}

/** A task whose due time has passed waits for nobody any more, unless the step goes on asking under its id. */
function endOverdueReview({ ports, run, hold }: RunInHand, { resolution }: StepState, { event, review, output }: Outcome): void {
  if (resolution?.by !== 'timer' || resolution.wait.kind !== 'review') return;
  const { reviewId } = resolution.wait;
  if (review?.reviewId !== reviewId) hold(ports.reviewOverdue(run, reviewId, event.type === 'step-finished' && !event.recovered ? output : null));
}

/** Records that a step was stopped, and whether its effect may have happened (S14). */
export function recordStop({ state, writer }: RunInHand, step: StepState): void {
  const effect = mayHaveHadEffect(step) && { effectUnknown: true };
  writer.record({ type: 'step-cancelled', stepId: step.id, reason: state.cancelling ? 'run-cancelled' : 'run-failed', ...effect });
}
