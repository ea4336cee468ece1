import { fold } from '@switchyard/shared/run/fold.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { eventsInRow } from '@switchyard/shared/run/upcast.ts';
import { summaryOf } from '../engine/summary.ts';
import { openRow, sealedSummary } from '../services/policies/run-seal.ts';
import type { RunRecord } from '../store/collections.ts';
import type { JournalRow } from '../store/port.ts';

/*
 * Makes the record of a run agree with its journal. They were read one after the other while the run was driven or its data removed.
 */

export interface Repaired {
  readonly record: RunRecord;
  /** Its journal was being removed: the remaining rows are dropped. */
  readonly dropsJournal: boolean;
}

/** `at` is the time of the restore. An open run is held from then on. */
export function repairRun(record: RunRecord, rows: readonly JournalRow[], at: string): Repaired {
  const last = rows.at(-1);
  const seq = last ? last.seq + last.events.length - 1 : 0;
  const unowned = withoutPlace(record);
  if (isEnded(record.status)) {
    const isRemoved = seq < record.seq || record.journalRemovedAt !== undefined;
    return isRemoved
      ? { record: { ...unowned, journalRemovedAt: record.journalRemovedAt ?? at, payloadsRemovedAt: record.payloadsRemovedAt ?? at }, dropsJournal: true }
      : { record: unowned, dropsJournal: false };
  }
  const state = fold(rows.map((row) => openRow(undefined, row)).flatMap(eventsInRow));
  if (isEnded(state.status)) {
    const summary = summaryOf(state);
    return { record: { ...unowned, ...(record.triggerData.sealed === undefined ? summary : sealedSummary(summary)) }, dropsJournal: false };
  }
  return { record: { ...unowned, ...openStatus(record, state.seq), heldSince: at, heldWakeAt: record.wakeAt, wakeAt: null }, dropsJournal: false };
}

/** A record that differs from its journal gets a status with which the engine reads the journal, and corrects the record. */
function openStatus(record: RunRecord, seq: number): Partial<RunRecord> {
  if (seq === record.seq) return {};
  return { status: seq === 0 ? 'queued' : 'running', seq: Math.min(record.seq, seq) };
}

/** No process drives it (S41). */
function withoutPlace({ owner: _owner, queue: _queue, slot: _slot, heldSince: _since, heldWakeAt: _wakeAt, ...record }: RunRecord): RunRecord {
  return record;
}
