import { AppError } from '@switchyard/shared/errors.ts';
import type { RunEvent } from '@switchyard/shared/run/events.ts';
import mongoose, { type mongo } from 'mongoose';
import type { JournalRow, NewRow } from '../port.ts';
import { createInsertQueue, WriteRefused } from './bulk-queue.ts';
import { repeatedOnConflict } from './conflicts.ts';
import { assertFits } from './document-size.ts';
import type { StoreModel } from './model.ts';
import { isDuplicate } from './mongo-errors.ts';
import type { Presence } from './presence.ts';

/** The journal's collection. */
export interface Journal {
  /** Copies the row now; resolves once it is safe. */
  append(workspaceId: string, row: NewRow): Promise<void>;
  read(workspaceId: string, runId: string, fromSeq: number, limit: number | undefined): Promise<JournalRow[]>;
  /** Replaces the events of an existing row, and its seal. */
  rewrite(workspaceId: string, row: NewRow): Promise<void>;
  /** Deletes all rows of a run. */
  remove(workspaceId: string, runId: string): Promise<void>;
}

/** A row as stored: its events as JSON. */
export interface StoredRow {
  readonly seq: number;
  readonly epoch: number;
  readonly v: number;
  readonly events: string;
  readonly seal?: string;
}

/** Rows stored in the records of their runs. */
export interface Heads {
  of(workspaceId: string, runId: string): Promise<StoredRow | undefined>;
  /** Replaces the head, or removes it. */
  set(workspaceId: string, runId: string, head: StoredRow | undefined): Promise<void>;
}

export const storedRow = ({ seq, epoch, v, events, seal, json }: NewRow): StoredRow => ({
  seq,
  epoch,
  v,
  events: json ?? JSON.stringify(events),
  ...(seal !== undefined && { seal }),
});

/** Opens the journal on its model. */
export const createJournal = (model: StoreModel, presence: Presence, heads: Heads): Journal => {
  const { collection } = model;
  const inserts = createInsertQueue(collection, presence, ({ runId }) => String(runId));
  return {
    append: async (workspaceId, row) => {
      const { runId, seq } = row;
      const stored = storedRow(row);
      assertFits('journal', runId, [stored.events]);
      await inserts.add({ _id: new mongoose.Types.ObjectId(), workspaceId, runId, ...stored }).catch((thrown: unknown) => {
        if (!(thrown instanceof WriteRefused && isDuplicate(thrown.failure))) throw thrown;
        throw new AppError('already-exists', `Event ${seq} of run ${runId} was written by another driver.`, { details: { index: 'journal' }, cause: thrown });
      });
    },
    read: async (workspaceId, runId, fromSeq, limit) => {
      const ofRun = { workspaceId: { $eq: workspaceId }, runId: { $eq: runId } };
      const [head, before, later] = await Promise.all([
        heads.of(workspaceId, runId),
        // The row that starts before `fromSeq` and may contain it.
        collection
          .find({ ...ofRun, seq: { $lte: fromSeq } })
          .sort({ seq: -1 })
          .limit(1)
          .toArray(),
        collection
          .find({ ...ofRun, seq: { $gt: fromSeq } })
          .sort({ seq: 1 })
          .limit(limit ?? 0)
          .toArray(),
      ]);
      const rows = [...(head ? [head] : []), ...before, ...later]
        .map((document) => rowOf(runId, document))
        .filter((row) => row.seq + row.events.length > fromSeq);
      return limit === undefined ? rows : rows.slice(0, limit);
    },
    rewrite: async (workspaceId, row) => {
      await presence.here();
      const stored = storedRow(row);
      const ofRow = { workspaceId: { $eq: workspaceId }, runId: { $eq: row.runId }, seq: { $eq: row.seq } };
      const { matchedCount } = await repeatedOnConflict(() => collection.updateOne(ofRow, { $set: { events: stored.events, seal: stored.seal ?? null } }));
      if (matchedCount === 0) await heads.set(workspaceId, row.runId, stored);
    },
    remove: async (workspaceId, runId) => {
      await presence.here();
      await repeatedOnConflict(() => collection.deleteMany({ workspaceId: { $eq: workspaceId }, runId: { $eq: runId } }));
      await heads.set(workspaceId, runId, undefined);
    },
  };
};

const rowOf = (runId: string, { seq, epoch, v, events, seal }: mongo.Document | StoredRow): JournalRow => ({
  runId,
  seq: Number(seq),
  epoch: Number(epoch),
  v: Number(v),
  events: JSON.parse(String(events)) as RunEvent[],
  ...(typeof seal === 'string' && { seal }),
});
