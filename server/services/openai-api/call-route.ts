import { AppError, isAppError, messageForCaller, toAppError } from '@switchyard/shared/errors.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { Chat } from '../../models/chat-port.ts';
import type { ServiceContext } from '../context.ts';
import { type CallOptions, type ModelAnswer, type ModelCall, unknownModel } from './model-call.ts';

/** Calls a model route for a caller outside any run. */
export async function callRoute(chat: Chat, { workspaceId }: ServiceContext, route: string, call: ModelCall, options: CallOptions): Promise<ModelAnswer> {
  const { model, messages, written: _written, stream, ...settings } = call;
  const request: ChatRequest = { ...settings, route, messages };
  // JSON is sent only after validation. Otherwise, a repaired or second response would be appended to the first.
  const streams = stream && !call.schema;
  const { answer } = await chat(request, {
    workspaceId,
    purpose: 'openai-api',
    signal: options.signal,
    onDelta: streams ? options.onDelta : () => undefined,
    textIsFinal: streams,
  }).catch((thrown: unknown) => {
    throw isAppError(thrown, 'unknown-route') ? unknownModel(model) : forCaller(toAppError(thrown));
  });
  const { text, value, toolCalls = [], usage } = answer;
  return {
    text: call.schema && toolCalls.length === 0 ? JSON.stringify(value) : text,
    toolCalls,
    finishReason: toolCalls.length > 0 ? 'tool_calls' : finishReason(answer.finishReason),
    usage,
  };
}

/** A kill switch on the route that the caller named, and not on a model or connection behind it. */
const isRouteStopped = ({ code, details }: AppError): boolean => code === 'killed' && details.scope === 'route';

/** The failure of a call as its caller learns it. The health of the connection shows its message on the page. */
const forCaller = (error: AppError): AppError =>
  isRouteStopped(error) ? error : new AppError(error.code, messageForCaller(error), { retryAfterMs: error.retryAfterMs, cause: error });

const finishReason = (reason: string): ModelAnswer['finishReason'] => (reason === 'length' || reason === 'content_filter' ? reason : 'stop');
