import { AppError } from '@switchyard/shared/errors.ts';
import type { Scope } from '@switchyard/shared/expression/create-scope.ts';
import type { ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { callId as callIdOf, idempotencyKey } from '@switchyard/shared/run/address.ts';
import type { CallRecord, Spent, Usage } from '@switchyard/shared/run/events.ts';
import type { Fault, FaultKind } from '@switchyard/shared/run/faults.ts';
import type { CallState, StepState } from '@switchyard/shared/run/state.ts';
import type { JournalWriter } from '../journal-writer.ts';
import type { Plan, PlanNode } from '../plan.ts';
import type { AcceptedRun, EnginePorts } from '../ports.ts';
import { recordedError, type StandInDesk, stopError, stopIn, type Verdict } from '../stand-ins/desk.ts';
import type { RecordedAnswer } from '../stand-ins/recording.ts';
import { requestHash } from '../stand-ins/request-hash.ts';
import type { Cancellation } from './cancellation.ts';
import { errorData } from './failure.ts';

/** One execution of a step by this driver. `live` turns false when its result no longer counts. */
export interface Task {
  readonly stepId: string;
  readonly cancellation: Cancellation;
  live: boolean;
  /** A call that the run must not make (S82). The step ends with it, whatever its node returns. */
  stop?: Exclude<Verdict, { do: 'replay' | 'perform' }>;
}

export interface Durable<T> {
  readonly value: T;
  readonly record?: CallRecord;
}

export interface StartedCall {
  readonly id: string;
  /** Lets the receiver recognize a repeated call (S31). */
  readonly key: string;
  /** Resolves once the call may be sent: its start is on disk. */
  readonly recorded: Promise<void>;
}

/** A call to the outside, or a sub-step defined by the node. */
interface Call<T> {
  readonly name: string;
  readonly kind: CallState['kind'];
  /** The resolved request, equal for the same call in another run (S82a). */
  readonly request?: () => unknown;
  /** It only reads. */
  readonly isRead?: boolean;
  readonly perform: (started: StartedCall) => Promise<Durable<T>>;
  /** `perform` prepares the call while its start is recorded, and waits for that before it sends anything (S18). */
  readonly preparesFirst?: true;
  /** Injected into it. */
  readonly fault?: FaultKind | undefined;
  /** It has no effect: it begins before its start is on disk, and is repeated instead of replayed. */
  readonly isPure?: true;
  /** Throws if the result is unusable: the call has then failed. */
  readonly accept?: ((value: T) => void) | undefined;
  /** The record of a call that failed. */
  readonly recordOf?: () => CallRecord | undefined;
}

export interface StepContextOptions {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly plan: Pick<Plan, 'helpers'>;
  readonly node: PlanNode;
  readonly task: Task;
  readonly writer: JournalWriter;
  readonly scope: () => Scope;
  /** The faults that the run injects. */
  readonly faults: () => readonly Fault[];
  /** The run’s prompts. */
  readonly prompts: () => readonly ResolvedPrompt[];
  readonly step: () => StepState;
  readonly desk: StandInDesk | undefined;
  /** The step is computed at once, so its time is that of its start. */
  readonly isInline: boolean;
  /** How many steps like this one the items of the lists around it make. */
  readonly alike: () => number;
  readonly round: number;
  readonly attempt: number;
}

/** The recorded response of a call. Undefined if the call is made. Throws `stopped` if it must not be. */
function standInFor<T>({ desk, node, task }: StepContextOptions, { kind, name, isRead = false }: Call<T>, request: string): RecordedAnswer | undefined {
  if (!desk) return undefined;
  const verdict = task.stop ?? desk.judge({ node, kind, name, request, isRead });
  if (verdict.do === 'replay') return verdict.answer;
  if (verdict.do === 'perform') return undefined;
  task.stop = verdict;
  throw stopError(verdict.do === 'stop' ? verdict : { why: 'would-call', what: `“${node.title}” has a given output` });
}

/** Ends a call as it ended in the recorded run. Nothing is sent. */
async function replayed<T>({ ports, run, node, task, writer, desk }: StepContextOptions, callId: string, call: Call<T>, answer: RecordedAnswer): Promise<T> {
  const { end, from: standIn, wasRetried } = answer;
  const { name } = call;
  const at = { stepId: task.stepId, callId, name, standIn, ...(end.record && { record: end.record }) };
  if (end.type === 'call-failed') {
    writer.record({ type: 'call-failed', ...at, error: { ...end.error, nodeKey: node.key, stepId: task.stepId } });
    throw recordedError(end.error, wasRetried);
  }
  const result = desk ? await desk.enter(end.result) : end.result;
  const value = (ports.isReference(result) ? await ports.load(run, result) : result) as T;
  demandLive(task);
  try {
    call.accept?.(value);
  } catch (thrown) {
    writer.record({ type: 'call-failed', ...at, error: errorData(thrown, { nodeKey: node.key, stepId: task.stepId }) });
    throw thrown;
  }
  writer.record({ type: 'call-finished', ...at, result });
  return value;
}

/** Performs calls of a step durably: journaled before and after, performed once, and replayed from then on (S12, S18). */
export function durableCalls(options: StepContextOptions): <T>(call: Call<T>) => Promise<T> {
  const { ports, run, task, writer } = options;
  /** Created with the first call: most steps make none. */
  let occurrences: Map<string, number> | undefined;
  return async <T>(call: Call<T>): Promise<T> => {
    const { name, kind, accept } = call;
    const step = options.step();
    // Version 1 counted by name only, so a sub-step called “http” shared its IDs with requests.
    const counted = step.addresses === 1 ? name : `${kind} ${name}`;
    occurrences ??= new Map();
    const occurrence = (occurrences.get(counted) ?? 0) + 1;
    occurrences.set(counted, occurrence);
    const callId = callIdOf(step, { kind, name, occurrence });
    const key = idempotencyKey(run.runId, step, callId);
    const known = step.calls.find(({ id, status }) => id === callId && status === 'succeeded');
    if (known && call.isPure) return (await call.perform({ id: callId, key, recorded: Promise.resolve() })).value;
    if (known) {
      const value = (ports.isReference(known.result) ? await ports.load(run, known.result) : known.result) as T;
      accept?.(value);
      return value;
    }
    demandLive(task);
    // Runs whose payloads are never kept can’t be replayed, and a hash tells something about them.
    const request = call.isPure || run.sealed ? undefined : requestHash(call.request?.() ?? null);
    const answer = request === undefined ? undefined : standInFor(options, call, request);
    writer.record({
      type: 'call-started',
      stepId: task.stepId,
      callId,
      name,
      kind,
      ...(call.fault && { fault: call.fault }),
      ...(request !== undefined && { request }),
    });
    if (answer) return replayed(options, callId, call, answer);
    const recorded = call.isPure ? Promise.resolve() : mayBeSent(options);
    recorded.catch(() => {});
    if (!call.preparesFirst) await recorded;
    return finish(options, { id: callId, key, recorded }, call);
  };
}

/** Commits what is recorded. Rejects if the step was canceled meanwhile, or may already be another process’s. */
async function mayBeSent({ ports, task, writer }: StepContextOptions): Promise<void> {
  await writer.commit();
  task.cancellation.signal().throwIfAborted();
  // Another process may already own the run, so this driver is being stopped.
  if (!ports.ownership.holds()) await aborted(task.cancellation.signal());
}

async function finish<T>({ ports, run, node, task, writer }: StepContextOptions, started: StartedCall, call: Call<T>): Promise<T> {
  const { name, perform, accept, recordOf } = call;
  const { id: callId } = started;
  let done: Durable<T> | undefined;
  try {
    done = await perform(started);
    accept?.(done.value);
  } catch (thrown) {
    const stop = stopIn(thrown);
    if (stop) task.stop = { do: 'stop', ...stop };
    const failed = done?.record ?? recordOf?.();
    const record = failed && (await offloadRecord(ports, run, failed));
    // What a model generated before the call was interrupted is part of the run (S60).
    if (task.live && (!task.cancellation.isRequested() || record?.kind === 'model')) {
      const error = errorData(thrown, { nodeKey: node.key, stepId: task.stepId });
      writer.record({ type: 'call-failed', stepId: task.stepId, callId, name, error, ...(record ? { record } : spentOn(thrown)) });
    }
    throw thrown;
  }
  // The step’s output is the same value.
  const result = call.isPure ? null : await ports.offload(run, done.value);
  const record = done.record && (await offloadRecord(ports, run, done.record));
  demandLive(task);
  writer.record({ type: 'call-finished', stepId: task.stepId, callId, name, result, ...(record && { record }) });
  // Usually, the step ends right after, and both share a row.
  ports.after(0, () => void writer.commit().catch(() => {}));
  return done.value;
}

export const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

function demandLive(task: Task): void {
  if (!task.live) throw new AppError('cancelled', 'The step was canceled.');
  task.cancellation.signal().throwIfAborted();
}

/** The cost of a call with no usable result, taken from its error. */
function spentOn(thrown: unknown): { spent?: Spent } {
  const { usage, costMicros, knownMicros } = thrown instanceof AppError ? thrown.details : {};
  if (!usage || (typeof costMicros !== 'number' && costMicros !== null)) return {};
  return { spent: { usage: usage as Usage, costMicros, ...(typeof knownMicros === 'number' && { knownMicros }) } };
}

async function offloadRecord(ports: EnginePorts, run: AcceptedRun, record: CallRecord): Promise<CallRecord> {
  if (record.kind !== 'model') return record;
  return { ...record, request: await ports.offload(run, record.request) };
}
