import type { StatementSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';
import type { RunEvent } from '@switchyard/shared/run/events.ts';
import type { JournalRow } from '../port.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { violatedColumns } from './sqlite-errors.ts';

/** The journal's table. */
export interface Journal {
  /** Copies the row now; the returned operation appends it. */
  append(workspaceId: string, row: JournalRow): () => void;
  read(workspaceId: string, runId: string, fromSeq: number, limit: number | undefined): JournalRow[];
}

const NO_LIMIT = -1;

/** Opens the journal's table. */
export const createJournal = (prepare: (sql: string) => StatementSync): Journal => {
  const insert = prepare('INSERT INTO journal (workspace_id, run_id, seq, epoch, v, events) VALUES (?, ?, ?, ?, ?, ?)');
  const select = prepare(`SELECT seq, epoch, v, events FROM journal
    WHERE workspace_id = ?1 AND run_id = ?2
      AND seq >= coalesce((SELECT max(seq) FROM journal WHERE workspace_id = ?1 AND run_id = ?2 AND seq <= ?3), ?3)
    ORDER BY seq LIMIT ?4`);

  return {
    append: (workspaceId, row) => {
      const events = packJson(JSON.stringify(row.events));
      return () => {
        try {
          insert.run(workspaceId, row.runId, row.seq, row.epoch, row.v, events);
        } catch (thrown) {
          if (violatedColumns(thrown) === undefined) throw thrown;
          throw new AppError('already-exists', `Event ${row.seq} of run ${row.runId} was written by another driver.`, {
            details: { index: 'journal' },
            cause: thrown,
          });
        }
      };
    },
    read: (workspaceId, runId, fromSeq, limit) => {
      // The first row may end before `fromSeq`, so one more than requested is read.
      const rows = select.all(workspaceId, runId, fromSeq, limit === undefined ? NO_LIMIT : limit + 1).map((found) => ({
        runId,
        seq: Number(found.seq),
        epoch: Number(found.epoch),
        v: Number(found.v),
        events: JSON.parse(unpackJson(found.events)) as RunEvent[],
      }));
      const holding = rows.filter((row) => row.seq + row.events.length > fromSeq);
      return limit === undefined ? holding : holding.slice(0, limit);
    },
  };
};
