import type { StoreApi } from 'zustand/vanilla';
import { addDelta } from './deltas.ts';
import { type RunSnapshot, RunWatcher } from './run-store.ts';
import { liveSocket } from './socket.ts';

interface Watched {
  readonly watcher: RunWatcher;
  users: number;
}

/** Runs that were looked at lately keep what they know, so that coming back asks only for what is new. */
const KEPT = 20;
const watched = new Map<string, Watched>();
let listening = false;

function entry(runId: string): Watched {
  const known = watched.get(runId);
  if (known) return known;
  const socket = liveSocket();
  if (!listening) {
    listening = true;
    socket.on('run:delta', (delta) => addDelta(delta));
  }
  const made = { watcher: new RunWatcher(runId, socket), users: 0 };
  watched.set(runId, made);
  return made;
}

function forgetOldest(): void {
  const idle = [...watched].filter(([, { users }]) => users === 0);
  for (const [runId] of idle.slice(0, Math.max(0, idle.length - KEPT))) watched.delete(runId);
}

/** The store of a run. It is filled while somebody watches it. */
export const runStore = (runId: string): StoreApi<RunSnapshot> => entry(runId).watcher.store;

/** Watches a run; call what comes back to stop. Several watchers of one run share one subscription. */
export function watchRun(runId: string): () => void {
  const run = entry(runId);
  run.users++;
  if (run.users === 1) run.watcher.open();
  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    run.users--;
    if (run.users > 0) return;
    run.watcher.close();
    // Looked at last goes last, so that the oldest is forgotten first.
    watched.delete(runId);
    watched.set(runId, run);
    forgetOldest();
  };
}
