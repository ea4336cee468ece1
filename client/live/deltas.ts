import type { RunDelta } from '@switchyard/shared/realtime/protocol.ts';
import { createStore } from 'zustand/vanilla';

/** Streamed text of steps in progress, by run and step. Ephemeral: the journal has the whole text once the call is done. */
interface Streamed {
  readonly callId: string;
  readonly text: string;
}

export const deltas = createStore<ReadonlyMap<string, Streamed>>(() => new Map());

export const deltaKey = (runId: string, stepId: string): string => `${runId}/${stepId}`;

/** A piece of text. With `restart`, the call’s earlier text must be discarded. */
type Piece = RunDelta & { readonly restart?: true };

let pending: Piece[] = [];

/** How often streamed text is shown. Showing it with each frame would slow down a drag. */
const SHOWN_EVERY_MS = 100;
const soon = (task: () => void): void => void setTimeout(task, SHOWN_EVERY_MS);

/** Appends streamed text, shown within 100 ms. A new call of the same step starts a new text. */
export function addDelta(delta: Piece, schedule: (task: () => void) => void = soon): void {
  pending.push(delta);
  if (pending.length === 1) schedule(flush);
}

function flush(): void {
  const next = new Map(deltas.getState());
  for (const { runId, stepId, callId, text, restart } of pending) {
    const key = deltaKey(runId, stepId);
    const before = next.get(key);
    next.set(key, { callId, text: before?.callId === callId && !restart ? before.text + text : text });
  }
  pending = [];
  deltas.setState(next, true);
}

/** Drops the text of a finished step. */
export function clearDelta(runId: string, stepId: string): void {
  pending = pending.filter((delta) => delta.runId !== runId || delta.stepId !== stepId);
  const key = deltaKey(runId, stepId);
  if (!deltas.getState().has(key)) return;
  const next = new Map(deltas.getState());
  next.delete(key);
  deltas.setState(next, true);
}
