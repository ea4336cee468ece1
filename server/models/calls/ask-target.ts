import { DEFAULT_TARGET_TIMEOUT_MS, type RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ChatRequest, textMessage } from '@switchyard/shared/model/chat.ts';
import type { ProviderRequest } from '../provider.ts';
import { type Pause, withRetries } from '../retry.ts';
import { recorded } from './attempt.ts';
import type { Asked, Call, Fitting, TimeLimit } from './call.ts';
import { told } from './check-answer.ts';

/** The request to the model of a target. What the node sets overrides the target. */
export function providerRequest(request: ChatRequest, target: RouteTarget): ProviderRequest {
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

/** Calls one target. Retries after a transient failure. An answer that does not fit its schema is sent back once with the errors. */
export async function askTarget(call: Call, asked: Asked, pause: Pause): Promise<Fitting> {
  const first = await withRetries(() => recorded(call, asked), {
    signal: asked.limit.signal,
    pause,
    hasNext: asked.hasNext,
    retries: asked.target.retries,
    msLeft: asked.limit.msLeft,
    mayRetry: () => asked.access.kind !== 'demo' && !asked.streamed,
  });
  if (!first.misfit) return first;
  if (call.textIsFinal && call.shown) throw first.misfit;
  const complaint = `Your answer does not match the schema: ${told(first.misfit.fields)}. Answer again, with only JSON that matches the schema.`;
  const messages = [...asked.request.messages, textMessage('assistant', first.answer.content), textMessage('user', complaint)];
  const request = { ...asked.request, messages };
  const second = await recorded(call, { ...asked, request, streamed: false });
  if (second.misfit) throw second.misfit;
  return second;
}

/** Runs work with the time limit of a target. */
export async function withinTime<T>(target: RouteTarget, caller: AbortSignal, work: (limit: TimeLimit) => Promise<T>): Promise<T> {
  const ms = target.timeoutMs ?? DEFAULT_TARGET_TIMEOUT_MS;
  const late = new AbortController();
  const message = `“${target.model}” timed out after ${ms / 1_000} s. Increase the target’s timeout, or add a fallback.`;
  let timer: NodeJS.Timeout | undefined;
  let endsAt: number | undefined;
  const limit: TimeLimit = {
    signal: AbortSignal.any([caller, late.signal]),
    start: () => {
      if (endsAt !== undefined) return;
      endsAt = performance.now() + ms;
      timer = setTimeout(() => late.abort(new AppError('provider-timeout', message)), ms);
    },
    msLeft: () => (endsAt === undefined ? ms : endsAt - performance.now()),
  };
  try {
    return await work(limit);
  } finally {
    clearTimeout(timer);
  }
}
