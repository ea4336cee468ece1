import type { NodeResult, WaitRequest } from '@switchyard/nodes/sdk/define-node.ts';
import { AppError, type ErrorData, toAppError } from '@switchyard/shared/errors.ts';
import { retryWaitId, reviewId as reviewIdOf, waitId as waitIdOf } from '@switchyard/shared/run/address.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import type { ReviewTask, Wait } from '@switchyard/shared/run/events.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { backoffMs, errorData, mayRetry } from './failure.ts';
import type { NewEvent } from './journal-writer.ts';
import type { PlanNode } from './plan.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

/** How a step's execution ended, as the event to record and what must be done before it. */
export interface Outcome {
  readonly event: NewEvent;
  /** The real output, when the event holds a reference to it. */
  readonly output?: unknown;
  /** The task to make before the wait is recorded. */
  readonly review?: { readonly reviewId: string; readonly waitId: string; readonly task: ReviewTask };
}

interface At {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly node: PlanNode;
  readonly step: StepState;
}

/** Turns what a node gave back into an outcome. */
export function outcomeOf(at: At, result: NodeResult): Outcome | Promise<Outcome> {
  if (result.kind === 'wait') return waitOutcome(at, result.wait);
  const { node, step } = at;
  if (result.port !== undefined && !node.outputs.includes(result.port)) {
    throw new AppError('node-failed', `‘${node.title}’ chose the way ‘${result.port}’, which it does not have.`);
  }
  const { reply } = result;
  const finished = (output: unknown, replied: unknown): Outcome => ({
    event: { type: 'step-finished', stepId: step.id, output, port: result.port ?? null, ...(reply && { reply: { ...reply, value: replied } }) },
    output: result.output,
  });
  const kept = at.ports.offload(at.run, result.output);
  const replied = reply && reply.value !== result.output ? at.ports.offload(at.run, reply.value) : kept;
  if (!(kept instanceof Promise) && !(replied instanceof Promise)) return finished(kept, replied);
  return Promise.all([kept, replied]).then(([output, value]) => finished(output, value));
}

const BRIEF_LENGTH = 200;

/** What tells a task from others, where the whole is kept apart. */
const inBrief = ({ title, assignee, decisions }: ReviewTask): ReviewTask => ({
  title: title.slice(0, BRIEF_LENGTH),
  ...(assignee !== undefined && { assignee: assignee.slice(0, BRIEF_LENGTH) }),
  decisions,
  fields: [],
  context: [],
});

function waitOutcome({ ports, run, step }: At, wait: WaitRequest): Outcome | Promise<Outcome> {
  const id = waitIdOf(step, step.waits);
  if (wait.kind === 'timer') return { event: { type: 'step-waiting', stepId: step.id, wait: { ...wait, id } } };
  if (wait.kind === 'callback') return { event: { type: 'step-waiting', stepId: step.id, wait: { ...wait, id } } };
  const reviewId = wait.continues ?? reviewIdOf(run.runId, id);
  const { task, dueAt } = wait;
  const waiting = (kept: unknown): Outcome => {
    const shown = kept === task ? { task } : { task: inBrief(task), whole: kept as BlobRef };
    const full: Wait = { kind: 'review', id, reviewId, ...shown, ...(dueAt !== undefined && { dueAt }) };
    return { event: { type: 'step-waiting', stepId: step.id, wait: full }, review: { reviewId, waitId: id, task } };
  };
  const kept = ports.offload(run, task);
  return kept instanceof Promise ? kept.then(waiting) : waiting(kept);
}

/** Asks a person whether an unsafe step that was cut off may run again (S11). */
export function askAboutInterruption({ run, node, step }: Omit<At, 'ports'>): Outcome {
  const id = waitIdOf(step, step.waits);
  const reviewId = reviewIdOf(run.runId, id);
  const task = {
    title: `‘${node.title}’ was cut off`,
    instructions:
      'The server stopped while this step was at work. It may or may not have had its effect on the other side. Look there first, then say whether to run it again.',
    decisions: [
      { id: 'retry', title: 'Run it again' },
      { id: 'fail', title: 'Fail the step' },
    ],
    fields: [],
    context: [{ label: 'What the step was given', value: step.input }],
  };
  return { event: { type: 'step-waiting', stepId: step.id, wait: { kind: 'interrupted', id, reviewId, task } }, review: { reviewId, waitId: id, task } };
}

/** Whether the node could have put this out itself. Nothing can come out by a schema that cannot be read. */
function fitsOutput({ ports, node }: At, value: unknown): boolean {
  try {
    return ports.validate(node.definition.output(node.params), value).length === 0;
  } catch {
    return false;
  }
}

/** Turns an error into another attempt, the error port, a value, or the end of the run, by the node's policy (S10, S11). Never rejects. */
export function failureOutcome(at: At, thrown: unknown): Outcome | Promise<Outcome> {
  const { ports, node, step } = at;
  const error = toAppError(thrown, 'node-failed');
  const data = errorData(error, { nodeKey: node.key, stepId: step.id });
  const attempt = step.attempts.at(-1)?.number ?? 1;
  if (mayRetry(node, step, error, step.effect)) {
    const failedBefore = step.attempts.filter((earlier) => earlier.error).length;
    const retryAt = new Date(ports.now() + backoffMs(node, failedBefore, error, ports.random())).toISOString();
    return { event: { type: 'attempt-failed', stepId: step.id, attempt, error: data, waitId: retryWaitId(step, step.waits, attempt), retryAt } };
  }
  const failed: Outcome = { event: { type: 'step-failed', stepId: step.id, error: data, handled: node.policy.onError === 'branch', attempt } };
  return recovery(at, data, failed) ?? failed;
}

/** Goes on with the policy's value, if there is one that fits; `failed` where it cannot be kept. */
function recovery(at: At, recovered: ErrorData, failed: Outcome): Outcome | Promise<Outcome> | undefined {
  const { ports, run, node, step } = at;
  if (node.policy.onError !== 'continue-with') return undefined;
  const value = node.policy.continueWith;
  const port = node.outputs.length > 1 ? node.definition.portOf?.(node.params, value) : null;
  if (port === undefined || !fitsOutput(at, value)) return undefined;
  const finished = (output: unknown): Outcome => ({ event: { type: 'step-finished', stepId: step.id, output, port, recovered }, output: value });
  const kept = ports.offload(run, value ?? null);
  return kept instanceof Promise ? kept.then(finished, () => failed) : finished(kept);
}
