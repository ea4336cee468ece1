import { DEFAULT_TARGET_TIMEOUT_MS, type RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ChatRequest, textMessage } from '@switchyard/shared/model/chat.ts';
import type { ProviderRequest } from '../provider.ts';
import { type Pause, withRetries } from '../retry.ts';
import { recorded } from './attempt.ts';
import type { Asked, Call, Fitting } from './call.ts';
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
    signal: asked.signal,
    pause,
    hasNext: asked.hasNext,
    retries: asked.target.retries,
    msLeft: () => asked.endsAt - call.now(),
    mayRetry: () => asked.access.kind !== 'demo' && !asked.streamed,
  });
  if (!first.misfit) return { request: asked.request, ...first };
  if (call.textIsFinal && call.shown) throw first.misfit;
  const complaint = `Your answer does not match the schema: ${told(first.misfit.fields)}. Answer again, with only JSON that matches the schema.`;
  const messages = [...asked.request.messages, textMessage('assistant', first.answer.content), textMessage('user', complaint)];
  const request = { ...asked.request, messages };
  const second = await recorded(call, { ...asked, request, streamed: false });
  if (second.misfit) throw second.misfit;
  return { request, ...second };
}

export const timeoutOf = (target: RouteTarget): number => target.timeoutMs ?? DEFAULT_TARGET_TIMEOUT_MS;

/** Runs work with a signal that aborts with the caller’s, or when the target times out. */
export async function withinTime<T>(target: RouteTarget, caller: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
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
