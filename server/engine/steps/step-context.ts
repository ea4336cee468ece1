import type { HttpRequest, NodeContext } from '@switchyard/nodes/sdk/context.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { compileCel } from '@switchyard/shared/expression/cel.ts';
import type { Scope } from '@switchyard/shared/expression/create-scope.ts';
import { isSamePrompt, promptRefText, type ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { callId as callIdOf, idempotencyKey, retryWaitId, waitId } from '@switchyard/shared/run/address.ts';
import type { CallRecord, HttpCallRecord, ModelFallback, Spent, Usage } from '@switchyard/shared/run/events.ts';
import type { Fault, FaultKind } from '@switchyard/shared/run/faults.ts';
import { removedError } from '@switchyard/shared/run/removed.ts';
import type { CallState, StepState } from '@switchyard/shared/run/state.ts';
import type { JournalWriter } from '../journal-writer.ts';
import type { Plan, PlanNode } from '../plan.ts';
import type { AcceptedRun, CallPlace, EnginePorts } from '../ports.ts';
import { permitFor } from './budget-wait.ts';
import type { Cancellation } from './cancellation.ts';
import { errorData } from './failure.ts';
import { faultyChat, faultyHttp } from './injected-faults.ts';

/** One execution of a step by this driver. `live` turns false when its result no longer counts. */
export interface Task {
  readonly stepId: string;
  readonly cancellation: Cancellation;
  live: boolean;
}

interface Durable<T> {
  readonly value: T;
  readonly record?: CallRecord;
}

interface StartedCall {
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
  /** How many steps like this one the items of the lists around it make. */
  readonly alike: () => number;
  readonly round: number;
  readonly attempt: number;
}

/** Performs calls of a step durably: journaled before and after, performed once, and replayed from then on (S12, S18). */
function durableCalls(options: StepContextOptions): <T>(call: Call<T>) => Promise<T> {
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
    writer.record({ type: 'call-started', stepId: task.stepId, callId, name, kind, ...(call.fault && { fault: call.fault }) });
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

/** Creates what a node may use. Every call to the outside is a durable sub-step. */
export function createStepContext(options: StepContextOptions): NodeContext {
  const { ports, run, node, task } = options;
  const durable = durableCalls(options);
  const { runId, workflowId, version, labels, policy } = run;
  const startedAt = ports.elapsed();
  const limit = node.policy.timeoutMs;
  const msLeft = limit === undefined ? {} : { msLeft: () => Math.max(0, limit - (ports.elapsed() - startedAt)) };
  const rootId = run.parent?.rootId ?? runId;
  const placeOf = (callId: string, permit = permitFor(options.step(), callId)): CallPlace => ({
    runId,
    rootId,
    workflowId,
    version,
    labels,
    ...(policy !== undefined && { policy }),
    nodeKey: node.key,
    attempt: options.attempt,
    ...msLeft,
    callId,
    stepId: task.stepId,
    retryWaitId: retryWaitId(options.step(), options.step().waits, options.attempt),
    ...(permit && { permit }),
  });
  const { cancellation } = task;
  return {
    runId: run.runId,
    stepId: task.stepId,
    nodeKey: node.key,
    round: options.round,
    attempt: options.attempt,
    trigger: run.trigger,
    labels: run.labels,
    hasPolicy: run.policy !== undefined,
    now: () => new Date(ports.now()),
    prompt: async (ref) => {
      const resolved = options.prompts().find((known) => isSamePrompt(known, ref));
      if (resolved) return { ...resolved, content: await ports.loadPrompt(run, resolved.contentHash) };
      throw new AppError('prompt-not-found', `Prompt “${promptRefText(ref)}” not found. Create it under Prompts, then rerun the run.`);
    },
    evaluate: (expression) => (node.expressions.get(expression) ?? compileCel(expression)).evaluate(options.scope()),
    validate: (schema, value) => ports.validate(schema, value),
    redact: async (value, rules) => {
      if (rules === undefined && run.policy === undefined)
        throw new AppError('node-failed', 'This workflow has no data policy. Add one, or choose detectors of this node.');
      return ports.redact(run, value, rules);
    },
    restore: (value) => ports.restore(run, value),
    step: (name, perform) => durable({ name, kind: 'step', perform: async () => ({ value: await perform(cancellation.signal()) }) }),
    chat: chatOf(options, durable, placeOf),
    code: codeOf(options, durable),
    documents: documentsOf(options, durable),
    state: stateOf(options, durable),
    rows: rowsOf(options, durable),
    database: databaseOf(options, durable),
    startRun: (child) => {
      const step = options.step();
      return ports.startChild(run, { ...child, stepId: step.id, waitId: waitId(step, step.waits), alike: options.alike() });
    },
    files: { read: (file) => ports.readFile(run, file), create: (file) => ports.keepFile(run, file) },
    pause: (ms) => pause(ports, ms, cancellation.signal()),
    http: httpOf(options, durable, placeOf),
  };
}

async function pause(ports: EnginePorts, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const passed = Promise.withResolvers<void>();
  const stop = ports.after(ms, passed.resolve);
  await Promise.race([passed.promise, aborted(signal)]).finally(stop);
}

type DurableCall = ReturnType<typeof durableCalls>;
type PlaceOf = (callId: string) => CallPlace;

const durableChat = ({ answer, record }: Awaited<ReturnType<EnginePorts['chat']>>) => ({ value: answer, record });

/** The fault that the run injects into the calls of this attempt. */
function injectedFault({ node, faults, attempt }: StepContextOptions): FaultKind | undefined {
  const fault = faults().find(({ nodeKey }) => nodeKey === node.key);
  return fault && attempt <= (fault.times ?? attempt) ? fault.kind : undefined;
}

/** Waits, unless the step is canceled or times out. */
const pauseOf =
  ({ ports, task }: StepContextOptions) =>
  (ms: number): Promise<void> => {
    const signal = task.cancellation.signal();
    return Promise.race([
      new Promise<void>((resolve) => {
        ports.after(ms, resolve);
      }),
      aborted(signal),
    ]);
  };

/** Calls a model. Its cost is written alongside its result. */
function chatOf(options: StepContextOptions, durable: DurableCall, placeOf: PlaceOf): NodeContext['chat'] {
  const { ports, run, task, writer } = options;
  return (request, { stream = false, accept, files = [] } = {}) => {
    const failed: CallRecord[] = [];
    const fault = injectedFault(options);
    const onFailed = (record: CallRecord) => void failed.push(record);
    const perform = async ({ id: callId, recorded }: StartedCall) => {
      const toCaller = stream !== false && stream !== 'watchers';
      const heard = { ...progressOf(options, callId, { isStreamed: stream !== false, toCaller }), onFailed };
      const journal = { recorded, onSettling: writer.alongside };
      const call = { workspaceId: run.workspaceId, signal: task.cancellation.signal(), files, ...heard, ...journal, toCaller, place: placeOf(callId) };
      if (!fault) return durableChat(await ports.chat(request, call));
      await recorded;
      const answer = await faultyChat({ fault, request, pause: pauseOf(options) });
      return answer ? { value: answer } : durableChat(await ports.chat(request, call));
    };
    return durable({ name: 'model', kind: 'model', perform, preparesFirst: true, accept, fault, recordOf: () => failed.at(-1) });
  };
}

/** Sends an HTTP request. */
function httpOf(options: StepContextOptions, durable: DurableCall, placeOf: PlaceOf): NodeContext['http'] {
  const { ports, run, task } = options;
  return (request, accept) => {
    let startedAt = ports.elapsed();
    const fault = injectedFault(options);
    const perform = async ({ id: callId, key }: StartedCall) => {
      startedAt = ports.elapsed();
      const call = { workspaceId: run.workspaceId, signal: task.cancellation.signal(), idempotencyKey: key, place: placeOf(callId) };
      const send = () => ports.http(request, call);
      const { answer, record } = await (fault ? faultyHttp({ fault, request, send, pause: pauseOf(options) }) : send());
      return { value: answer, record };
    };
    return durable({ name: 'http', kind: 'http', perform, accept, fault, recordOf: () => unanswered(request, Math.round(ports.elapsed() - startedAt)) });
  };
}

/** Runs user code. A repetition sees the same time and the same random numbers. */
function codeOf(options: StepContextOptions, durable: DurableCall): NodeContext['code'] {
  const { ports, run, plan, task } = options;
  return (source, { timeoutMs }) => {
    let record: CallRecord | undefined;
    const perform = async () => {
      const now = Date.parse(options.step().startedAt ?? '');
      const request = { source, helpers: plan.helpers, scope: options.scope().data, now, seed: `${run.runId} ${task.stepId}`, timeoutMs };
      const result = await ports.code(request, { workflowId: run.workflowId, signal: task.cancellation.signal() });
      record = result.record;
      if ('error' in result.outcome) throw result.outcome.error;
      return { value: result.outcome.output, record };
    };
    return durable({ name: 'code', kind: 'code', isPure: true, perform, recordOf: () => record });
  };
}

/** Works on documents in other threads. It has no effect, so it is repeated instead of replayed, but it ends the pure part (S40). */
function documentsOf({ ports, run, task }: StepContextOptions, durable: DurableCall): NodeContext['documents'] {
  const { documents } = ports;
  const place = () => ({ workflowId: run.workflowId, signal: task.cancellation.signal() });
  const redacted = async <T>(value: T): Promise<T> => (run.policy === undefined ? value : (await ports.redact(run, value)).value);
  const pure = <T>(name: string, perform: () => Promise<T>) => durable({ name, kind: 'step', isPure: true, perform: async () => ({ value: await perform() }) });
  return {
    readText: (content) => pure('read text', async () => redacted(await documents.readText(content, place()))),
    readRows: (content, rows) => pure('read rows', async () => redacted(await documents.readRows(content, rows, place()))),
    write: (request) => pure('write', () => documents.write(request, place())),
  };
}

/** Reads or changes stored state. What is read is redacted like all that enters the run. */
const stateOf =
  ({ ports, run }: StepContextOptions, durable: DurableCall): NodeContext['state'] =>
  (request) => {
    const perform = async ({ key: callId }: StartedCall) => {
      const result = await ports.state(run, request, callId);
      return { value: run.policy === undefined ? result : { ...result, value: (await ports.redact(run, result.value)).value } };
    };
    return durable({ name: 'state', kind: 'step', perform });
  };

/** Reads or changes rows of a table. What is read is redacted, too. */
const rowsOf =
  ({ ports, run }: StepContextOptions, durable: DurableCall): NodeContext['rows'] =>
  (request) => {
    const perform = async ({ key: callId }: StartedCall) => {
      const result = await ports.rows(run, request, callId);
      if (run.policy === undefined) return { value: result };
      const { value: rows } = await ports.redact(run, result.rows);
      return { value: { ...result, rows, row: rows[0] ?? null } };
    };
    return durable({ name: 'rows', kind: 'step', perform });
  };

/** Performs a statement in a database. What it returns is redacted, too. */
const databaseOf =
  ({ ports, run, task }: StepContextOptions, durable: DurableCall): NodeContext['database'] =>
  (request) => {
    const perform = async () => {
      const answer = await ports.database(request, { workspaceId: run.workspaceId, signal: task.cancellation.signal() });
      if (run.policy === undefined) return { value: answer };
      const { value } = await ports.redact(run, { value: answer.value, rows: answer.rows });
      return { value: { ...answer, ...value } };
    };
    return durable({ name: 'database', kind: 'step', perform });
  };

/** Announces the progress of a model call on the bus: its text, and the targets it falls back to. */
function progressOf({ ports: { bus }, run, task }: StepContextOptions, callId: string, { isStreamed, toCaller }: { isStreamed: boolean; toCaller: boolean }) {
  const { stepId } = task;
  let at = 0;
  const say = (text: string, more: { restart?: true } = {}): void => {
    if (!isStreamed || !task.live) return;
    bus.publish({ kind: 'deltas', run, words: { stepId, callId, at, text, ...more, toCaller } });
    at += more.restart ? 1 : text.length;
  };
  return {
    onDelta: say,
    onRestart: () => say('', { restart: true }),
    onFallback: (fallback: ModelFallback) => {
      // A message may quote values, and only recorded ones are redacted.
      const error = run.policy === undefined ? fallback.error : removedError(fallback.error);
      if (task.live) bus.publish({ kind: 'fallback', run, fallback: { stepId, callId, ...fallback, error } });
    },
  };
}

/** The record of a request that got no response. URLs with a password are rejected, so the password is dropped. */
const unanswered = ({ method, url }: HttpRequest, latencyMs: number): HttpCallRecord => ({
  kind: 'http',
  method: method.toUpperCase(),
  url: url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1'),
  latencyMs,
});

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

function demandLive(task: Task): void {
  if (!task.live) throw new AppError('cancelled', 'The step was canceled.');
  task.cancellation.signal().throwIfAborted();
}

/** The cost of a call with no usable result, taken from its error. */
function spentOn(thrown: unknown): { spent?: Spent } {
  const { usage, costMicros } = thrown instanceof AppError ? thrown.details : {};
  return usage && (typeof costMicros === 'number' || costMicros === null) ? { spent: { usage: usage as Usage, costMicros } } : {};
}

async function offloadRecord(ports: EnginePorts, run: AcceptedRun, record: CallRecord): Promise<CallRecord> {
  if (record.kind !== 'model') return record;
  return { ...record, request: await ports.offload(run, record.request) };
}
