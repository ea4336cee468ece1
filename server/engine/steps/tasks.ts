import type { NodeResult, Resolution } from '@switchyard/nodes/sdk/define-node.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { FilesRef } from '@switchyard/shared/files/stored-value.ts';
import { frameOf, placeOfFrame, waitId } from '@switchyard/shared/run/address.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import { unopenedFrame } from '@switchyard/shared/run/frames.ts';
import type { Pin } from '@switchyard/shared/run/pin.ts';
import { type FrameState, findStep, frameOfStep, type RunState, roundOf, type StepState } from '@switchyard/shared/run/state.ts';
import { isItemStopping, isStopping } from '../decide.ts';
import { closeReviews, closeTask, type DriverContext, type RunningTask } from '../driver-context.ts';
import type { PlanNode } from '../plan.ts';
import { stopIn, waitEvent } from '../stand-ins/desk.ts';
import { createCancellation } from './cancellation.ts';
import { computeStep, type Execution, isInline, prepareStep, recordStart, runStep } from './execute.ts';
import { mayHaveTakenEffect, timeoutError } from './failure.ts';
import { failureOutcome, fitsInPlace, type Outcome, outcomeOf, storeLarge } from './outcome.ts';
import { containerOf, readableSteps } from './scope-of.ts';

/* Runs a step, from its start to the event that records how it ended. */

export interface StepStart {
  readonly attempt: number;
  readonly winner?: string | undefined;
  readonly resolution?: Resolution | undefined;
}

/** Starts a step. False if values must be loaded first: the driver then decides again. */
export function beginStep(driver: DriverContext, node: PlanNode, stepId: string, start: StepStart): boolean {
  const { ports, run, plan, state, writer, values, desk } = driver;
  const pin = state.pins?.[node.key];
  if (pin) {
    recordPin(driver, node, stepId, pin);
    return true;
  }
  const frame = frameToStart(state, stepId);
  const needed = values.load(readableSteps(plan, state, frame, node.needs)) ?? values.loadItems(containerOf(state, frame));
  if (needed) {
    driver.pauseUntil(needed);
    return false;
  }
  const task: RunningTask = { stepId, node, cancellation: createCancellation(), live: true, timedOut: false, stopTimer: () => {} };
  driver.tasks.set(stepId, task);
  const { attempt, winner, resolution } = start;
  const execution: Running = { ports, run, plan, state, writer, values, node, task, frame, round: roundOf(frame, node.key), attempt, winner, resolution, desk };
  ports.starting(run.runId, stepId);
  try {
    const prepared = prepareStep(execution);
    if (ports.staysInPlace(prepared.shown)) proceed(driver, execution, prepared, prepared.shown);
    else storeInput(driver, execution, prepared).catch((thrown) => failStart(driver, execution, thrown));
  } catch (thrown) {
    failStart(driver, execution, thrown);
  }
  return true;
}

/** The node doesn’t run: its pinned output is that of the step (S78). */
function recordPin({ run, state, writer }: DriverContext, node: PlanNode, stepId: string, { output, port }: Pin): void {
  const round = roundOf(frameToStart(state, stepId), node.key);
  const named = { stepId, nodeKey: node.key, nodeType: node.definition.type, round };
  writer.record({ type: 'step-reused', ...named, fromRunId: run.runId, input: null, output, port, pinned: true });
}

/** The frame of a step that starts. A new item is not in the state yet. */
function frameToStart(state: RunState, stepId: string): FrameState {
  const open = frameOfStep(state, stepId);
  if (open) return open;
  const { containerId, item } = placeOfFrame(frameOf(stepId) ?? '');
  const container = state.containers.get(containerId);
  if (!container) throw new AppError('internal', `Step ${stepId} is in no for-each.`);
  return unopenedFrame(container, item);
}

/** Whether nothing has stopped the step, its item, or its run since it was decided to start. */
const mayStart = ({ state }: DriverContext, { live, stepId }: RunningTask): boolean => live && !isStopping(state) && !isItemStopping(state, frameOf(stepId));

/** Fails a step that may not be in the journal yet. Without an event, the same command would be decided again forever. */
function failStart(driver: DriverContext, execution: Running, thrown: unknown): void {
  if (mayStart(driver, execution.task) && !isRecorded(execution)) recordStart(execution, null);
  fail(driver, execution.task, thrown);
}

const isRecorded = ({ state, task, attempt }: Running): boolean => {
  const step = findStep(state, task.stepId);
  return step?.status === 'running' && !step.interrupted && step.attempts.at(-1)?.number === attempt;
};

type Prepared = ReturnType<typeof prepareStep>;
type Running = Execution & { readonly task: RunningTask };

/** Stores a large input, then starts the step. */
async function storeInput(driver: DriverContext, execution: Running, prepared: Prepared): Promise<void> {
  const input = await driver.ports.offload(driver.run, prepared.shown).catch((thrown: unknown) => {
    // A value that can never be stored fails the step. For that, the step must be in the journal.
    const isHopeless = thrown instanceof AppError && thrown.code === 'node-failed';
    if (isHopeless && mayStart(driver, execution.task)) recordStart(execution, null);
    throw thrown;
  });
  if (!mayStart(driver, execution.task)) throw new AppError('cancelled', 'The step was canceled before it started.');
  proceed(driver, execution, prepared, input);
  driver.advance();
}

/** Records the start. An inline step ends before this returns; any other runs on. */
function proceed(driver: DriverContext, execution: Running, prepared: Prepared, input: unknown): void {
  recordStart(execution, input);
  if (isInline(execution)) succeed(driver, execution.task, computeStep(execution, prepared));
  else watch(driver, execution.task, runStep(execution, prepared));
}

function watch(driver: DriverContext, task: RunningTask, result: Promise<NodeResult>): void {
  const limit = task.node.policy.timeoutMs;
  if (limit !== undefined) {
    task.stopTimer = driver.ports.after(limit, () => {
      task.timedOut = true;
      task.cancellation.request(timeoutError(task.node));
    });
  }
  result.then(
    (value) => succeed(driver, task, value),
    (thrown) => fail(driver, task, thrown),
  );
}

function succeed(driver: DriverContext, task: RunningTask, result: NodeResult): void {
  const { ports, run, state } = driver;
  const step = findStep(state, task.stepId);
  // A node may catch the error of a call that must not be made.
  if (!step || !task.live || task.cancellation.isRequested() || task.stop) {
    fail(driver, task, task.cancellation.reason());
    return;
  }
  try {
    settleOrStore(driver, task, step, outcomeOf({ ports, run, node: task.node, step }, result));
  } catch (thrown) {
    fail(driver, task, thrown);
  }
}

function settleOrStore(driver: DriverContext, task: RunningTask, step: StepState, outcome: Outcome): void {
  if (!outcome.review && fitsInPlace(driver.ports, outcome)) settle(driver, task, outcome);
  else
    storeOutcome(driver, step, outcome).then(
      (stored) => settle(driver, task, stored),
      (thrown) => fail(driver, task, thrown),
    );
}

/** Stores what must be on disk before the outcome is recorded: large values and the review. */
async function storeOutcome(driver: DriverContext, step: StepState, outcome: Outcome): Promise<Outcome> {
  const stored = await storeLarge(driver, outcome);
  // A review must not be visible before its run is on disk (S40).
  if (stored.review) await driver.writer.commit();
  await openReview(driver, step, stored);
  return stored;
}

/** Records how a step ended or what it waits for. Waits of a run with stand-ins end at once, as recorded (S82a). */
export function recordOutcome({ writer, desk }: Pick<DriverContext, 'writer' | 'desk'>, node: PlanNode, { event, review }: Outcome): void {
  writer.record(event);
  if (!desk) return;
  const wait = event.type === 'step-waiting' ? event.wait : event.type === 'attempt-failed' ? { kind: 'retry' as const, id: event.waitId } : undefined;
  const end = wait && desk.endOf(node, wait, review?.task);
  if (end && 'stepId' in event) writer.record(waitEvent(event.stepId, wait.id, end));
}

/** Creates the review before the wait is recorded. Its ID is the same on every driver. */
export async function openReview({ ports, run, desk }: DriverContext, step: StepState, { event, review }: Outcome): Promise<void> {
  if (!review || desk || event.type !== 'step-waiting') return;
  const { dueAt = null, whole }: { dueAt?: string | null; whole?: BlobRef | FilesRef } = event.wait.kind === 'review' ? event.wait : {};
  const createdAt = new Date(ports.now()).toISOString();
  const { reviewId, waitId, task, budget } = review;
  const about = { id: reviewId, runId: run.runId, workflowId: run.workflowId, stepId: step.id, waitId };
  await ports.openReview(run, { ...about, task, ...(whole && { whole }), ...(budget && { budget }), dueAt, createdAt });
}

function fail(driver: DriverContext, task: RunningTask, thrown: unknown): void {
  const { ports, run, state } = driver;
  const step = findStep(state, task.stepId);
  if (step?.status !== 'running' || !task.live) {
    closeTask(driver, task);
    driver.advance();
    return;
  }
  const error = task.timedOut ? timeoutError(task.node) : thrown;
  const stopped = driver.desk && stopOutcome(task, step, error);
  settleOrStore(driver, task, step, stopped ?? failureOutcome({ ports, run, node: task.node, step }, error));
}

/** The outcome of a step that must not make a call (S82): it has a given output, or can’t continue. */
function stopOutcome({ node, stop }: RunningTask, step: StepState, thrown: unknown): Outcome | undefined {
  if (stop?.do === 'give') {
    const { output } = stop;
    return { event: { type: 'step-finished', stepId: step.id, output, port: node.definition.portOf?.(node.params, output) ?? null }, output };
  }
  const found = stop ?? stopIn(thrown);
  return found && { event: { type: 'step-stopped', stepId: step.id, waitId: waitId(step, step.waits), why: found.why, what: found.what } };
}

/** Closes the task and records its outcome, or that it was canceled if the run was stopped meanwhile. */
function settle(driver: DriverContext, task: RunningTask, outcome: Outcome): void {
  const { state, values } = driver;
  const step = findStep(state, task.stepId);
  closeTask(driver, task);
  const stopped = task.cancellation.isRequested() && !task.timedOut;
  if (outcome.review && (stopped || !task.live)) closeReviews(driver, [outcome.review.reviewId]);
  if (step && task.live) {
    if (stopped) recordStop(driver, step);
    else {
      if ('output' in outcome) values.remember(step.id, outcome.output);
      endOverdueReview(driver, step, outcome);
      recordOutcome(driver, task.node, outcome);
      if (outcome.review?.budget) driver.signals().read();
      else if (outcome.event.type === 'step-waiting') driver.signals().apply();
    }
  }
  driver.advance();
}

/** An overdue review no longer waits, unless the step opens it again under the same ID. */
function endOverdueReview({ ports, run, pauseUntil, desk }: DriverContext, { resolution }: StepState, { event, review, output }: Outcome): void {
  if (desk || resolution?.by !== 'timer' || resolution.wait.kind !== 'review') return;
  const { reviewId } = resolution.wait;
  if (review?.reviewId !== reviewId) pauseUntil(ports.reviewOverdue(run, reviewId, event.type === 'step-finished' && !event.recovered ? output : null));
}

/** Records that a step was canceled, and whether it may have taken effect (S14). */
export function recordStop({ state, writer }: DriverContext, step: StepState): void {
  const effect = mayHaveTakenEffect(step) && { effectUnknown: true };
  const reason = state.cancelling ? 'run-cancelled' : isStopping(state) ? 'run-failed' : 'item-failed';
  writer.record({ type: 'step-cancelled', stepId: step.id, reason, ...effect });
}
