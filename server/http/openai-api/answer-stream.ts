import type { ServerResponse } from 'node:http';
import type { Log } from '../../log.ts';
import { type ModelAnswer, startedAgain } from '../../services/openai-api/model-call.ts';
import { EVENT_STREAM_HEADERS, HEARTBEAT_MS, MOST_UNREAD_BYTES } from '../event-stream.ts';
import { type OpenAiError, openAiError } from './openai-error.ts';
import { createSentText } from './sent-text.ts';

/*
 * Streams an answer as server-sent events. Invariants:
 * 1. What a caller has received is the beginning of the answer, or the stream ends with an error: clients of OpenAI can't retract text
 *    (S59).
 * 2. Until there is something to send, an error is still a response with its status.
 */

/** The stream format of one endpoint. Each text consists of whole events. */
export interface StreamFormat {
  start(): string;
  delta(text: string): string;
  end(answer: ModelAnswer): string;
  failed(error: OpenAiError['body']): string;
}

type Ask = (onDelta: (text: string) => void) => Promise<ModelAnswer>;

export async function streamAnswer(response: ServerResponse, format: StreamFormat, ask: Ask, log: Log): Promise<void> {
  const sent = createSentText();
  let behind = false;
  const open = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, EVENT_STREAM_HEADERS);
    response.write(format.start());
  };
  const send = (text: string): void => {
    if (text === '') return;
    open();
    sent.add(text);
    response.write(format.delta(text));
  };
  const heartbeat = setInterval(() => {
    open();
    response.write(': still running\n\n');
  }, HEARTBEAT_MS);
  try {
    const answer = await ask((text) => {
      behind ||= response.writableLength >= MOST_UNREAD_BYTES;
      if (!behind) send(text);
    });
    const rest = sent.restOf(answer.text);
    if (rest === undefined) throw startedAgain();
    send(rest);
    open();
    response.end(format.end(answer));
  } catch (error) {
    if (!response.headersSent || response.destroyed) throw error;
    response.end(format.failed(openAiError(error, log).body));
  } finally {
    clearInterval(heartbeat);
  }
}
