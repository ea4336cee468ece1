import { AppError } from '@switchyard/shared/errors.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import type { Chat } from '../chat-port.ts';
import type { Call, Fitting, ProviderAccess } from './call.ts';

/* What remains of a call: its record, its usage, or the error that ended it. */

/** Records the usage of a call, successful or not. */
export function noteSpent(call: Call, served: { model: string; connection: string }, error: string | null): void {
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

/** The error of a call whose targets all failed, with what it spent. */
export function chainFailed(failure: AppError, call: Call): AppError {
  const { route, attempts, leftOut, usage, cost } = call;
  const spent = usage.inputTokens + usage.outputTokens > 0 ? { usage, costMicros: cost } : {};
  return new AppError(failure.code, failure.message, {
    fields: failure.fields,
    retryAfterMs: failure.retryAfterMs,
    beforeEffect: failure.beforeEffect,
    details: { ...failure.details, route: `${route.name}@${route.version}`, attempts, ...(leftOut.length > 0 && { leftOut }), ...spent },
    cause: failure,
  });
}

/** The answer and the record of a successful call. */
export function result(call: Call, access: ProviderAccess, { request, answer, value, cached = false }: Fitting): Awaited<ReturnType<Chat>> {
  const { prompt } = call.request;
  const common = {
    route: call.route.name,
    model: answer.model,
    demo: access.kind === 'demo',
    usage: call.usage,
    costMicros: call.unpriced ? null : call.cost,
    finishReason: answer.finishReason,
  };
  const record: ModelCallRecord = {
    kind: 'model',
    ...common,
    routeVersion: call.route.version,
    ...(cached && { cached }),
    ...(call.leftOut.length > 0 && { leftOut: call.leftOut }),
    ...(call.route.stickyFault !== undefined && { stickyFault: call.route.stickyFault }),
    ...(prompt && { prompt }),
    ...(call.degraded && { degraded: call.degraded }),
    ...(call.price && !common.demo && { price: { input: call.price.input, output: call.price.output } }),
    connection: access.connection,
    provider: access.kind,
    request,
    answer: answer.content,
    ...(answer.reasoning !== undefined && { reasoning: answer.reasoning }),
    ...(answer.adjusted !== undefined && { adjusted: answer.adjusted }),
    latencyMs: call.now() - call.startedAt,
    ...(call.firstTokenMs !== undefined && { firstTokenMs: call.firstTokenMs }),
    attempts: call.attempts,
  };
  return {
    answer: { text: answer.content, ...(call.request.schema && { value }), ...(answer.toolCalls && { toolCalls: answer.toolCalls }), ...common },
    record,
  };
}
