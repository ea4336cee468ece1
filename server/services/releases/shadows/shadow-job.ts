import { type RunRecord, runs, workflows } from '../../../store/collections.ts';
import { replays } from '../../../store/evaluation/replay-collections.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import type { Workspaces } from '../../../store/workspaces.ts';
import { systemCaller } from '../../caller.ts';
import { isHeldAfterRestore } from '../../held-runs/held-records.ts';
import { latest } from '../../latest.ts';
import { endLimit } from '../../money/spend-limit.ts';
import { isBusy, replayOne } from '../../replays/replay-one.ts';
import type { StandInStarting } from '../../replays/stand-in-run.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { createHolding, type HeldLease } from '../holding.ts';
import { endShadow, shadowRecord } from './shadow-record.ts';
import { createPurses, type Purses } from './spending.ts';

/*
 * Runs shadows (S83). Invariants: 1. A live run is marked in the write that ends it, and its mark is cleared only once its shadow run is compared,
 * so a crash loses nothing. 2. It has one shadow run, by any number of processes and restarts: that has a permanent key, and its result an ID.
 * 3. One process does this, by a lease. Nothing here is awaited by a live run.
 */

const EVERY_MS = 1_000;
/** How many shadow runs are in progress. Live runs come first. */
const AT_ONCE = 4;
/** When a shadow run is tried again that could not be started. */
const BUSY_MS = 3_000;
const FAILED_MS = 15_000;
const MOST_SHADOWS = 200;

export interface ShadowJobParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly lease: HeldLease;
  readonly processes: StandInStarting['processes'];
  /** The release of a workflow was changed here. */
  readonly forget: (workflowId: string) => void;
  readonly report: (problem: string, error: unknown) => void;
}

export function createShadowJob({ startingIn, workspaces, lease, processes, forget, report }: ShadowJobParts) {
  const stop = new AbortController();
  const active = new Map<string, Promise<void>>();
  const purses = createPurses();
  const holding = createHolding(lease, () => performance.now());

  const begin = (parts: ShadowParts, run: RunRecord): void => {
    const { store, now } = parts.context;
    const later = (ms: number) => store.update(runs, run.id, { shadowDue: new Date(now().getTime() + ms).toISOString() });
    const done = runShadow(parts, run)
      .then((isDone) => (isDone ? store.update(runs, run.id, { shadowDue: null }) : later(EVERY_MS)))
      .catch(async (error: unknown) => {
        if (stop.signal.aborted) return;
        if (!isBusy(error)) report(`The shadow of run ${run.id} failed; retrying`, error);
        await later(isBusy(error) ? Math.max(BUSY_MS, error.retryAfterMs ?? 0) : FAILED_MS).catch(() => {});
      })
      .then(() => void active.delete(run.id))
      .then(() => void (!stop.signal.aborted && soon()));
    active.set(run.id, done);
  };

  const pass = latest(async () => {
    for (const workspaceId of await workspaces()) {
      const starting = startingIn(workspaceId);
      const { store, now } = starting;
      const due = { range: { field: 'shadowDue', to: now().toISOString() }, order: { field: 'shadowDue' }, limit: active.size + AT_ONCE };
      const { items } = await store.find(runs, due);
      const waiting = items.filter(({ id }) => !active.has(id));
      const shadows = await store.find(replays, { range: { field: 'shadowSince', from: '' }, order: { field: 'shadowSince' }, limit: MOST_SHADOWS });
      if (waiting.length + shadows.items.length === 0) continue;
      if (stop.signal.aborted || !(await holding.renew())) return;
      for (const { id, workflowId } of shadows.items) await endIfReplaced(store, { id, workflowId, now });
      if (await isHeldAfterRestore(store)) continue;
      const context = { ...starting, caller: systemCaller(workspaceId, 'shadow', 'Shadow'), processes };
      for (const run of waiting) if (active.size < AT_ONCE) begin({ context, purses, forget, signal: stop.signal }, run);
    }
  });
  const soon = (): void => void pass().catch((error: unknown) => report('Running shadows failed; retrying', error));

  return {
    start: (): void => {
      const timer = setInterval(soon, EVERY_MS).unref();
      stop.signal.addEventListener('abort', () => clearInterval(timer));
      soon();
    },
    /** Runs in progress continue, and are compared after the next start. */
    stop: async (): Promise<void> => {
      stop.abort();
      await pass().catch(() => {});
      await Promise.all(active.values());
      await holding.end().catch(() => {});
    },
  };
}

/** Ends the record of a shadow that its workflow has no more. */
async function endIfReplaced(
  store: WorkspaceStore,
  { id, workflowId, now }: { readonly id: string; readonly workflowId: string; readonly now: () => Date },
): Promise<void> {
  const workflow = await store.get(workflows, workflowId);
  if (workflow?.shadow?.id === id && workflow.shadow.status === 'running' && workflow.deletedAt === null) return;
  const ended = { status: 'cancelled' as const, endedAt: now().toISOString(), shadowSince: null };
  await store.update(replays, id, ended, { equal: { status: 'running' } });
}

interface ShadowParts {
  readonly context: StandInStarting;
  readonly purses: Purses;
  readonly forget: (workflowId: string) => void;
  readonly signal: AbortSignal;
}

/** Runs and compares the shadow of a live run. False if it must wait for the costs of others. */
async function runShadow({ context, purses, forget, signal }: ShadowParts, run: RunRecord): Promise<boolean> {
  const { store } = context;
  const workflow = await store.get(workflows, run.workflowId);
  const setting = workflow?.shadow;
  if (!workflow || !setting || setting.id !== run.shadow || setting.status !== 'running' || workflow.deletedAt !== null) return true;
  const end = async (status: 'finished' | 'budget' | 'cancelled'): Promise<true> => {
    if (await endShadow(context, workflow.id, { id: setting.id, status })) forget(workflow.id);
    return true;
  };
  const record = await shadowRecord(store, workflow, setting);
  if (record.status !== 'running') return end('cancelled');
  const purse = await purses.of(store, setting);
  const share = purse.take(run.id);
  if (share === 'wait') return false;
  if (typeof share === 'string') return end(share);
  try {
    const { maxCostMicros, ...place } = share;
    const limit = { id: `${record.id}:${run.id}`, micros: maxCostMicros };
    const one = { as: 'shadow', name: limit.id, ...place, sourceId: run.id, limit } as const;
    const result = await replayOne(context, record, one, signal);
    await endLimit(store, limit);
    purse.spend(run.id, result.spentMicros);
    await store.update(replays, record.id, { spentMicros: purse.spent() });
    const over = result.code === 'budget-exceeded' ? 'budget' : purse.over();
    return over ? end(over) : true;
  } finally {
    purse.giveBack(run.id);
  }
}
