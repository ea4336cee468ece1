import type { Inventory, InventoryItem, WorkflowInventory } from '@switchyard/shared/contracts/insight/inventory.ts';
import { DEFAULT_RETENTION } from '@switchyard/shared/contracts/policies.ts';
import { runs, type WorkflowRecord, workflows } from '../../store/collections.ts';
import { policies } from '../../store/policy-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import type { StorageSource } from '../system/storage.ts';
import { KINDS } from './kinds.ts';

const MOST_WORKFLOWS = 100;
const MOST_RUNS = 10_000;

/** Stored data: where, how long, and who may see it. Its cost is bounded, however much is stored. */
export async function getInventory({ store, now }: Pick<ServiceContext, 'store' | 'now'>, source: StorageSource): Promise<Inventory> {
  const page = await store.find(workflows, { where: { deletedAt: null }, order: { field: 'updatedAt', descending: true }, limit: MOST_WORKFLOWS, aside: true });
  const listed: WorkflowInventory[] = [];
  for (const workflow of page.items) listed.push(await ofWorkflow(store, workflow));
  return { at: now().toISOString(), items: await itemsOf(source), workflows: listed, mostRuns: MOST_RUNS, hasMore: page.nextCursor !== null };
}

async function itemsOf({ kind: place, usage }: StorageSource): Promise<InventoryItem[]> {
  const named = new Set(KINDS.flatMap(({ collections }) => collections));
  const { parts } = await usage();
  return KINDS.map(({ collections, ...kind }) => {
    const own = parts.filter(({ name }) => (kind.kind === 'definitions' ? !named.has(name) : collections.includes(name)));
    return { ...kind, access: [...kind.access], place, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
}

async function ofWorkflow(store: WorkspaceStore, { id, name }: WorkflowRecord): Promise<WorkflowInventory> {
  const ofIt = { where: { workflowId: id } };
  const [policy, count, oldest] = await Promise.all([
    store.get(policies, id),
    store.count(runs, { ...ofIt, aside: true }, MOST_RUNS),
    store.find(runs, { ...ofIt, order: { field: 'createdAt' }, limit: 1, fields: ['createdAt'], aside: true }),
  ]);
  const { payloadDays, journalDays, summaryDays } = { ...DEFAULT_RETENTION, ...policy?.content.retention };
  return {
    workflowId: id,
    name,
    logging: policy?.content.logging ?? 'full',
    redacted: [...new Set(policy?.content.redaction.map(({ detector }) => detector))],
    payloadDays,
    journalDays,
    summaryDays,
    runs: count,
    oldestRunAt: oldest.items[0]?.createdAt ?? null,
  };
}
