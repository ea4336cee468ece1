/* Server-sent events (WHATWG HTML §9.2), as every stream of this server sends them. */

export const HEARTBEAT_MS = 15_000;
/** A reader this far behind gets no more deltas. The last event has the whole text. */
export const MOST_UNREAD_BYTES = 1_000_000;

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that follow nginx buffer events otherwise.
  'x-accel-buffering': 'no',
} as const;

/** One event. JSON contains no line breaks, so one `data` line is enough. */
export const event = (data: unknown, name?: string): string => `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
