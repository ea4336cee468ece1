import { AppError } from '@switchyard/shared/errors.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import type { Chat } from '../chat-port.ts';
import type { Call, Fitting, ProviderAccess } from './call.ts';

/* The result of a call: its record, its usage, or the error that ended it. */

/** Null if a model without a price took part. */
const costSoFar = ({ unpriced, cost }: Call): number | null => (unpriced ? null : cost);

/** Then the cost of the models with a price: a fallback from a priced model to another one must not drop out of sums. */
const knownPart = ({ unpriced, cost }: Call) => (unpriced && cost > 0 ? { knownMicros: cost } : {});

/** Records the usage of a call, successful or not. Without a target that was tried, there is nothing to record. */
export function noteSpent(call: Call, served: { model: string; connection: string }, error: string | null): void {
  const { prompt } = call.request;
  if (!call.trying) return;
  call.spending.note({
    ...call.spent,
    ...served,
    ...call.trying,
    at: new Date(call.startedAt),
    prompt: prompt ? `${prompt.name}@${prompt.version}` : null,
    usage: call.usage,
    costMicros: costSoFar(call),
    ...knownPart(call),
    error,
    attempts: call.attempts.length,
    latencyMs: call.now() - call.startedAt,
  });
}

/** The error of a call whose targets all failed, with what it spent. Its record has the requests and answers. */
export function chainFailed(failure: AppError, call: Call): AppError {
  const { route, attempts, leftOut, usage } = call;
  if (call.lastAsked) call.onFailed(failedRecord(call, call.lastAsked));
  const spent = usage.inputTokens + usage.outputTokens > 0 ? { usage, costMicros: costSoFar(call), ...knownPart(call) } : {};
  const brief = attempts.map(({ connection, model, latencyMs, queuedMs, error }) => ({
    connection,
    model,
    latencyMs,
    ...(queuedMs !== undefined && { queuedMs }),
    ...(error && { error }),
  }));
  return new AppError(failure.code, failure.message, {
    fields: failure.fields,
    retryAfterMs: failure.retryAfterMs,
    beforeEffect: failure.beforeEffect,
    details: { ...failure.details, route: `${route.name}@${route.version}`, attempts: brief, ...(leftOut.length > 0 && { leftOut }), ...spent },
    cause: failure,
  });
}

/** Why a call was canceled or its step timed out. Its record has the requests and responses until then. */
export function cutShort(call: Call): unknown {
  const { connection = '', model = '' } = call.attempts.at(-1) ?? {};
  if (call.usage.inputTokens + call.usage.outputTokens > 0) noteSpent(call, { model, connection }, 'cancelled');
  if (call.lastAsked) call.onFailed(failedRecord(call, call.lastAsked));
  return call.signal.reason;
}

/** What every record of a call has. */
function commonRecord(call: Call, { connection, kind }: ProviderAccess) {
  const { prompt } = call.request;
  return {
    kind: 'model',
    route: call.route.name,
    demo: kind === 'demo',
    usage: call.usage,
    costMicros: costSoFar(call),
    routeVersion: call.route.version,
    ...(call.leftOut.length > 0 && { leftOut: call.leftOut }),
    ...(call.route.stickyFault !== undefined && { stickyFault: call.route.stickyFault }),
    ...(prompt && { prompt }),
    ...(call.degraded && { degraded: call.degraded }),
    connection,
    provider: kind,
    latencyMs: call.now() - call.startedAt,
    ...(call.firstTokenMs !== undefined && { firstTokenMs: call.firstTokenMs }),
    attempts: call.attempts,
  } as const;
}

/** The record of a call whose targets all failed. Answers are in its attempts. */
const failedRecord = (call: Call, { access, request, target }: NonNullable<Call['lastAsked']>): ModelCallRecord => ({
  ...commonRecord(call, access),
  model: target.model,
  request,
  answer: '',
  finishReason: 'error',
});

/** The answer and the record of a successful call. */
export function result(call: Call, access: ProviderAccess, { request, answer, value, cached = false }: Fitting): Awaited<ReturnType<Chat>> {
  const common = commonRecord(call, access);
  const { price } = call;
  const record: ModelCallRecord = {
    ...common,
    model: answer.model,
    finishReason: answer.finishReason,
    ...(cached && { cached }),
    ...(price &&
      !common.demo && {
        price: {
          input: price.input,
          output: price.output,
          ...(price.cachedInput != null && { cachedInput: price.cachedInput }),
          ...(price.cacheWrite != null && { cacheWrite: price.cacheWrite }),
        },
      }),
    request,
    answer: answer.content,
    ...(answer.reasoning !== undefined && { reasoning: answer.reasoning }),
    ...(answer.adjusted !== undefined && { adjusted: answer.adjusted }),
  };
  const { route, demo, usage, costMicros } = common;
  const told = { route, model: answer.model, demo, usage, costMicros, finishReason: answer.finishReason };
  return {
    answer: { text: answer.content, ...(call.request.schema && { value }), ...(answer.toolCalls && { toolCalls: answer.toolCalls }), ...told },
    record,
  };
}
