import type { NodeResult, Resolution } from '@switchyard/nodes/sdk/define-node.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import { roundOf, type StepState } from '@switchyard/shared/run/state.ts';
import { execute } from './execute.ts';
import { mayHaveHadEffect, timeoutError } from './failure.ts';
import { failureOutcome, type Outcome, outcomeOf } from './outcome.ts';
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
  try {
    const result = execute({ ports, run, plan, state, writer, values, node, task, round: roundOf(state, node.key), attempt, winner, resolution });
    if (result instanceof Promise) watch(hand, task, result);
    else succeed(hand, task, result);
  } catch (thrown) {
    fail(hand, task, thrown);
  }
  return true;
}

function watch(hand: RunInHand, task: RunningTask, result: Promise<NodeResult>): void {
  const limit = task.node.policy.timeoutMs;
  if (limit !== undefined) {
    task.stopTimer = hand.ports.setTimer(hand.ports.now() + limit, () => {
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
    settleWhenReady(hand, task, step, outcomeOf({ ports, run, node: task.node, step }, result));
  } catch (thrown) {
    fail(hand, task, thrown);
  }
}

function settleWhenReady(hand: RunInHand, task: RunningTask, step: StepState, outcome: Outcome | Promise<Outcome>): void {
  if (!(outcome instanceof Promise) && !outcome.review) settle(hand, task, outcome);
  else
    prepare(hand, step, outcome).then(
      (ready) => settle(hand, task, ready),
      (thrown) => fail(hand, task, thrown),
    );
}

async function prepare(hand: RunInHand, step: StepState, outcome: Outcome | Promise<Outcome>): Promise<Outcome> {
  const ready = await outcome;
  await openReview(hand, step, ready);
  return ready;
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
  settleWhenReady(hand, task, step, failureOutcome({ ports, run, node: task.node, step }, error));
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
