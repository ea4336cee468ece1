import { listRunEvents } from '@switchyard/shared/contracts/runs.ts';
import { restoredEvent } from '@switchyard/shared/files/restored-run.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { foldFrame } from '@switchyard/shared/run/fold-frame.ts';
import type { FrameState } from '@switchyard/shared/run/state.ts';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/call.ts';

/*
 * Items of long for-each steps, read from the API on demand: what happens in them is not in the state of a live run (S36). An item that has ended
 * is read once; one that is open, again while it is shown.
 */

interface ReadFrame {
  /** Undefined if the item has not started. */
  readonly frame: FrameState | undefined;
  readonly isFinal: boolean;
  readonly at: number;
}

const MOST_KEPT = 50;
const AGAIN_MS = 1_000;
const PAGE = 5_000;

export const readFrames = createStore<ReadonlyMap<string, ReadFrame>>(() => new Map());
const reading = new Set<string>();

const keyOf = (runId: string, frame: string): string => `${runId} ${frame}`;

/** An item as it was read last. Undefined if it wasn’t, or has not started. */
export const readFrame = (runId: string, frame: string): FrameState | undefined => readFrames.getState().get(keyOf(runId, frame))?.frame;

/** Reads an item unless it is known, or was read a moment ago. `isFinal`: nothing happens in it anymore. */
export function wantFrame(runId: string, frame: string, isFinal: boolean): void {
  const key = keyOf(runId, frame);
  const known = readFrames.getState().get(key);
  if (reading.has(key) || known?.isFinal || (known && !isFinal && performance.now() - known.at < AGAIN_MS)) return;
  reading.add(key);
  eventsIn(runId, frame)
    .then((events) => keep(key, { frame: foldFrame(events, frame).frames.get(frame), isFinal, at: performance.now() }))
    // Wanted again as long as it is shown.
    .catch(() => {})
    .finally(() => reading.delete(key));
}

function keep(key: string, read: ReadFrame): void {
  const next = new Map(readFrames.getState());
  next.delete(key);
  next.set(key, read);
  for (const oldest of next.keys()) {
    if (next.size <= MOST_KEPT) break;
    next.delete(oldest);
  }
  readFrames.setState(next, true);
}

async function eventsIn(runId: string, frame: string): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(listRunEvents, { params: { id: runId }, query: { frame, limit: PAGE, ...(cursor && { cursor }) } });
    events.push(...page.items.map(restoredEvent));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return events;
}
