import type { RunEvents } from '@switchyard/shared/realtime/protocol.ts';
import { createBrief } from '@switchyard/shared/run/brief-events.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { subjectOf } from '@switchyard/shared/run/fold-frame.ts';

/** While items run, events are sent this often, so an item that starts and ends in between is one event. */
const EVERY_MS = 100;
/** Events held back, at most. */
const MOST_HELD = 2_000;

const isInItem = (event: JournalEvent): boolean => subjectOf(event)?.includes(']') === true;

/** Sends events without what happens in the items of long for-each steps. Everything else is sent at once. */
export function briefSender(runId: string, whole: readonly string[], send: (batch: RunEvents) => void) {
  const brief = createBrief(whole);
  let held: JournalEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const [first, last] = [held[0], held.at(-1)];
    if (!first || !last) return;
    const { events, spent } = brief(held);
    held = [];
    send({ runId, events, brief: { from: first.seq, upTo: last.seq, ...(spent && { spent }) } });
  };
  return {
    add(events: readonly JournalEvent[]): void {
      held.push(...events);
      if (held.length >= MOST_HELD || !events.some(isInItem)) flush();
      else timer ??= setTimeout(flush, EVERY_MS).unref();
    },
    stop: (): void => {
      clearTimeout(timer);
      held = [];
    },
  };
}
