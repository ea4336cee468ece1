import type { NodeResult, WaitRequest } from '@switchyard/nodes/sdk/define-node.ts';
import { AppError, type ErrorData, toAppError } from '@switchyard/shared/errors.ts';
import type { FilesRef } from '@switchyard/shared/files/stored-value.ts';
import { retryWaitId, reviewId as reviewIdOf, waitId as waitIdOf } from '@switchyard/shared/run/address.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import type { ReviewTask, Wait } from '@switchyard/shared/run/events.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import type { NewEvent } from '../journal-writer.ts';
import type { PlanNode } from '../plan.ts';
import type { AcceptedRun, EnginePorts, OpenReview } from '../ports.ts';
import { askAboutBudget } from './budget-wait.ts';
import { backoffMs, errorData, failedAttempts, mayRetry, pausedUntil } from './failure.ts';

/** The result of a step's execution: the event to record, with full values until `storeLarge`, and what must be done first. */
export interface Outcome {
  readonly event: NewEvent;
  /** The actual output, even if the event holds a reference to it. */
  readonly output?: unknown;
  /** The review to create before the wait is recorded. */
  readonly review?: Pick<OpenReview, 'waitId' | 'task' | 'budget'> & { readonly reviewId: string };
  /** Recorded instead when a value cannot be stored. */
  readonly otherwise?: Outcome;
}

interface StepRef {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly node: PlanNode;
  readonly step: StepState;
}

/** Turns a node's result into an outcome. */
export function outcomeOf(ref: StepRef, result: NodeResult): Outcome {
  if (result.kind === 'wait') return waitOutcome(ref, result.wait);
  const { node, step } = ref;
  if (result.kind === 'each') {
    const { items, concurrency, onItemError } = result;
    return { event: { type: 'items-listed', stepId: step.id, items, count: items.length, concurrency, onItemError } };
  }
  const { output, port = null, reply, orFail } = result;
  if (port !== null && !node.outputs.includes(port)) {
    throw new AppError('node-failed', `“${node.title}” chose the branch “${port}”, which it does not have.`);
  }
  if (orFail && port !== null && !node.connected.has(port)) throw orFail;
  return { event: { type: 'step-finished', stepId: step.id, output, port, ...(reply && { reply }) }, output };
}

/** The values of an event that may be large. */
function valuesOf({ event }: Outcome): readonly unknown[] {
  if (event.type === 'step-finished') return event.reply && event.reply.value !== event.output ? [event.output, event.reply.value] : [event.output];
  if (event.type === 'items-listed') return [event.items];
  return event.type === 'step-waiting' && event.wait.kind === 'review' ? [event.wait.task] : [];
}

/** True if every value is small enough to be recorded in place. */
export const fitsInPlace = (ports: EnginePorts, outcome: Outcome): boolean => valuesOf(outcome).every((value) => ports.staysInPlace(value ?? null));

/** Replaces large values by references to where they are stored (S28). */
export async function storeLarge({ ports, run }: Pick<StepRef, 'ports' | 'run'>, outcome: Outcome): Promise<Outcome> {
  try {
    return { ...outcome, event: await withReferences(outcome.event, (value) => ports.offload(run, value)) };
  } catch (thrown) {
    if (outcome.otherwise) return outcome.otherwise;
    throw thrown;
  }
}

async function withReferences(event: NewEvent, store: (value: unknown) => Promise<unknown>): Promise<NewEvent> {
  if (event.type === 'step-finished') {
    const output = await store(event.output);
    const { reply } = event;
    return { ...event, output, ...(reply && { reply: { ...reply, value: reply.value === event.output ? output : await store(reply.value) } }) };
  }
  if (event.type === 'items-listed') return { ...event, items: await store(event.items) };
  if (event.type !== 'step-waiting' || event.wait.kind !== 'review') return event;
  const { task } = event.wait;
  const stored = await store(task);
  return stored === task ? event : { ...event, wait: { ...event.wait, task: summarizeTask(task), whole: stored as BlobRef | FilesRef } };
}

const BRIEF_LENGTH = 200;

/** The part of a review that identifies it in the journal when the full one is stored elsewhere. */
const summarizeTask = ({ title, assignee, decisions, drawn }: ReviewTask): ReviewTask => ({
  title: title.slice(0, BRIEF_LENGTH),
  ...(assignee !== undefined && { assignee: assignee.slice(0, BRIEF_LENGTH) }),
  decisions,
  fields: [],
  context: [],
  ...(drawn && { drawn }),
});

function waitOutcome({ run, step }: StepRef, wait: WaitRequest): Outcome {
  const id = waitIdOf(step, step.waits);
  if (wait.kind !== 'review') return { event: { type: 'step-waiting', stepId: step.id, wait: { ...wait, id } } };
  const reviewId = wait.continues ?? reviewIdOf(run.runId, id);
  const { task, dueAt } = wait;
  const full: Wait = { kind: 'review', id, reviewId, task, ...(dueAt !== undefined && { dueAt }) };
  return { event: { type: 'step-waiting', stepId: step.id, wait: full }, review: { reviewId, waitId: id, task } };
}

/** Asks a person whether an interrupted unsafe step may run again (S11). */
export function askAboutInterruption({ run, node, step }: Omit<StepRef, 'ports'>): Outcome {
  const id = waitIdOf(step, step.waits);
  const reviewId = reviewIdOf(run.runId, id);
  const task = {
    title: `“${node.title}” was interrupted`,
    instructions:
      'The server stopped while this step was running, so it may or may not have taken effect. Check the external system, then decide whether to run it again.',
    decisions: [
      { id: 'retry', title: 'Run again' },
      { id: 'fail', title: 'Fail the step' },
    ],
    fields: [],
    context: [{ label: 'Step input', value: step.input }],
  };
  return { event: { type: 'step-waiting', stepId: step.id, wait: { kind: 'interrupted', id, reviewId, task } }, review: { reviewId, waitId: id, task } };
}

/** Whether the node could have returned this value. With an invalid output schema, no value fits. */
function fitsOutput({ ports, node }: StepRef, value: unknown): boolean {
  try {
    return ports.validate(node.definition.output(node.params), value).length === 0;
  } catch {
    return false;
  }
}

/** Turns an error into a retry, the error branch, a fallback value, or the end of the run, by the node's policy (S10, S11). */
export function failureOutcome(ref: StepRef, thrown: unknown): Outcome {
  const { ports, node, step } = ref;
  const error = toAppError(thrown, 'node-failed');
  const data = errorData(error, { nodeKey: node.key, stepId: step.id });
  const attempt = step.attempts.at(-1)?.number ?? 1;
  const until = pausedUntil(error);
  if (until !== undefined)
    return { event: { type: 'attempt-failed', stepId: step.id, attempt, error: data, waitId: retryWaitId(step, step.waits, attempt), retryAt: until } };
  const asked = askAboutBudget(ref, error);
  if (asked) return asked;
  if (mayRetry(node, step, error, step.effect)) {
    const retryAt = new Date(ports.now() + backoffMs(node, failedAttempts(step), error, ports.random())).toISOString();
    return { event: { type: 'attempt-failed', stepId: step.id, attempt, error: data, waitId: retryWaitId(step, step.waits, attempt), retryAt } };
  }
  const failed: Outcome = { event: { type: 'step-failed', stepId: step.id, error: data, handled: node.policy.onError === 'branch', attempt } };
  return recovery(ref, data, failed) ?? failed;
}

/** Continues with the fallback value if it fits the output. `failed` applies if it can't be stored. */
function recovery(ref: StepRef, recovered: ErrorData, failed: Outcome): Outcome | undefined {
  const { node, step } = ref;
  if (node.policy.onError !== 'continue-with') return undefined;
  const value = node.policy.continueWith;
  const port = node.outputs.length > 1 ? node.definition.portOf?.(node.params, value) : null;
  if (port === undefined || !fitsOutput(ref, value)) return undefined;
  return { event: { type: 'step-finished', stepId: step.id, output: value ?? null, port, recovered }, output: value, otherwise: failed };
}
