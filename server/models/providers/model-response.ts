import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { readJson } from '@switchyard/shared/read-json.ts';
import { notAModelServer, notAnAnswer, type ProviderPlace } from './provider-errors.ts';

/*
 * The SDKs expect a stream of server-sent events from a server that speaks the protocol. This wraps `fetch` to provide one: a complete JSON
 * answer, which some servers send although a stream was requested, becomes a stream, and anything that is not the protocol becomes an error
 * that names the cause.
 */

/** A count of tokens as a server reports it. Undefined if it is missing or not a number. */
export const tokenCount = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined);

/** A stream of events made from a whole answer, or undefined if the value is not an answer. */
export type ToEvents = (answer: Record<string, unknown>) => readonly { readonly event?: string; readonly data: unknown }[] | undefined;

const MAX_WHOLE_BYTES = 4_000_000;
/** How long the end of a response may take after `[DONE]`. */
const LONGEST_END_MS = 1_000;
const EVENT_STREAM = /^\s*(data|event|id|retry)?:/;

/** Wraps `fetch` for one server. */
export function readModelResponses(fetchFrom: typeof fetch, place: Pick<ProviderPlace, 'host' | 'secret'>, toEvents: ToEvents): typeof fetch {
  const { host } = place;
  return async (input, init) => {
    const response = await fetchFrom(input, init);
    if (!response.ok) return response;
    if (!response.body) throw notAModelServer(place, response, '');
    // Every POST is a chat request with `stream: true`.
    const wantsStream = init?.method?.toUpperCase() === 'POST';
    const { start, isAll, rest } = await firstPiece(response.body);
    const isDeclared = /text\/event-stream/i.test(response.headers.get('content-type') ?? '');
    if (wantsStream && (isDeclared ? !isAll && !/^\s*[{<]/.test(start) : EVENT_STREAM.test(start)))
      return new Response(rest(), { status: 200, headers: { 'content-type': 'text/event-stream' } });
    const text = await textOf(rest(), host);
    const value = parsed(text);
    if (value === undefined) throw notAModelServer(place, response, text);
    const stated = errorIn(value);
    if (stated !== undefined) throw new AppError('provider-refused', `“${host}” returned an error: ${stated}`);
    const events = wantsStream && isPlainObject(value) ? toEvents(value) : undefined;
    if (wantsStream && !events) throw notAnAnswer(place, { response, text });
    return events ? streamOf(events) : new Response(text, { status: 200, headers: { 'content-type': 'application/json' } });
  };
}

interface FirstPiece {
  readonly start: string;
  /** Nothing follows it: the body is empty. */
  readonly isAll: boolean;
  /** A stream of everything, including this. */
  readonly rest: () => ReadableStream<Uint8Array>;
}

async function firstPiece(body: ReadableStream<Uint8Array>): Promise<FirstPiece> {
  const reader = body.getReader();
  let first: Awaited<ReturnType<typeof reader.read>> | undefined = await reader.read();
  const start = first.value ? new TextDecoder().decode(first.value.subarray(0, 200)) : '';
  const isAll = first.done;
  const rest = (): ReadableStream<Uint8Array> => {
    let isCanceled = false;
    return new ReadableStream({
      start(controller) {
        if (first?.value) controller.enqueue(first.value);
        if (isAll) controller.close();
        // The stream may stay open for long.
        first = undefined;
      },
      async pull(controller) {
        const { done, value } = await reader.read();
        if (isCanceled) return;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        isCanceled = true;
        void readToEnd(reader);
      },
    });
  };
  return { start, isAll, rest };
}

/**
 * The SDKs cancel a response at `[DONE]`, which would close the connection. Reading the response to its end keeps the connection for the next
 * call. An aborted call still closes it.
 */
async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => reader.cancel().catch(() => undefined), LONGEST_END_MS);
  try {
    for (let done = false; !done; ) ({ done } = await reader.read());
  } catch {
    // Aborted, or broken after its end.
  } finally {
    clearTimeout(timer);
  }
}

async function textOf(body: ReadableStream<Uint8Array>, host: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MAX_WHOLE_BYTES) throw new AppError('response-too-large', `“${host}” returned more than ${MAX_WHOLE_BYTES / 1e6} MB.`);
  }
  return text + decoder.decode();
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** The message of `{error: {message}}` or `{error: "…"}`, which some servers send with status 200. */
function errorIn(value: unknown): string | undefined {
  if (!isPlainObject(value) || value.error === undefined || value.error === null) return undefined;
  const { error } = value;
  if (isPlainObject(error) && typeof error.message === 'string') return error.message.slice(0, 500);
  return typeof error === 'string' ? error.slice(0, 500) : JSON.stringify(error).slice(0, 500);
}

function streamOf(events: readonly { readonly event?: string; readonly data: unknown }[]): Response {
  const text = events.map(({ event, data }) => `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`).join('');
  return new Response(`${text}data: [DONE]\n\n`, { status: 200, headers: { 'content-type': 'text/event-stream' } });
}
