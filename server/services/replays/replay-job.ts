import { type ReplayRecord, replayResults, replays } from '../../store/evaluation/replay-collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { ALL_SCOPES } from '../caller.ts';
import { timestamp } from '../context.ts';
import { latest } from '../latest.ts';
import type { RunStarting } from '../runs/accept-run.ts';
import { replayOne } from './replay-one.ts';
import type { StandInStarting } from './stand-in-run.ts';

/*
 * Drives replays of many runs (S82a). Invariants: 1. A run is replayed once, by any number of processes and restarts: its replay has a permanent
 * key, and its result an ID. 2. One process does this, by a lease. 3. What all of a replay’s runs spend stays within its limit.
 */

const EVERY_MS = 1_000;
/** How many runs are replayed at once. Live runs come first. */
export const AT_ONCE = 12;

export interface ReplayJobParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly lease: { hold(): Promise<boolean>; release(): Promise<void> };
  readonly processes: StandInStarting['processes'];
  readonly report: (problem: string, error: unknown) => void;
}

export function createReplayJob({ startingIn, workspaces, lease, processes, report }: ReplayJobParts) {
  const stop = new AbortController();
  // Several at once would lose to each other.
  const holds = askedSometimes(RENEW_MS, lease.hold);
  const mayContinue = async (): Promise<boolean> => !stop.signal.aborted && (await holds());
  const pass = latest(async () => {
    for (const workspaceId of await workspaces()) {
      const starting = startingIn(workspaceId);
      const { items } = await starting.store.find(replays, { range: { field: 'openSince', from: '' }, order: { field: 'openSince' }, limit: 10 });
      for (const record of items) {
        if (!(await mayContinue())) return;
        const caller = { ...record.actor, id: record.actor.id ?? '', kind: record.actor.kind === 'owner' ? ('user' as const) : record.actor.kind };
        await drive({ ...starting, processes, caller: { ...caller, workspaceId, role: ALL_SCOPES, name: 'Replay' } }, record, mayContinue, stop.signal);
      }
    }
  });
  const soon = (): void => void pass().catch((error: unknown) => report('Replaying runs failed; retrying', error));
  return {
    start: (): void => {
      const timer = setInterval(soon, EVERY_MS).unref();
      stop.signal.addEventListener('abort', () => clearInterval(timer));
      soon();
    },
    stop: async (): Promise<void> => {
      stop.abort();
      await pass().catch(() => {});
      await lease.release().catch(() => {});
    },
  };
}

/** How often the lease is renewed, and how long a canceled replay may start more runs. */
const RENEW_MS = 2_000;
const LOOK_MS = 500;

/** Asks at most once per interval. Others get the last answer. */
function askedSometimes(interval: number, ask: () => Promise<boolean>): () => Promise<boolean> {
  let last: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.at >= interval) last = { at: now, answer: ask() };
    return last.answer;
  };
}

/** Replays the rest, until all is done, the replay is canceled, or the process stops. */
async function drive(context: StandInStarting, record: ReplayRecord, mayContinue: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const known = await findAll(context.store, replayResults, { where: { replayId: record.id }, fields: ['index'] });
  const done = new Set(known.map(({ index }) => index));
  const left = record.sources.map((id, index) => ({ id, index })).filter(({ index }) => !done.has(index));
  const isOpen = async (): Promise<boolean> => (await context.store.get(replays, record.id))?.status === 'running';
  const isOpenLately = askedSometimes(LOOK_MS, isOpen);
  const isWanted = async (): Promise<boolean> => (await mayContinue()) && (await isOpenLately());
  const work = async (): Promise<void> => {
    while (left.length > 0 && (await isWanted())) {
      const next = left.shift();
      if (!next) return;
      const one = { as: 'replay', name: `${record.id}:${next.index}`, index: next.index, rank: next.index, sourceId: next.id } as const;
      await replayOne(context, record, { ...one, limit: { id: record.id, micros: record.maxCostMicros } }, signal);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (left.length > 0 || !(await isWanted())) return;
  await context.store.update(replays, record.id, { status: 'finished', endedAt: timestamp(context), openSince: null }, { equal: { status: 'running' } });
}
