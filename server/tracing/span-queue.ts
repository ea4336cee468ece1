import type { Span } from './span.ts';

/*
 * Spans on their way to the receiver, which may be slow or away. Nothing waits for it: the queue is bounded, and what doesn’t fit or can’t be
 * delivered is counted as dropped.
 */

const MOST_SPANS = 8_192;
const BATCH = 512;
/** How long spans wait for others. */
const LONGEST_WAIT_MS = 1_000;

export interface SpanCounts {
  readonly exported: number;
  readonly dropped: number;
}

export interface SpanQueue {
  add(spans: readonly Span[]): void;
  counts(): SpanCounts;
  /** Sends what is queued, within this time. Later spans are dropped. */
  close(limitMs: number): Promise<void>;
}

/** `send` resolves with whether the spans were delivered. */
export function createSpanQueue(send: (spans: readonly Span[]) => Promise<boolean>): SpanQueue {
  let queued: Span[] = [];
  let exported = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let closed = false;

  const sendAll = async (): Promise<void> => {
    while (queued.length > 0) {
      const batch = queued.slice(0, BATCH);
      queued = queued.slice(BATCH);
      const isDelivered = await send(batch).catch(() => false);
      if (isDelivered) exported += batch.length;
      else dropped += batch.length;
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending ??= sendAll().finally(() => {
      sending = undefined;
      if (queued.length > 0) void flush();
    });
    return sending;
  };
  return {
    add: (spans) => {
      const room = closed ? 0 : MOST_SPANS - queued.length;
      queued.push(...spans.slice(0, room));
      dropped += Math.max(0, spans.length - room);
      if (queued.length === 0 || sending) return;
      if (queued.length >= BATCH) void flush();
      else timer ??= setTimeout(() => void flush(), LONGEST_WAIT_MS).unref();
    },
    counts: () => ({ exported, dropped }),
    close: async (limitMs) => {
      closed = true;
      const limit = Promise.withResolvers<void>();
      const late = setTimeout(limit.resolve, limitMs);
      await Promise.race([flush(), limit.promise]);
      clearTimeout(late);
      dropped += queued.length;
      queued = [];
    },
  };
}
