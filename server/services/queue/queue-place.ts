import { MOST_COUNTED, type Queued } from '@switchyard/shared/contracts/controls/queue.ts';
import { type RunNeeds, readerOf } from '@switchyard/shared/run/build-versions.ts';
import { keysOf, type Priority, readQueueKey } from '@switchyard/shared/run/queue-key.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { slotsOf } from '../../store/run-placement.ts';
import type { ServiceContext } from '../context.ts';
import { isAheadOf, needsOf, runToRead } from './run-needs.ts';

/* The place of a queued run, and why it waits (S46). Read from the store with a few index seeks per run. */

/** For how many tenants the turns before a run are counted. */
const MOST_TENANTS = 20;

/** Where these runs are in the queue, by ID. Runs that are not queued are omitted. */
export async function queuedOf(context: ServiceContext, records: readonly RunRecord[]): Promise<ReadonlyMap<string, Queued>> {
  const queued = records.filter(({ queue }) => queue);
  if (queued.length === 0) return new Map();
  const workers = workersOf(context);
  return new Map(await Promise.all(queued.map(async (record) => [record.id, await placeOf(context, record, workers)] as const)));
}

interface WorkerFacts {
  readonly free: number;
  readonly reads: (needs: RunNeeds) => boolean;
}

/** The processes that drive runs. One process that shares its store with no other always has room. */
function workersOf({ processes }: ServiceContext): readonly WorkerFacts[] {
  const live = processes();
  if (!live) return [{ free: Number.POSITIVE_INFINITY, reads: () => true }];
  return live
    .filter(({ role, state }) => role !== 'web' && state !== 'draining')
    .map(({ slots = 0, driving = 0, versions }) => ({ free: slots - driving, reads: versions ? readerOf(versions) : () => true }));
}

async function placeOf(context: ServiceContext, record: RunRecord, workers: readonly WorkerFacts[]): Promise<Queued> {
  const { store, kills, queues } = context;
  const { concurrency } = queues.limitsOf(record);
  const [place, running, needs] = await Promise.all([
    placeIn(store, readQueueKey(record.queue ?? '')),
    concurrency === null ? 0 : store.count(runs, { range: slotsOf(record.workflowId) }, concurrency),
    needsOf(store, runToRead(record)),
  ]);
  const able = workers.filter(({ reads }) => reads(needs));
  const isUpgrading = isAheadOf(needs, context.processes() ?? []);
  const isFull = concurrency !== null && running >= concurrency;
  return { place, reason: reasonOf({ isHeld: kills.isHeld(record), isUpgrading, isFull, workers, able }), running, concurrency };
}

interface Obstacles {
  readonly isHeld: boolean;
  /** It waits until every process knows its events. */
  readonly isUpgrading: boolean;
  readonly isFull: boolean;
  readonly workers: readonly WorkerFacts[];
  /** Those that can read the run. */
  readonly able: readonly WorkerFacts[];
}

function reasonOf({ isHeld, isUpgrading, isFull, workers, able }: Obstacles): Queued['reason'] {
  if (isHeld) return 'kill-switch';
  if (workers.length > 0 && able.length === 0) return 'unknown-version';
  if (isUpgrading) return 'upgrade';
  if (isFull) return 'concurrency';
  if (workers.length === 0) return 'no-worker';
  return able.every(({ free }) => free <= 0) ? 'workers-busy' : 'turn';
}

/** Tenants take turns, so each other tenant may start as many runs before this one as its own tenant does, plus one. */
async function placeIn(store: WorkspaceStore, entry: ReturnType<typeof readQueueKey>): Promise<number> {
  const { priority, workflowId, tenant, createdAt, runId } = entry;
  const own = keysOf(priority, workflowId, tenant);
  const before = await countKeys(store, { from: own.from, to: `${own.from}${createdAt}|${runId}` }, MOST_COUNTED);
  let place = before;
  for (const other of await tenantsOf(store, priority, workflowId))
    if (other !== tenant) place += await countKeys(store, keysOf(priority, workflowId, other), before);
  return Math.min(MOST_COUNTED, Math.max(1, place));
}

const countKeys = (store: WorkspaceStore, range: { readonly from: string; readonly to: string }, atMost: number): Promise<number> =>
  store.count(runs, { range: { field: 'queue', ...range } }, atMost);

/** The tenants with queued runs. Each lookup skips to the next one in the index. */
async function tenantsOf(store: WorkspaceStore, priority: Priority, workflowId: string): Promise<string[]> {
  const tenants: string[] = [];
  let { from, to } = keysOf(priority, workflowId);
  while (tenants.length < MOST_TENANTS) {
    const [next] = (await store.find(runs, { range: { field: 'queue', from, to }, order: { field: 'queue' }, fields: ['queue'], limit: 1 })).items;
    if (!next?.queue) break;
    const { tenant } = readQueueKey(next.queue);
    tenants.push(tenant);
    from = keysOf(priority, workflowId, tenant).to;
  }
  return tenants;
}
