import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unpackJson } from '@switchyard/server/store/sqlite/commit/packed-json.ts';
import type { RunEvent } from '@switchyard/shared/run/events.ts';

interface Journal {
  /** The sequence number the next event must have. */
  next: number;
  last: RunEvent['type'] | undefined;
  /** Why it is incomplete. */
  fault: string | undefined;
}

/**
 * Reads a stopped server's file and verifies that each of these runs is complete: it succeeded, its journal is numbered from 1 without gaps
 * and ends with its last event, and its record includes that event. Throws on the first one that isn't.
 */
export function checkWholeJournals(dataDir: string, runIds: readonly string[]): void {
  const database = new DatabaseSync(join(dataDir, 'switchyard.db'), { readOnly: true });
  try {
    const journals = readJournals(database);
    const records = new Map<string, { status: string; seq: number }>();
    for (const row of database.prepare('SELECT id, doc FROM runs').iterate()) {
      const { status, seq } = JSON.parse(unpackJson(row.doc)) as { status: string; seq: number };
      records.set(String(row.id), { status, seq });
    }
    for (const runId of runIds) {
      const fault = faultOf(journals.get(runId), records.get(runId));
      if (fault !== undefined) throw new Error(`Run ${runId} was answered, but ${fault}.`);
    }
    if (new Set(runIds).size !== runIds.length) throw new Error('Two replies named the same run.');
  } finally {
    database.close();
  }
}

function readJournals(database: DatabaseSync): Map<string, Journal> {
  const journals = new Map<string, Journal>();
  for (const row of database.prepare('SELECT run_id, seq, events FROM journal ORDER BY run_id, seq').iterate()) {
    const runId = String(row.run_id);
    const journal = journals.get(runId) ?? { next: 1, last: undefined, fault: undefined };
    const events = JSON.parse(unpackJson(row.events)) as RunEvent[];
    if (Number(row.seq) !== journal.next) journal.fault = `its journal continues with ${row.seq} instead of ${journal.next}`;
    journal.next += events.length;
    journal.last = events.at(-1)?.type;
    journals.set(runId, journal);
  }
  return journals;
}

function faultOf(journal: Journal | undefined, record: { status: string; seq: number } | undefined): string | undefined {
  if (!journal) return 'it has no journal';
  if (journal.fault !== undefined) return journal.fault;
  if (journal.last !== 'run-finished') return `its journal ends with ${journal.last}`;
  if (!record) return 'it has no record';
  if (record.status !== 'succeeded') return `its record says ${record.status}`;
  return record.seq === journal.next - 1 ? undefined : `its record has seen event ${record.seq} of ${journal.next - 1}`;
}
