import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { eventsInRow } from '@switchyard/shared/run/upcast.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { openRow } from '../policies/run-seal.ts';

/** Events of a run from `from` (inclusive) on, at most `limit`, each with its number. */
export async function readEvents(store: WorkspaceStore, runId: string, from = 1, limit?: number): Promise<JournalEvent[]> {
  // A row holds at least one event, so `limit` rows are enough.
  const rows = await store.readJournal(runId, from, limit);
  const events: JournalEvent[] = [];
  for (const row of rows) {
    // Encrypted payloads are never shown (S66).
    for (const event of eventsInRow(openRow(undefined, row))) {
      if (event.seq >= from && (limit === undefined || events.length < limit)) events.push(event);
    }
  }
  return events;
}
