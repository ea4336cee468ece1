import { setTimeout as pause } from 'node:timers/promises';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { outcomeOf, placeOf } from '../../evaluation/replay/outcome.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { type ReplayRecord, type ReplayResultRecord, replayResults, replays } from '../../store/evaluation/replay-collections.ts';
import { findAll } from '../../store/find-all.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { ALL_SCOPES } from '../caller.ts';
import { timestamp } from '../context.ts';
import { latest } from '../latest.ts';
import type { RunStarting } from '../runs/accept-run.ts';
import { isKeyTaken } from '../webhooks/call-keys.ts';
import { wholeRun } from './choose-runs.ts';
import { compareRecords } from './compare.ts';
import { refuseUnreplayable, type StandInStarting, startStandInRun } from './stand-in-run.ts';

/*
 * Drives replays of many runs (S82a). Invariants: 1. A run is replayed once, by any number of processes and restarts: its replay has a permanent
 * key, and its result an ID. 2. One process does this, by a lease. 3. What all of a replay’s runs spend stays within its limit, except for calls
 * in progress: each may spend an equal share of the rest.
 */

const EVERY_MS = 1_000;
/** How many runs are replayed at once. Live runs come first. */
const AT_ONCE = 4;
/** How long a replayed run may take. It has no real waits, so only slow models and reads take time. */
const LONGEST_MS = 600_000;
const LOOK_MS = 5_000;
const BUSY_MS = 500;
const BUSY = new Set(['overloaded', 'not-ready', 'killed', 'queue-full']);

export interface ReplayJobParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly lease: { hold(): Promise<boolean>; release(): Promise<void> };
  readonly processes: StandInStarting['processes'];
  readonly report: (problem: string, error: unknown) => void;
}

export function createReplayJob({ startingIn, workspaces, lease, processes, report }: ReplayJobParts) {
  const stop = new AbortController();
  const holds = renewedSometimes(lease.hold);
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

/** Renews a lease at most this often. Several at once would lose to each other. */
const RENEW_MS = 2_000;

function renewedSometimes(hold: () => Promise<boolean>): () => Promise<boolean> {
  let last: { readonly at: number; readonly held: Promise<boolean> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.at >= RENEW_MS) last = { at: now, held: hold() };
    return last.held;
  };
}

/** Replays the rest, until all is done, the replay is canceled, or the process stops. */
async function drive(context: StandInStarting, record: ReplayRecord, mayContinue: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const known = await findAll(context.store, replayResults, { where: { replayId: record.id }, fields: ['index', 'spentMicros'] });
  const done = new Set(known.map(({ index }) => index));
  const budget = { spent: known.reduce((sum, { spentMicros }) => sum + spentMicros, 0) };
  const left = record.sources.map((id, index) => ({ id, index })).filter(({ index }) => !done.has(index));
  const isWanted = async (): Promise<boolean> => (await mayContinue()) && (await context.store.get(replays, record.id))?.status === 'running';
  const work = async (): Promise<void> => {
    while (left.length > 0 && (await isWanted())) {
      const next = left.shift();
      if (!next) return;
      const maxCostMicros = Math.max(0, record.maxCostMicros - budget.spent) / AT_ONCE;
      budget.spent += (await replayOne(context, record, { ...next, maxCostMicros }, signal)).spentMicros;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (left.length > 0 || !(await isWanted())) return;
  await context.store.update(replays, record.id, { status: 'finished', endedAt: timestamp(context), openSince: null }, { equal: { status: 'running' } });
}

interface One {
  readonly id: string;
  readonly index: number;
  readonly maxCostMicros: number;
}

async function replayOne(context: StandInStarting, record: ReplayRecord, one: One, signal: AbortSignal): Promise<ReplayResultRecord> {
  const result = await resultOf(context, record, one, signal);
  await insertIfAbsent(context.store, replayResults, result);
  return result;
}

async function resultOf(context: StandInStarting, record: ReplayRecord, one: One, signal: AbortSignal): Promise<ReplayResultRecord> {
  const nothing = { costBefore: 0, costAfter: 0, spentMicros: 0, recorded: 0, asked: 0, nodes: [], onlyBefore: [], onlyAfter: [] };
  const named = { id: `${record.id}:${one.index}`, workspaceId: record.workspaceId, replayId: record.id, index: one.index, sourceId: one.id };
  const source = await wholeRun(context, one.id);
  try {
    if (!source) throw new AppError('not-found', 'The run was removed.');
    refuseUnreplayable(source);
    const run = await ended(context, await started(context, record, source, one, signal), signal);
    const compared = await compareRecords(context, source, run);
    const outcome = outcomeOf(compared);
    const [stop] = compared.stops;
    return {
      ...named,
      place: placeOf(outcome, one.index),
      runId: run.id,
      outcome,
      what: stop?.what ?? run.error?.message.slice(0, 300) ?? null,
      code: run.error?.code ?? null,
      nodeKey: stop?.nodeKey ?? run.error?.nodeKey ?? null,
      costBefore: compared.before.costMicros,
      costAfter: compared.after.costMicros,
      spentMicros: await spentBy(context, run),
      ...compared.calls,
      nodes: compared.nodes,
      onlyBefore: compared.path.onlyBefore,
      onlyAfter: compared.path.onlyAfter,
    };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (signal.aborted || error.code === 'internal') throw thrown;
    const place = placeOf('not-replayable', one.index);
    return { ...named, ...nothing, place, runId: null, outcome: 'not-replayable', what: error.message, code: error.code, nodeKey: null };
  }
}

/** Starts the replay of a run, or finds the one that was started before a restart. */
async function started(context: StandInStarting, record: ReplayRecord, source: RunRecord, { maxCostMicros }: One, signal: AbortSignal): Promise<RunRecord> {
  const { id, version, graphHash, workflowId } = record;
  const name = `replay:${id}:${source.id}`;
  const workflow = { id: workflowId, name: source.workflowName };
  for (;;) {
    signal.throwIfAborted();
    try {
      const key = { name, bodyHash: '', permanent: true as const };
      return await startStandInRun(context, { as: 'replay', workflow, version, graphHash, source, maxCostMicros, key });
    } catch (thrown) {
      if (isKeyTaken(thrown)) {
        const [run] = (await context.store.find(runs, { where: { idempotencyKey: name }, limit: 1 })).items;
        if (run) return run;
      }
      if (!(thrown instanceof AppError && BUSY.has(thrown.code))) throw thrown;
      await pause(BUSY_MS, undefined, { signal });
    }
  }
}

async function ended({ engine, store }: StandInStarting, run: RunRecord, signal: AbortSignal): Promise<RunRecord> {
  const began = performance.now();
  for (let current = run, restMs = 2; ; restMs = Math.min(restMs * 2, 200)) {
    current = (await store.get(runs, run.id)) ?? current;
    if (isEnded(current.status)) return current;
    signal.throwIfAborted();
    if (performance.now() - began > LONGEST_MS) throw new AppError('timeout', 'The replay took longer than 10 minutes.');
    await engine.ended(run.id, LOOK_MS);
    // The record may follow the journal a little later.
    await pause(restMs, undefined, { signal });
  }
}

/** Its child runs included. */
async function spentBy({ store }: StandInStarting, { id, costMicros }: RunRecord): Promise<number> {
  const children = await findAll(store, runs, { where: { parentRunId: id }, fields: ['costMicros'] });
  return children.reduce((sum, child) => sum + child.costMicros, costMicros);
}
