import { queueKey } from '@switchyard/shared/run/queue-key.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Bus } from '../../engine/bus.ts';
import type { Engine } from '../../engine/engine-api.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { forgetRestored, noteLeft, readReleased, readRestored } from './held-records.ts';

/*
 * Continues the runs that a restore holds, once a person has released them. Each is released by one compare-and-set, so a pass may be
 * repeated after an interruption, or run in several processes. In an installation that was never restored, this reads once, at startup.
 */

const ASK_EVERY_MS = 1_000;
const PAGE = 200;

export interface ReleaseParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly bus: Bus;
  readonly engine: Pick<Engine, 'wakeAll' | 'wakeHeld' | 'ownerOfNew'>;
  readonly report: (problem: string, error: unknown) => void;
}

/** Returns a function that stops, after the page in progress. */
export function startReleases({ stores, workspaces, bus, engine, report }: ReleaseParts): () => Promise<void> {
  const stopped = new AbortController();
  let asked: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    const left: boolean[] = [];
    for (const workspaceId of await workspaces()) left.push(await releaseIn(stores.in(workspaceId), engine, stopped.signal));
    if (!left.includes(true)) clearInterval(timer);
  };
  const askOnce = (): void => {
    asked ??= ask()
      .catch((error) => report('Releasing held runs failed; retrying', error))
      .finally(() => {
        asked = undefined;
      });
  };
  const timer = setInterval(askOnce, ASK_EVERY_MS).unref();
  const unsubscribe = bus.subscribe((message) => {
    if (message.kind === 'invalidate' && message.what === 'held-runs') askOnce();
  });
  askOnce();
  return async () => {
    stopped.abort();
    clearInterval(timer);
    unsubscribe();
    await asked;
  };
}

/** True if runs are still held. */
async function releaseIn(store: WorkspaceStore, engine: ReleaseParts['engine'], stop: AbortSignal): Promise<boolean> {
  if (!(await readRestored(store))) return false;
  const released = await readReleased(store);
  if (!released) return true;
  for (let { left } = released; ; ) {
    const { items } = await store.find(runs, { range: { field: 'heldSince', from: '' }, order: { field: 'heldSince' }, limit: PAGE });
    if (items.length === 0) break;
    const fresh = await Promise.all(items.map((run) => release(store, run, engine.ownerOfNew() !== undefined)));
    engine.wakeAll(fresh.filter((id) => id !== undefined));
    left = Math.max(0, left - items.length);
    await noteLeft(store, { ...released, left });
    if (stop.aborted) return true;
  }
  await engine.wakeHeld();
  await forgetRestored(store);
  return false;
}

/** The ID of the run, if this call released it and it has something to do. With `queues`, workers find it in the queue. */
async function release(store: WorkspaceStore, run: RunRecord, queues: boolean): Promise<string | undefined> {
  const { id, status, heldSince = '', heldWakeAt = null } = run;
  const isWaiting = status === 'waiting';
  const changes = {
    heldSince: undefined,
    heldWakeAt: undefined,
    ...(isWaiting && { wakeAt: heldWakeAt }),
    ...(queues && !isWaiting && !isEnded(status) && { queue: queueKey(run, 'normal') }),
  };
  const changed = await store.update(runs, id, changes, { equal: { heldSince, status } });
  const waitsForPeople = isWaiting && heldWakeAt === null;
  return changed && !isEnded(status) && !waitsForPeople ? id : undefined;
}
