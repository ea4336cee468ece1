import { DEFAULT_TARGET_TIMEOUT_MS, type RouteTarget } from '@switchyard/shared/contracts/models.ts';
import { AppError, type ErrorData, type FieldError, toAppError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { type ChatRequest, textMessage } from '@switchyard/shared/model/chat.ts';
import type { CallAttempt, ModelCallRecord, Usage } from '@switchyard/shared/run/events.ts';
import { validateJson } from '../schema/validate.ts';
import type { Chat } from './chat-port.ts';
import { parseModelJson } from './parse-json.ts';
import { costMicros } from './price.ts';
import type { ModelProvider, ProviderAnswer, ProviderRequest } from './provider.ts';

/*
 * Asks a route: its targets in order, until one gives an answer that holds.
 * Invariants: 1. Nothing is retried at the same target, but one repair of an answer that does not fit its schema. 2. Any failure leads to the
 * next target, a refusal too: what one model refuses (an unknown model name, a text too long), another may take. Only the caller's abort ends the
 * chain. 3. Every call of a provider is one attempt in the record; tokens and cost are those of all of them. 4. Deltas are shown as they come; the
 * final answer replaces whatever was streamed, so a target that failed half way leaves nothing behind.
 */

export interface ProviderAccess {
  readonly provider: ModelProvider;
  /** Name of the connection, for people. */
  readonly connection: string;
  /** Kind of the connection. */
  readonly kind: string;
}

export interface ChatParts {
  /** Throws `unknown-route`. */
  resolveRoute(workspaceId: string, name: string): Promise<{ readonly name: string; readonly targets: readonly RouteTarget[] }>;
  /** Throws `not-found` when the connection was removed. */
  providerFor(workspaceId: string, connectionId: string): Promise<ProviderAccess>;
  readonly clock: { now(): Date };
}

/** What all attempts of one call have in common. */
interface Call {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly startedAt: number;
  readonly attempts: CallAttempt[];
  usage: Usage;
  cost: number;
  firstTokenMs: number | undefined;
  onDelta(text: string): void;
}

interface Asked {
  readonly target: RouteTarget;
  readonly access: ProviderAccess;
  readonly request: ProviderRequest;
  readonly signal: AbortSignal;
}

interface Fitting {
  readonly answer: ProviderAnswer;
  readonly value?: unknown;
}

const toErrorData = (error: AppError): ErrorData => ({ code: error.code, message: error.message });

function providerRequest(request: ChatRequest, target: RouteTarget): ProviderRequest {
  const temperature = request.temperature ?? target.parameters?.temperature;
  const maxTokens = request.maxTokens ?? target.parameters?.maxTokens;
  return {
    model: target.model,
    messages: request.messages,
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(request.schema && { schema: request.schema, schemaName: request.schemaName ?? 'answer' }),
  };
}

/** What is wrong with an answer that had to be JSON of this schema. */
function misfit(schema: JsonSchema, content: string): { value: unknown; errors: readonly FieldError[] } {
  const parsed = parseModelJson(content);
  return parsed ? { value: parsed.value, errors: validateJson(schema, parsed.value) } : { value: undefined, errors: [{ path: '', message: 'is not JSON' }] };
}

const told = (errors: readonly FieldError[]): string => errors.map(({ path, message }) => `${path === '' ? 'the answer' : path} ${message}`).join('; ');

const badAnswer = (answer: ProviderAnswer, errors: readonly FieldError[]): AppError => {
  const cutOff = answer.finishReason === 'length' ? ' It was cut off at the longest answer allowed; raise that limit.' : '';
  return new AppError('bad-answer', `The answer of ‘${answer.model}’ does not fit its schema: ${told(errors)}.${cutOff}`, { fields: errors });
};

/** One call of a provider, judged: each becomes one attempt in the record. */
async function attempt(call: Call, asked: Asked): Promise<{ answer: ProviderAnswer; value: unknown; errors: readonly FieldError[] }> {
  const { target, access, request, signal } = asked;
  const answer = await access.provider.chat(request, signal, (text) => {
    call.firstTokenMs ??= call.now() - call.startedAt;
    call.onDelta(text);
  });
  call.usage = { inputTokens: call.usage.inputTokens + answer.usage.inputTokens, outputTokens: call.usage.outputTokens + answer.usage.outputTokens };
  call.cost += costMicros(answer.model, answer.usage).costMicros;
  if (answer.content.trim() === '')
    throw new AppError('empty-answer', `‘${target.model}’ answered nothing (${answer.finishReason}). Try again, or choose another model.`);
  return { answer, ...(call.request.schema ? misfit(call.request.schema, answer.content) : { value: undefined, errors: [] }) };
}

/** Makes one attempt and writes it into the record. Throws what the provider threw; an answer that does not fit comes back with its error. */
async function recorded(call: Call, asked: Asked): Promise<{ answer: ProviderAnswer; value: unknown; misfit?: AppError }> {
  const startedAt = call.now();
  const record = (error?: AppError) => {
    const latencyMs = call.now() - startedAt;
    call.attempts.push({ connection: asked.access.connection, model: asked.target.model, latencyMs, ...(error && { error: toErrorData(error) }) });
  };
  try {
    const { answer, value, errors } = await attempt(call, asked);
    const misfit = errors.length > 0 ? badAnswer(answer, errors) : undefined;
    record(misfit);
    return { answer, value, ...(misfit && { misfit }) };
  } catch (thrown) {
    if (call.signal.aborted) throw call.signal.reason;
    const error = toAppError(thrown, 'provider-unavailable');
    record(error);
    throw error;
  }
}

/** Asks one target; an answer that does not fit its schema is sent back once with what is wrong with it. */
async function askTarget(call: Call, asked: Asked): Promise<Fitting> {
  const first = await recorded(call, asked);
  if (!first.misfit) return first;
  const complaint = `That answer does not fit what was asked for: ${told(first.misfit.fields)}. Answer again, with JSON alone that fits the schema.`;
  const messages = [...asked.request.messages, textMessage('assistant', first.answer.content), textMessage('user', complaint)];
  const second = await recorded(call, { ...asked, request: { ...asked.request, messages } });
  if (second.misfit) throw second.misfit;
  return second;
}

/** Gives work a signal that ends with the caller's, or when the target's time is up. */
async function withinTime<T>(target: RouteTarget, caller: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ms = target.timeoutMs ?? DEFAULT_TARGET_TIMEOUT_MS;
  const late = new AbortController();
  const message = `‘${target.model}’ did not finish within ${ms} ms. Raise the time limit of this target, or add another one.`;
  const timer = setTimeout(() => late.abort(new AppError('provider-timeout', message)), ms);
  try {
    return await work(AbortSignal.any([caller, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** Makes the Chat port. A failed chain throws the last target's error; its details hold `attempts`, and `usage` and `costMicros` where something was spent. */
export function createChat(parts: ChatParts): Chat {
  return async (request, { workspaceId, signal, onDelta }) => {
    const route = await parts.resolveRoute(workspaceId, request.route);
    if (request.schema) validateJson(request.schema, null);
    const now = () => parts.clock.now().getTime();
    const call: Call = {
      request,
      signal,
      now,
      startedAt: now(),
      attempts: [],
      usage: { inputTokens: 0, outputTokens: 0 },
      cost: 0,
      firstTokenMs: undefined,
      onDelta,
    };
    let failure = new AppError('no-target', `The route ‘${route.name}’ has no target. Add one under Models.`);
    for (const target of route.targets) {
      signal.throwIfAborted();
      try {
        const access = await parts.providerFor(workspaceId, target.connectionId).catch((thrown: unknown) => recordUnreached(call, target, toAppError(thrown)));
        const asked = { target, access, request: providerRequest(request, target) };
        const fitting = await withinTime(target, signal, (limited) => askTarget(call, { ...asked, signal: limited }));
        return result(call, { ...asked, route: route.name, ...fitting, latencyMs: now() - call.startedAt });
      } catch (thrown) {
        if (signal.aborted) throw signal.reason;
        failure = toAppError(thrown, 'provider-unavailable');
      }
    }
    throw chainFailed(failure, call);
  };
}

/** A target whose provider could not even be made is an attempt too. */
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
  done: { route: string; access: ProviderAccess; request: ProviderRequest; answer: ProviderAnswer; value?: unknown; latencyMs: number },
): Awaited<ReturnType<Chat>> {
  const { answer, access } = done;
  const demo = access.kind === 'demo';
  const common = { route: done.route, model: answer.model, demo, usage: call.usage, costMicros: call.cost, finishReason: answer.finishReason };
  const record: ModelCallRecord = {
    kind: 'model',
    ...common,
    connection: access.connection,
    provider: access.kind,
    request: done.request,
    answer: answer.content,
    latencyMs: done.latencyMs,
    ...(call.firstTokenMs !== undefined && { firstTokenMs: call.firstTokenMs }),
    attempts: call.attempts,
  };
  return { answer: { text: answer.content, ...(call.request.schema && { value: done.value }), ...common }, record };
}
