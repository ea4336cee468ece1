import { emptyRun, fold } from '@switchyard/shared/run/fold.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { LRUCache } from 'lru-cache';
import type { RunRecord } from '../../store/collections.ts';
import type { Store } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import { readEvents } from './journal-events.ts';

/*
 * The states of open runs with long journals that were read a moment ago, so reading one again costs only what is new. A for-each of 10,000
 * items has 40,000 events, and callers poll. Ended runs are not kept: their payloads may be removed.
 */

const MOST_RUNS = 20;
const KEPT_MS = 30_000;
const LONG = 200;

const caches = new WeakMap<Store, LRUCache<string, Promise<RunState>>>();

function cacheOf(stores: Store): LRUCache<string, Promise<RunState>> {
  const known = caches.get(stores) ?? new LRUCache<string, Promise<RunState>>({ max: MOST_RUNS, ttl: KEPT_MS });
  caches.set(stores, known);
  return known;
}

/** The state of a run by its journal. It changes with the next read, so use it at once. */
export async function readState({ store, stores }: ServiceContext, { id, workspaceId, endedAt }: RunRecord): Promise<RunState> {
  const cache = cacheOf(stores);
  const key = `${workspaceId} ${id}`;
  const before = cache.get(key);
  const next = (before ?? Promise.resolve(emptyRun())).then(async (state) => fold(await readEvents(store, id, state.seq + 1), state));
  if (!before || endedAt !== null) {
    cache.delete(key);
    const state = await next;
    if (endedAt === null && state.endedAt === undefined && state.seq >= LONG) cache.set(key, Promise.resolve(state));
    return state;
  }
  cache.set(key, next);
  next.catch(() => cache.delete(key));
  return next;
}
