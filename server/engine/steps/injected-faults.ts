import type { HttpAnswer, HttpRequest } from '@switchyard/nodes/sdk/context.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { HttpCallRecord } from '@switchyard/shared/run/events.ts';
import type { FaultKind } from '@switchyard/shared/run/faults.ts';

/* What a call with an injected fault returns or throws (S78a). Nothing is sent, except that a slow call is sent after a delay. */

const SLOW_MS = 10_000;
const RETRY_AFTER_MS = 1_000;
const NONSENSE = 'Purple ladders hum beneath the quarterly moon, therefore seven.';
const NONSENSE_JSON = '{"purple":"ladders","seven":null}';
const MALFORMED = '{"result": "cut off in the mid';
const SAYS = 'Injected fault';

/** The answer with the fault. Undefined if the call is made after all. */
export async function faultyChat({
  fault,
  request,
  pause,
}: {
  readonly fault: FaultKind;
  readonly request: ChatRequest;
  readonly pause: (ms: number) => Promise<void>;
}): Promise<ChatAnswer | undefined> {
  switch (fault) {
    case 'slow':
      await pause(SLOW_MS);
      return undefined;
    case 'rate-limited':
      throw new AppError('provider-rate-limited', `${SAYS}: rate limited by the model provider.`, { retryAfterMs: RETRY_AFTER_MS, beforeEffect: true });
    case 'malformed':
      if (request.schema) throw new AppError('bad-answer', `${SAYS}: the model’s output is cut off, so it is not valid JSON.`);
      return answerOf(request, MALFORMED);
    case 'nonsense':
      if (request.schema) throw new AppError('bad-answer', `${SAYS}: the model’s output doesn’t match the schema.`);
      return answerOf(request, NONSENSE);
    default:
      throw new AppError('provider-unavailable', `${SAYS}: no model of the route is available.`, { beforeEffect: true });
  }
}

const answerOf = ({ route }: ChatRequest, text: string): ChatAnswer => ({
  text,
  route,
  model: '',
  demo: true,
  usage: { inputTokens: 0, outputTokens: 0 },
  costMicros: 0,
  finishReason: 'stop',
});

interface HttpReply {
  readonly answer: HttpAnswer;
  readonly record: HttpCallRecord;
}

export async function faultyHttp({
  fault,
  request,
  send,
  pause,
}: {
  readonly fault: FaultKind;
  readonly request: HttpRequest;
  readonly send: () => Promise<HttpReply>;
  readonly pause: (ms: number) => Promise<void>;
}): Promise<HttpReply> {
  switch (fault) {
    case 'slow':
      await pause(SLOW_MS);
      return send();
    case 'provider-down':
      throw new AppError('connect-failed', `${SAYS}: the server can’t be reached.`, { beforeEffect: true });
    case 'rate-limited':
      return replyOf(request, 429, JSON.stringify({ error: SAYS }), { 'retry-after': '1' });
    case 'tool-error':
      return replyOf(request, 500, JSON.stringify({ error: SAYS }));
    case 'malformed':
      return replyOf(request, 200, MALFORMED);
    case 'nonsense':
      return replyOf(request, 200, NONSENSE_JSON);
  }
}

function replyOf({ method, url }: HttpRequest, status: number, text: string, headers: Record<string, string> = {}): HttpReply {
  const bytes = text.length;
  return {
    answer: { status, headers: { 'content-type': 'application/json', ...headers }, text, bytes },
    record: { kind: 'http', method: method.toUpperCase(), url: URL.parse(url)?.origin ?? '', status, bytes, latencyMs: 0 },
  };
}
