import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Engine } from '../../engine/engine-api.ts';
import { runs } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { type ConnectionWaitRecord, connectionWaits } from '../../store/sign-in-collections.ts';
import { endWithoutDecision } from '../reviews/budget-reviews.ts';

/*
 * Runs that wait until a connection is reconnected (S76). A step fails `reconnect` after a day; until then, its wait ends with the first
 * successful sign-in.
 */

const LIMIT_MS = 86_400_000;
const PAGE = 100;
const MOST_COUNTED = 1_000;

/** A call that can wait. */
interface Waiting {
  readonly workspaceId: string;
  readonly runId: string;
  /** The wait that follows if the call fails. */
  readonly waitId: string;
  readonly stepId: string;
  readonly connectionId: string;
}

/**
 * Performs a call. If the connection must be reconnected, the error says until when the step waits. Once the limit has passed, the error is
 * final.
 */
export async function waitingForSignIn<T>(stores: Store, now: Date, waiting: Waiting, call: () => Promise<T>): Promise<T> {
  const store = stores.in(waiting.workspaceId);
  try {
    return await call();
  } catch (thrown) {
    if (!isAppError(thrown, 'reconnect')) throw thrown;
    const { stepId, ...rest } = waiting;
    const id = JSON.stringify([waiting.connectionId, waiting.runId, stepId]);
    const before = await store.get(connectionWaits, id);
    if (before && Date.parse(before.until) <= now.getTime()) {
      await store.delete(connectionWaits, id);
      throw thrown;
    }
    const { since, until } = before ?? { since: now.toISOString(), until: new Date(now.getTime() + LIMIT_MS).toISOString() };
    if (before) await store.update(connectionWaits, id, rest);
    else await insertIfAbsent(store, connectionWaits, { id, ...rest, since, until });
    return retried(store, id, until, call);
  }
}

/** The sign-in may have happened before the wait was noted. */
async function retried<T>(store: WorkspaceStore, id: string, until: string, call: () => Promise<T>): Promise<T> {
  try {
    const value = await call();
    await store.delete(connectionWaits, id);
    return value;
  } catch (thrown) {
    if (!isAppError(thrown, 'reconnect')) throw thrown;
    throw new AppError('reconnect', thrown.message, { beforeEffect: true, details: { ...thrown.details, waitUntil: until }, cause: thrown });
  }
}

/** The runs that wait for a connection. Those that ended otherwise are forgotten. */
export async function waitingFor(store: WorkspaceStore, connectionId: string): Promise<{ runs: number; since: string; until: string } | undefined> {
  const waits = await allWaits(store, connectionId);
  const checked = await Promise.all(waits.map(async (wait) => ((await stillWaits(store, wait)) ? wait : undefined)));
  const [first, ...others] = checked.filter((wait) => wait !== undefined);
  return first && { runs: new Set([first, ...others].map(({ runId }) => runId)).size, since: first.since, until: first.until };
}

async function stillWaits(store: WorkspaceStore, { id, runId }: ConnectionWaitRecord): Promise<boolean> {
  const run = await store.get(runs, runId);
  if (run && !isEnded(run.status)) return true;
  await store.delete(connectionWaits, id);
  return false;
}

/** Continues the runs that wait for a connection, after a sign-in. */
export async function continueWaiting(
  { store, engine, now }: { store: WorkspaceStore; engine: Pick<Engine, 'wakeAll'>; now: () => Date },
  connectionId: string,
) {
  for (;;) {
    const { items } = await store.find(connectionWaits, { where: { connectionId }, order: { field: 'since' }, limit: PAGE });
    if (items.length === 0) return;
    await Promise.all(items.map((wait) => endWithoutDecision(store, wait, now(), 'connections')));
    await Promise.all(items.map(({ id }) => store.delete(connectionWaits, id)));
    engine.wakeAll([...new Set(items.map(({ runId }) => runId))]);
  }
}

/** The oldest first, up to a number that no page shows. */
const allWaits = async (store: WorkspaceStore, connectionId: string): Promise<ConnectionWaitRecord[]> =>
  (await store.find(connectionWaits, { where: { connectionId }, order: { field: 'since' }, limit: MOST_COUNTED })).items;
