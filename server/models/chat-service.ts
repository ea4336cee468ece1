import { DEFAULT_TARGET_TIMEOUT_MS, type RouteTarget } from '@switchyard/shared/contracts/models.ts';
import { AppError, type ErrorCode, type ErrorData, type FieldError, toAppError } from '@switchyard/shared/errors.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { type ChatMessage, type ChatRequest, textMessage, textOf } from '@switchyard/shared/model/chat.ts';
import type { CallAttempt, ModelCallRecord, Usage } from '@switchyard/shared/run/events.ts';
import type { AdmitCall, Chat } from './chat-port.ts';
import { type Circuits, createCircuits } from './circuits.ts';
import { readAnswer } from './fit-answer.ts';
import { costOf, type OwnPrice, priceOf } from './price.ts';
import type { ModelProvider, ProviderAnswer, ProviderRequest } from './provider.ts';
import { withinQuiet } from './quiet-limit.ts';
import { type Pause, withRetries } from './retry.ts';
import { type Degradation, NO_SPENDING, type Spending, type SpendingCall } from './spending.ts';

/*
 * Calls a route: its targets in order, until one returns an answer that fits. Invariants:
 * 1. A target is called again only after a transient failure (retry.ts), and once to repair an answer that doesn't fit its schema.
 * 2. Every other failure, including a refusal, leads to the next target: what one model rejects, another may accept. Only the caller's
 *    abort ends the chain.
 * 3. Every provider call is one attempt in the record; tokens and cost cover all of them.
 * 4. Deltas are shown as they arrive. The final answer replaces what was streamed, so a target that failed halfway leaves nothing behind.
 *    For a caller that can't retract text (`textIsFinal`), a failure after the first delta ends the chain instead (S59).
 * 5. Each attempt is checked against the kill switches (S64).
 */

export interface ProviderAccess {
  readonly provider: ModelProvider;
  /** Name of the connection, as users see it. */
  readonly connection: string;
  /** Kind of the connection. */
  readonly kind: string;
}

export interface ChatParts {
  /** Throws `unknown-route`. */
  resolveRoute(workspaceId: string, name: string): Promise<{ readonly name: string; readonly targets: readonly RouteTarget[] }>;
  /** Throws `not-found` if the connection was deleted. */
  providerFor(workspaceId: string, connectionId: string): Promise<ProviderAccess>;
  readonly clock: { now(): Date };
  readonly admitCall: AdmitCall;
  /** Waits before a retry; rejects with the signal’s reason. */
  readonly pause: Pause;
  /** Budgets, prices, and usage. */
  readonly spending?: Spending;
  readonly circuits?: Circuits;
}

/** Shared by all attempts of one call. */
interface Call {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly startedAt: number;
  readonly attempts: CallAttempt[];
  readonly circuits: Circuits;
  readonly spending: Spending;
  readonly spent: SpendingCall;
  readonly prices: readonly OwnPrice[];
  usage: Usage;
  cost: number;
  /** A model without a price took part. */
  unpriced: boolean;
  firstTokenMs: number | undefined;
  onDelta(text: string): void;
  /** Rejects with `killed` if a kill switch stops calls to this target. */
  admit(target: RouteTarget): Promise<void>;
}

interface Asked {
  readonly target: RouteTarget;
  readonly access: ProviderAccess;
  readonly request: ProviderRequest;
  readonly signal: AbortSignal;
  /** Another target would be called next. */
  readonly hasNext: boolean;
  /** When the target times out. */
  readonly endsAt: number;
  /** Text of this target has been shown. */
  streamed: boolean;
}

interface Fitting {
  readonly answer: ProviderAnswer;
  readonly value?: unknown;
}

/** Characters of an unusable answer that its error keeps. */
const LONGEST_QUOTE = 2_000;

const toErrorData = (error: AppError): ErrorData => ({ code: error.code, message: error.message });

function providerRequest(request: ChatRequest, target: RouteTarget): ProviderRequest {
  const temperature = request.temperature ?? target.parameters?.temperature;
  const maxTokens = request.maxTokens ?? target.parameters?.maxTokens;
  const { topP, stop, tools, toolChoice, parallelToolCalls } = request;
  return {
    model: target.model,
    messages: request.messages,
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(topP !== undefined && { topP }),
    ...(stop && { stop }),
    ...(tools && tools.length > 0 && { tools, ...(toolChoice && { toolChoice }), ...(parallelToolCalls !== undefined && { parallelToolCalls }) }),
    ...(request.schema && { schema: request.schema, schemaName: request.schemaName ?? 'answer' }),
  };
}

/** The JSON of an answer, and why it does not fit. */
function checkedAnswer({ schema, accept = schema }: ChatRequest, content: string): { value: unknown; errors: readonly FieldError[] } {
  if (!schema || !accept) return { value: undefined, errors: [] };
  const read = readAnswer(schema, content);
  return read ? { value: read.value, errors: validateJson(accept, read.value) } : { value: undefined, errors: [{ path: '', message: 'is not JSON' }] };
}

const told = (errors: readonly FieldError[]): string => errors.map(({ path, message }) => `${path === '' ? 'the answer' : path} ${message}`).join('; ');

function badAnswer(answer: ProviderAnswer, errors: readonly FieldError[]): AppError {
  const cutOff = answer.finishReason === 'length' ? ' It was cut off at the token limit. Increase Max tokens.' : '';
  const message = `The output of “${answer.model}” doesn’t match the schema: ${told(errors)}.${cutOff}`;
  return new AppError('bad-answer', message, { fields: errors, details: { answer: answer.content.slice(0, LONGEST_QUOTE) } });
}

/** Tokens of a message besides its text. */
const MESSAGE_OVERHEAD = 16;
/** The assumed answer limit of a request without one. */
const DEFAULT_MAX_TOKENS = 4_096;
const FREE = { input: 0, output: 0 };

/** An upper bound of a request's tokens: each token is at least one byte (S63). */
const mostInput = ({ messages, schema, tools }: ProviderRequest): number =>
  messages.reduce((sum, message) => sum + MESSAGE_OVERHEAD + Buffer.byteLength(textOf(message)) + bytesOfTools(message), 0) +
  (schema ? Buffer.byteLength(JSON.stringify(schema)) : 0) +
  (tools ? Buffer.byteLength(JSON.stringify(tools)) : 0);

const bytesOfTools = ({ content }: ChatMessage): number =>
  content.reduce((sum, part) => sum + (part.type === 'tool-call' || part.type === 'tool-result' ? Buffer.byteLength(JSON.stringify(part)) : 0), 0);

/** Reserves the cost of a provider call before it, and settles it after. */
async function paidFor(call: Call, { target, access, request, signal }: Asked, ask: () => Promise<ProviderAnswer>): Promise<ProviderAnswer> {
  const { spending, spent, prices } = call;
  const at = new Date(call.now()).toISOString();
  const price = (model: string) => (access.kind === 'demo' ? FREE : priceOf(prices, { model, connectionId: target.connectionId, at }));
  const tokens = { input: mostInput(request), output: request.maxTokens ?? DEFAULT_MAX_TOKENS };
  const reservation = await spending.reserve({ ...spent, model: target.model, price: price(target.model), tokens, signal });
  try {
    const answer = await ask();
    // A gateway may report a different model than the requested one.
    const paid = price(answer.model) ?? price(target.model);
    if (paid) call.cost += costOf(paid, answer.usage);
    else call.unpriced = true;
    await reservation.settle(answer.usage);
    return answer;
  } catch (thrown) {
    await reservation.settle(undefined);
    throw thrown;
  }
}

/** One provider call and the check of its answer. */
async function attempt(call: Call, asked: Asked): Promise<{ answer: ProviderAnswer; value: unknown; errors: readonly FieldError[] }> {
  const { target, access, request, signal } = asked;
  const answer = await paidFor(call, asked, () =>
    withinQuiet(target, signal, (limited, heard) =>
      access.provider.chat(request, limited, (text) => {
        heard();
        call.firstTokenMs ??= call.now() - call.startedAt;
        asked.streamed = true;
        call.onDelta(text);
      }),
    ),
  );
  call.usage = { inputTokens: call.usage.inputTokens + answer.usage.inputTokens, outputTokens: call.usage.outputTokens + answer.usage.outputTokens };
  // Instead of answering, the model asks for a function.
  if (answer.toolCalls) return { answer, value: undefined, errors: [] };
  if (answer.content.trim() === '')
    throw new AppError('empty-answer', `“${target.model}” returned an empty response (${answer.finishReason}). Try again, or choose another model.`);
  return { answer, ...checkedAnswer(call.request, answer.content) };
}

/** Makes one attempt and records it. Throws what the provider threw; an answer that does not fit is returned with its error. */
async function recorded(call: Call, asked: Asked): Promise<{ answer: ProviderAnswer; value: unknown; misfit?: AppError }> {
  const startedAt = call.now();
  const record = (error?: AppError) => {
    const latencyMs = call.now() - startedAt;
    call.attempts.push({ connection: asked.access.connection, model: asked.target.model, latencyMs, ...(error && { error: toErrorData(error) }) });
  };
  const circuit = circuitOf(call, asked);
  try {
    await call.admit(asked.target);
    circuit.enter();
    const { answer, value, errors } = await attempt(call, asked);
    circuit.succeeded();
    const misfit = errors.length > 0 ? badAnswer(answer, errors) : undefined;
    record(misfit);
    return { answer, value, ...(misfit && { misfit }) };
  } catch (thrown) {
    const error = toAppError(thrown, 'provider-unavailable');
    circuit.ended(call.signal.aborted ? undefined : error.code);
    if (call.signal.aborted) throw call.signal.reason;
    record(error);
    throw error;
  }
}

/** The circuit of a target. The demo model has none. */
function circuitOf({ circuits }: Call, { access, target: { connectionId, model } }: Asked) {
  if (access.kind === 'demo') return { enter: () => {}, succeeded: () => {}, ended: () => {} };
  let entered = false;
  return {
    enter: (): void => {
      entered = circuits.enter(connectionId, model);
      if (entered) return;
      const seconds = Math.ceil(circuits.stateOf(connectionId, model).retryInMs / 1_000);
      throw new AppError('circuit-open', `“${model}” on “${access.connection}” kept failing, so it isn’t called. The next attempt is in ${seconds} s.`, {
        beforeEffect: true,
      });
    },
    succeeded: () => circuits.succeeded(connectionId, model),
    /** A provider error is a failure. Any other end says nothing about the provider. */
    ended: (code: ErrorCode | undefined): void => {
      if (!entered) return;
      if (code?.startsWith('provider-') || code === 'empty-answer') circuits.failed(connectionId, model, code as ErrorCode);
      else circuits.left(connectionId, model);
    },
  };
}

/** Calls one target. Retries after a transient failure. An answer that does not fit its schema is sent back once with the errors. */
async function askTarget(call: Call, asked: Asked, pause: Pause): Promise<Fitting> {
  const first = await withRetries(() => recorded(call, asked), {
    signal: asked.signal,
    pause,
    hasNext: asked.hasNext,
    retries: asked.target.retries,
    msLeft: () => asked.endsAt - call.now(),
    mayRetry: () => asked.access.kind !== 'demo' && !asked.streamed,
  });
  if (!first.misfit) return first;
  const complaint = `Your answer does not match the schema: ${told(first.misfit.fields)}. Answer again, with only JSON that matches the schema.`;
  const messages = [...asked.request.messages, textMessage('assistant', first.answer.content), textMessage('user', complaint)];
  const second = await recorded(call, { ...asked, request: { ...asked.request, messages } });
  if (second.misfit) throw second.misfit;
  return second;
}

const timeoutOf = (target: RouteTarget): number => target.timeoutMs ?? DEFAULT_TARGET_TIMEOUT_MS;

/** Runs work with a signal that aborts with the caller’s, or when the target times out. */
async function withinTime<T>(target: RouteTarget, caller: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ms = timeoutOf(target);
  const late = new AbortController();
  const message = `“${target.model}” timed out after ${ms / 1_000} s. Increase the target’s timeout, or add a fallback.`;
  const timer = setTimeout(() => late.abort(new AppError('provider-timeout', message)), ms);
  try {
    return await work(AbortSignal.any([caller, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** Creates the Chat port. If every target fails, throws the last target’s error with `attempts` in its details, and `usage` and `costMicros` if something was spent. */
export function createChat(parts: ChatParts): Chat {
  const { spending = NO_SPENDING, circuits = createCircuits(() => performance.now()) } = parts;
  return async (request, { workspaceId, signal, onDelta, place, textIsFinal = false }) => {
    const degraded = await spending.degradation({ workspaceId, route: request.route, place });
    const route = await parts.resolveRoute(workspaceId, degraded?.to ?? request.route);
    if (request.schema) validateJson(request.schema, null);
    const now = () => parts.clock.now().getTime();
    const call: Call = {
      request,
      signal,
      now,
      startedAt: now(),
      attempts: [],
      circuits,
      spending,
      spent: { workspaceId, route: route.name, place },
      prices: await spending.prices(workspaceId),
      unpriced: false,
      usage: { inputTokens: 0, outputTokens: 0 },
      cost: 0,
      firstTokenMs: undefined,
      onDelta,
      admit: ({ model, connectionId }) => parts.admitCall({ workspaceId, run: place, route: route.name, model, connectionId }, signal),
    };
    let failure = new AppError('no-target', `The route “${route.name}” has no targets. Add one under Models.`);
    for (const [index, target] of route.targets.entries()) {
      signal.throwIfAborted();
      try {
        const access = await parts.providerFor(workspaceId, target.connectionId).catch((thrown: unknown) => recordUnreached(call, target, toAppError(thrown)));
        const asked = {
          target,
          access,
          request: providerRequest(request, target),
          hasNext: index + 1 < route.targets.length,
          endsAt: now() + timeoutOf(target),
          streamed: false,
        };
        const fitting = await withinTime(target, signal, (limited) => askTarget(call, { ...asked, signal: limited }, parts.pause));
        noteSpent(call, { model: fitting.answer.model, connection: access.connection }, null);
        return result(call, { ...asked, route: route.name, degraded, ...fitting, latencyMs: now() - call.startedAt });
      } catch (thrown) {
        if (signal.aborted) throw signal.reason;
        failure = toAppError(thrown, 'provider-unavailable');
        if (textIsFinal && call.firstTokenMs !== undefined) break;
      }
    }
    const { connection = '', model = '' } = call.attempts.at(-1) ?? {};
    if (call.attempts.length > 0) noteSpent(call, { model, connection }, failure.code);
    throw chainFailed(failure, call);
  };
}

/** Records the usage of a call, successful or not. */
function noteSpent(call: Call, served: { model: string; connection: string }, error: string | null): void {
  const { prompt } = call.request;
  call.spending.note({
    ...call.spent,
    ...served,
    at: new Date(call.startedAt),
    prompt: prompt ? `${prompt.name}@${prompt.version}` : null,
    usage: call.usage,
    costMicros: call.unpriced ? null : call.cost,
    error,
  });
}

/** Records a target whose connection cannot be used as an attempt, too. */
function recordUnreached(call: Call, target: RouteTarget, error: AppError): never {
  call.attempts.push({ connection: target.connectionId, model: target.model, latencyMs: 0, error: toErrorData(error) });
  throw error;
}

function chainFailed(failure: AppError, call: Call): AppError {
  const { attempts, usage, cost } = call;
  const spent = usage.inputTokens + usage.outputTokens > 0 ? { usage, costMicros: cost } : {};
  return new AppError(failure.code, failure.message, {
    fields: failure.fields,
    retryAfterMs: failure.retryAfterMs,
    beforeEffect: failure.beforeEffect,
    details: { ...failure.details, attempts, ...spent },
    cause: failure,
  });
}

function result(
  call: Call,
  done: {
    route: string;
    degraded: Degradation | undefined;
    access: ProviderAccess;
    request: ProviderRequest;
    answer: ProviderAnswer;
    value?: unknown;
    latencyMs: number;
  },
): Awaited<ReturnType<Chat>> {
  const { answer, access } = done;
  const demo = access.kind === 'demo';
  const { prompt } = call.request;
  const common = {
    route: done.route,
    model: answer.model,
    demo,
    usage: call.usage,
    costMicros: call.unpriced ? null : call.cost,
    finishReason: answer.finishReason,
  };
  const record: ModelCallRecord = {
    kind: 'model',
    ...common,
    ...(prompt && { prompt }),
    ...(done.degraded && { degraded: done.degraded }),
    connection: access.connection,
    provider: access.kind,
    request: done.request,
    answer: answer.content,
    ...(answer.reasoning !== undefined && { reasoning: answer.reasoning }),
    ...(answer.adjusted !== undefined && { adjusted: answer.adjusted }),
    latencyMs: done.latencyMs,
    ...(call.firstTokenMs !== undefined && { firstTokenMs: call.firstTokenMs }),
    attempts: call.attempts,
  };
  return {
    answer: { text: answer.content, ...(call.request.schema && { value: done.value }), ...(answer.toolCalls && { toolCalls: answer.toolCalls }), ...common },
    record,
  };
}
