import { readActor } from './actor.ts';
import type { JournalEvent, RunEvent } from './events.ts';

interface StoredEvents {
  readonly seq: number;
  readonly v: number;
  readonly events: readonly RunEvent[];
}

/**
 * The events of a journal row, numbered and in the current format (S21). Nothing stored is rewritten. Events of version 1 are
 * marked, because their steps keep the IDs of that version (S30).
 */
export function eventsInRow({ seq, v, events }: StoredEvents): JournalEvent[] {
  return events.map((event, index) => ({
    ...event,
    seq: seq + index,
    ...(event.actor && { actor: readActor(event.actor) }),
    ...(v === 1 && { v: 1 as const }),
  }));
}
