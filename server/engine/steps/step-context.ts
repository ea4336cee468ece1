import type { HttpRequest, NodeContext } from '@switchyard/nodes/sdk/context.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { compileCel } from '@switchyard/shared/expression/cel.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { isSamePrompt, promptRefText } from '@switchyard/shared/model/prompt-ref.ts';
import { retryWaitId, waitId } from '@switchyard/shared/run/address.ts';
import type { CallRecord, HttpCallRecord, ModelFallback } from '@switchyard/shared/run/events.ts';
import type { FaultKind } from '@switchyard/shared/run/faults.ts';
import { removedError } from '@switchyard/shared/run/removed.ts';
import type { PlanNode } from '../plan.ts';
import type { CallPlace, EnginePorts } from '../ports.ts';
import { askedOfModel, askedOfState, askedOverHttp } from '../stand-ins/request-hash.ts';
import { permitFor } from './budget-wait.ts';
import { aborted, durableCalls, type StartedCall, type StepContextOptions } from './durable-calls.ts';
import { faultyChat, faultyHttp } from './injected-faults.ts';

/** Only reads: nothing says that it has an effect (S82). */
const readsOnly = ({ params }: PlanNode, { method }: HttpRequest): boolean =>
  READS.has(method.toUpperCase()) && isPlainObject(params) && (params.effect ?? 'auto') === 'auto';
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The time, in ms since 1970. For a step that is computed at once, that of its start; in a replay, that of the recorded one. */
function nowOf({ ports, desk, isInline, task, step, attempt }: StepContextOptions): number {
  const started = isInline ? step().attempts.at(-1)?.startedAt : undefined;
  return desk?.nowOf(task.stepId, attempt) ?? (started === undefined ? ports.now() : Date.parse(started));
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
    trigger: run.standIns?.as ?? run.trigger.kind,
    labels,
    ...(policy !== undefined && { policy }),
    nodeKey: node.key,
    attempt: options.attempt,
    ...msLeft,
    callId,
    stepId: task.stepId,
    retryWaitId: retryWaitId(options.step(), options.step().waits, options.attempt),
    ...(ports.traceparent && { traceparent: ports.traceparent(run, callId) }),
    ...(options.desk && { uncached: true }),
    ...(run.standIns?.limit && { limit: run.standIns.limit }),
    ...(permit && { permit }),
  });
  return {
    runId: run.runId,
    stepId: task.stepId,
    nodeKey: node.key,
    round: options.round,
    attempt: options.attempt,
    trigger: run.trigger,
    labels: run.labels,
    hasPolicy: run.policy !== undefined,
    now: () => new Date(nowOf(options)),
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
    step: (name, perform) => durable({ name, kind: 'step', perform: async () => ({ value: await perform(task.cancellation.signal()) }) }),
    chat: chatOf(options, durable, placeOf),
    code: codeOf(options, durable),
    documents: documentsOf(options, durable),
    state: stateOf(options, durable),
    rows: rowsOf(options, durable),
    database: databaseOf(options, durable),
    authority: (group) => durable({ name: 'authority', kind: 'step', request: () => ({ group }), isRead: true, perform: () => authorityOf(options, group) }),
    startRun: (child) => {
      const step = options.step();
      return ports.startChild(run, { ...child, stepId: step.id, waitId: waitId(step, step.waits), alike: options.alike() });
    },
    files: { read: (file) => ports.readFile(run, file), create: (file) => ports.keepFile(run, file) },
    pause: (ms) => (options.desk ? Promise.resolve() : pause(ports, ms, task.cancellation.signal())),
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
  const { ports, run, node, task, writer, desk } = options;
  return (request, { stream = false, accept, files = [] } = {}) => {
    const failed: CallRecord[] = [];
    const fault = injectedFault(options);
    const onFailed = (record: CallRecord) => void failed.push(record);
    const perform = async ({ id: callId, recorded }: StartedCall) => {
      const toCaller = stream !== false && stream !== 'watchers';
      const heard = { ...progressOf(options, callId, { isStreamed: stream !== false, toCaller }), onFailed };
      const journal = { recorded, onSettling: writer.alongside };
      const call = { workspaceId: run.workspaceId, signal: task.cancellation.signal(), files, ...heard, ...journal, toCaller, place: placeOf(callId) };
      const ask = () => ports.chat(request, call);
      if (!fault) return durableChat(await (desk ? desk.spend(node, ask) : ask()));
      await recorded;
      const answer = await faultyChat({ fault, request, pause: pauseOf(options) });
      return answer ? { value: answer } : durableChat(await ask());
    };
    const asked = { request: () => askedOfModel(request, files), isRead: true };
    return durable({ name: 'model', kind: 'model', ...asked, perform, preparesFirst: true, accept, fault, recordOf: () => failed.at(-1) });
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
    const asked = { request: () => askedOverHttp(request), isRead: readsOnly(options.node, request) };
    return durable({
      name: 'http',
      kind: 'http',
      ...asked,
      perform,
      accept,
      fault,
      recordOf: () => unanswered(request, Math.round(ports.elapsed() - startedAt)),
    });
  };
}

/** Runs user code. A repetition sees the same time and the same random numbers. */
function codeOf(options: StepContextOptions, durable: DurableCall): NodeContext['code'] {
  const { ports, run, plan, task } = options;
  return (source, { timeoutMs }) => {
    let record: CallRecord | undefined;
    const perform = async () => {
      const now = options.desk?.nowOf(task.stepId, 1) ?? Date.parse(options.step().startedAt ?? '');
      const seed = `${options.desk?.original?.runId ?? run.runId} ${task.stepId}`;
      const request = { source, helpers: plan.helpers, scope: options.scope().data, now, seed, timeoutMs };
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
    // An experiment has values of its own.
    const isRead = request.operation === 'get' || run.standIns?.as === 'experiment';
    return durable({ name: 'state', kind: 'step', request: () => askedOfState(request), isRead, perform });
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
    const isRead = request.operation === 'find-rows' || request.operation === 'count-rows' || run.standIns?.as === 'experiment';
    return durable({ name: 'rows', kind: 'step', request: () => request, isRead, perform });
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
    return durable({ name: 'database', kind: 'step', request: () => request, isRead: request.readOnly, perform });
  };

/** Who sees a review, and where it was drawn. */
const authorityOf = async ({ ports, run, node, task }: StepContextOptions, group: string) => ({
  value: await ports.authority(run, { nodeKey: node.key, stepId: task.stepId, group }),
});

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
