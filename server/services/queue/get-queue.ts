import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { type getQueue as contract, MOST_COUNTED } from '@switchyard/shared/contracts/controls/queue.ts';
import { keysOf, PRIORITIES, type Priority, readQueueKey } from '@switchyard/shared/run/queue-key.ts';
import { runs, workflows } from '../../store/collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import type { ServiceContext } from '../context.ts';

type QueueView = ReplyOf<typeof contract>;

const MOST_WORKFLOWS = 100;
/** For how many tenants of a workflow the oldest run is looked up. */
const MOST_TENANTS = 20;

/** How many runs are driven and queued, by workflow. */
export async function getQueue(context: ServiceContext): Promise<QueueView> {
  const { store, workspaceId, queues } = context;
  const running = await runningOf(store);
  const waiting = await Promise.all(PRIORITIES.map((priority) => queuedBy(store, priority)));
  const oldest = new Map<string, string>();
  const queued = new Map<string, number>();
  for (const found of waiting)
    for (const { workflowId, count, oldestAt } of found) {
      queued.set(workflowId, Math.min(MOST_COUNTED, (queued.get(workflowId) ?? 0) + count));
      const before = oldest.get(workflowId);
      if (before === undefined || oldestAt < before) oldest.set(workflowId, oldestAt);
    }
  const ids = [...new Set([...queued.keys(), ...queues.workflowsOf(workspaceId), ...running.keys()])]
    .sort((a, b) => (queued.get(b) ?? 0) - (queued.get(a) ?? 0))
    .slice(0, MOST_WORKFLOWS);
  const items = await Promise.all(
    ids.map(async (workflowId) => {
      const { concurrency, priority, queueLimit } = queues.limitsOf({ workspaceId, workflowId });
      return {
        workflowId,
        workflowName: (await store.get(workflows, workflowId))?.name ?? workflowId,
        concurrency,
        priority,
        queueLimit,
        running: running.get(workflowId) ?? 0,
        queued: queued.get(workflowId) ?? 0,
        oldestQueuedAt: oldest.get(workflowId) ?? null,
      };
    }),
  );
  return { items, running: sum([...running.values()]), queued: await depths(store), oldestQueuedAt: [...oldest.values()].sort()[0] ?? null };
}

/** What Prometheus reads: queued runs by priority, and when the oldest one was accepted. Counts stop at 10,000 for each priority. */
export async function queueFigures(stores: Store, workspaces: Workspaces): Promise<{ depths: QueueView['queued']; oldestAt: string | undefined }> {
  const total = { high: 0, normal: 0, low: 0 };
  const oldest: string[] = [];
  for (const workspaceId of await workspaces()) {
    const store = stores.in(workspaceId);
    const found = await depths(store);
    for (const priority of PRIORITIES) total[priority] += found[priority];
    for (const priority of PRIORITIES) for (const { oldestAt } of found[priority] > 0 ? await queuedBy(store, priority) : []) oldest.push(oldestAt);
  }
  return { depths: total, oldestAt: oldest.sort()[0] };
}

const sum = (numbers: readonly number[]): number =>
  Math.min(
    MOST_COUNTED,
    numbers.reduce((total, number) => total + number, 0),
  );

async function runningOf(store: WorkspaceStore): Promise<Map<string, number>> {
  const { items } = await store.find(runs, { where: { status: 'running' }, order: { field: 'createdAt' }, fields: ['workflowId'], limit: MOST_COUNTED });
  const counts = new Map<string, number>();
  for (const { workflowId } of items) counts.set(workflowId, (counts.get(workflowId) ?? 0) + 1);
  return counts;
}

async function depths(store: WorkspaceStore): Promise<QueueView['queued']> {
  const [high = 0, normal = 0, low = 0] = await Promise.all(
    PRIORITIES.map((priority) => store.count(runs, { range: { field: 'queue', ...keysOf(priority) } }, MOST_COUNTED)),
  );
  return { high, normal, low };
}

/** Skips from workflow to workflow in the index. */
async function queuedBy(store: WorkspaceStore, priority: Priority) {
  const found: { workflowId: string; count: number; oldestAt: string }[] = [];
  let { from, to } = keysOf(priority);
  while (found.length < MOST_WORKFLOWS) {
    const key = await firstKey(store, { from, to });
    if (key === undefined) break;
    const { workflowId } = readQueueKey(key);
    const range = keysOf(priority, workflowId);
    found.push({
      workflowId,
      count: await store.count(runs, { range: { field: 'queue', ...range } }, MOST_COUNTED),
      oldestAt: await oldestOf(store, priority, workflowId),
    });
    from = range.to;
  }
  return found;
}

/** The oldest run of each tenant comes first. */
async function oldestOf(store: WorkspaceStore, priority: Priority, workflowId: string): Promise<string> {
  let oldest = '';
  let { from, to } = keysOf(priority, workflowId);
  for (let tenants = 0; tenants < MOST_TENANTS; tenants++) {
    const key = await firstKey(store, { from, to });
    if (key === undefined) break;
    const { tenant, createdAt } = readQueueKey(key);
    if (oldest === '' || createdAt < oldest) oldest = createdAt;
    from = keysOf(priority, workflowId, tenant).to;
  }
  return oldest;
}

async function firstKey(store: WorkspaceStore, range: { readonly from: string; readonly to: string }): Promise<string | undefined> {
  const { items } = await store.find(runs, { range: { field: 'queue', ...range }, order: { field: 'queue' }, fields: ['queue'], limit: 1 });
  return items[0]?.queue ?? undefined;
}
