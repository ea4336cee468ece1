import type { StoreApi } from 'zustand/vanilla';
import { addDelta } from './deltas.ts';
import { addFallback } from './fallbacks.ts';
import { hasEnded, type RunProgress, type RunSnapshot, RunWatcher } from './run-store.ts';
import { liveSocket } from './socket.ts';

interface RunRecord extends RunProgress {
  readonly id: string;
  readonly createdAt: string;
}

interface Watched {
  readonly watcher: RunWatcher;
  users: number;
}

/** Number of recently viewed runs whose events are kept, so returning to one requests only new events. */
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
    socket.on('run:fallback', addFallback);
    socket.on('run:restart', (restart) => addDelta({ ...restart, text: '', restart: true }));
  }
  const made = { watcher: new RunWatcher(runId, socket), users: 0 };
  watched.set(runId, made);
  return made;
}

function forgetOldest(): void {
  const idle = [...watched].filter(([, { users }]) => users === 0);
  for (const [runId] of idle.slice(0, Math.max(0, idle.length - KEPT))) watched.delete(runId);
}

/** The store of a run. It is filled while the run is watched. */
export const runStore = (runId: string): StoreApi<RunSnapshot> => entry(runId).watcher.store;

/** Takes status and times from a run’s record, to show them before its events arrive. */
export const seedRun = ({ id, status, createdAt, startedAt, endedAt }: RunRecord): void =>
  entry(id).watcher.seed({ status, startedAt: startedAt ?? createdAt, endedAt });

/** Watches a run. Returns a function that stops it. All watchers of a run share one subscription. */
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
    // Moves the most recent to the end, so the oldest is evicted first.
    watched.delete(runId);
    watched.set(runId, run);
    forgetOldest();
  };
}

/** Watches a run and calls back once it has ended, immediately if it already has. Returns a function that stops watching. */
export function whenRunEnds(runId: string, then: () => void): () => void {
  const store = runStore(runId);
  if (hasEnded(store.getState())) {
    then();
    return () => {};
  }
  const unwatch = watchRun(runId);
  const unsubscribe = store.subscribe((snapshot) => {
    if (!hasEnded(snapshot)) return;
    stop();
    then();
  });
  const stop = () => {
    unsubscribe();
    unwatch();
  };
  return stop;
}
