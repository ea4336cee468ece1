import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { emptyRun, fold } from '@switchyard/shared/run/fold.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';

/** The state of a run after its first `seq` events. */
export const stateAt = (journal: readonly JournalEvent[], seq: number): RunState => fold(journal.slice(0, seq), emptyRun());

/** The number of events in the first `ms` after the first one. */
export function seqAt(journal: readonly JournalEvent[], ms: number): number {
  const start = Date.parse(journal[0]?.at ?? '');
  let low = 0;
  let high = journal.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(journal[middle]?.at ?? '') - start <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Time from the first event to event `seq`, in ms. */
export const timeOf = (journal: readonly JournalEvent[], seq: number): number =>
  seq < 1 ? 0 : Math.max(0, Date.parse(journal[seq - 1]?.at ?? '') - Date.parse(journal[0]?.at ?? ''));

const MIN_MS = 2_000;
const MAX_MS = 12_000;

/** The speed factor at which a replay lasts between 2 and 12 s. */
export function replaySpeed(runMs: number): number {
  if (runMs <= 0) return 1;
  return runMs / Math.min(MAX_MS, Math.max(MIN_MS, runMs));
}
