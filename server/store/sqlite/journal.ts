import type { RunEvent } from '@switchyard/shared/run/events.ts';
import type { JournalRow, NewRow } from '../port.ts';
import { parseStored, unpackJson } from './commit/packed-json.ts';
import type { JournalEntry } from './commit/write.ts';
import type { Prepare } from './statement-cache.ts';

const NO_LIMIT = -1;

/** A row as written. Copies the events. */
export const journalEntry = (workspaceId: string, { runId, seq, epoch, v, events, seal, json }: NewRow): JournalEntry => ({
  workspaceId,
  runId,
  seq,
  epoch,
  v,
  events: json ?? JSON.stringify(events),
  seal: seal ?? null,
});

/** Reads the rows of a run that hold events from `fromSeq` on. */
export function readJournal(prepare: Prepare, { workspaceId, runId, fromSeq, limit }: JournalRange): JournalRow[] {
  const select = prepare(`SELECT seq, epoch, v, events, seal FROM journal
    WHERE workspace_id = ?1 AND run_id = ?2
      AND seq >= coalesce((SELECT max(seq) FROM journal WHERE workspace_id = ?1 AND run_id = ?2 AND seq <= ?3), ?3)
    ORDER BY seq LIMIT ?4`);
  // The first row may end before `fromSeq`, so one more than requested is read.
  const rows = select.all(workspaceId, runId, fromSeq, limit === undefined ? NO_LIMIT : limit + 1).map((found) => ({
    runId,
    seq: Number(found.seq),
    epoch: Number(found.epoch),
    v: Number(found.v),
    events: parseStored<RunEvent[]>(unpackJson(found.events)),
    ...(found.seal !== null && { seal: String(found.seal) }),
  }));
  const holding = rows.filter((row) => row.seq + row.events.length > fromSeq);
  return limit === undefined ? holding : holding.slice(0, limit);
}

interface JournalRange {
  readonly workspaceId: string;
  readonly runId: string;
  readonly fromSeq: number;
  readonly limit: number | undefined;
}
