import type { RunEvents } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { briefSender } from './brief-sender.ts';

/*
 * One watcher of one run: gets every event from a number on, in order and once each (promise 17).
 * Invariants: 1. `next` is the only event that may be sent next. 2. While the journal is being read, live events are only noted: they are
 * committed before they are announced, so the journal has them too. 3. A gap between `next` and a live event sends the watcher back to the
 * journal.
 */

const PAGE = 500;

export interface RunWatch {
  /** Newly committed events up to the number `head`. They may be missing here, and are then read. */
  offer(events: readonly JournalEvent[], head: number): void;
  /** Reads what was committed since, in case it was not announced. */
  look(): void;
  stop(): void;
}

interface WatchParts {
  readonly runId: string;
  readonly fromSeq: number;
  readonly read: (from: number, limit: number) => Promise<JournalEvent[]>;
  readonly send: (batch: RunEvents) => void;
  readonly brief?: { readonly whole: readonly string[] } | undefined;
  readonly failed: (error: unknown) => void;
}

/** Starts watching. `caughtUp` resolves with the number of the last event sent, once all past events are sent. */
export function watchRun({ runId, fromSeq, read, send, brief, failed }: WatchParts): { watch: RunWatch; caughtUp: Promise<number> } {
  let next = fromSeq;
  let reading = false;
  let stopped = false;
  /** The highest number offered while the journal was being read. */
  let offered = 0;
  const sender = brief ? briefSender(runId, brief.whole, send) : { add: (events: JournalEvent[]) => send({ runId, events }), stop: () => {} };

  const pass = (events: readonly JournalEvent[]): void => {
    const fresh = events.filter((event) => event.seq >= next);
    const last = fresh.at(-1);
    if (!last) return;
    next = last.seq + 1;
    sender.add(fresh);
  };

  const catchUp = async (): Promise<number> => {
    reading = true;
    try {
      for (;;) {
        const events = await read(next, PAGE);
        if (stopped) return next - 1;
        pass(events);
        if (events.length === 0 || (events.length < PAGE && offered < next)) return next - 1;
      }
    } finally {
      reading = false;
    }
  };

  const watch: RunWatch = {
    offer: (events, head) => {
      const first = events[0];
      if (stopped || head < next) return;
      if (reading) offered = Math.max(offered, head);
      else if (first && first.seq <= next) pass(events);
      else {
        offered = head;
        catchUp().catch(failed);
      }
    },
    look: () => {
      // The next read makes up for a failed one.
      if (!stopped && !reading) catchUp().catch(() => {});
    },
    stop: () => {
      stopped = true;
      sender.stop();
    },
  };
  return { watch, caughtUp: catchUp() };
}
