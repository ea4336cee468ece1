import type { Storage, StoragePart } from '@switchyard/shared/contracts/controls/storage.ts';
import { DEFAULT_RETENTION } from '@switchyard/shared/contracts/policies.ts';
import { runs, workflows } from '../../store/collections.ts';
import { policies } from '../../store/policy-collections.ts';
import type { JournalSample, StoreUsage, WorkspaceStore } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';

/** The group of each collection. Those without one are definitions. */
const PARTS: Readonly<Record<string, StoragePart>> = {
  journal: 'journals',
  blobs: 'values',
  loose_blobs: 'values',
  runs: 'runs',
  run_keys: 'runs',
  run_tokens: 'runs',
  ending_runs: 'runs',
  kept_replies: 'runs',
  signals: 'runs',
  reviews: 'runs',
  corrections: 'runs',
  review_outcomes: 'runs',
  feedback: 'runs',
  delivery_pages: 'requests',
  trigger_deliveries: 'requests',
  completions: 'requests',
  conversations: 'requests',
  model_calls: 'calls',
  state_entries: 'tables',
  state_changes: 'tables',
  tables: 'tables',
  table_rows: 'tables',
  row_changes: 'tables',
};
const ORDER: readonly StoragePart[] = ['journals', 'values', 'runs', 'requests', 'calls', 'tables', 'definitions'];
const MOST_WORKFLOWS = 20;

export interface StorageSource {
  readonly kind: Storage['kind'];
  readonly usage: () => Promise<StoreUsage>;
}

/** What uses the disk. The cost doesn’t depend on how much is stored. */
export async function getStorage({ store, now }: Pick<ServiceContext, 'store' | 'now'>, { kind, usage }: StorageSource): Promise<Storage> {
  const { bytes, freeBytes, diskFreeBytes, parts: collections, journal } = await usage();
  const sizes = new Map<StoragePart, number>();
  for (const { name, bytes: size } of collections) {
    const part = PARTS[name] ?? 'definitions';
    sizes.set(part, (sizes.get(part) ?? 0) + size);
  }
  const known = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const parts = [
    ...ORDER.map((part) => ({ part, bytes: sizes.get(part) ?? 0 })),
    { part: 'indexes' as const, bytes: Math.max(0, bytes - freeBytes - known) },
    { part: 'free' as const, bytes: freeBytes },
  ];
  const shares = await sharesOf(store, journal);
  const [journals, values] = [sizes.get('journals') ?? 0, sizes.get('values') ?? 0];
  const estimated = [...shares]
    .map(([workflowId, share]) => ({ workflowId, bytes: Math.round(share.journal * journals + share.values * values) }))
    .sort((one, two) => two.bytes - one.bytes)
    .slice(0, MOST_WORKFLOWS);
  return {
    at: now().toISOString(),
    kind,
    bytes,
    diskFreeBytes,
    parts,
    workflows: await Promise.all(estimated.map((one) => describe(store, one))),
    sampledRows: journal.length,
  };
}

/** References to large values, with their sizes. */
const REFERENCE = /"\$(?:blob|file)":"[0-9a-f]{64}"[^{}]*?"bytes":(\d+)/g;

/** The share of each workflow in the journals, and in the large values that they refer to. */
async function sharesOf(store: WorkspaceStore, journal: readonly JournalSample[]): Promise<Map<string, { journal: number; values: number }>> {
  const byRun = new Map<string, { journal: number; values: number }>();
  for (const { runId, bytes, events } of journal) {
    const known = byRun.get(runId) ?? { journal: 0, values: 0 };
    const values = [...events.matchAll(REFERENCE)].reduce((sum, [, size]) => sum + Number(size), 0);
    byRun.set(runId, { journal: known.journal + bytes, values: known.values + values });
  }
  const total = { journal: 0, values: 0 };
  const byWorkflow = new Map<string, { journal: number; values: number }>();
  for (const [runId, sums] of byRun) {
    const workflowId = (await store.get(runs, runId))?.workflowId;
    if (workflowId === undefined) continue;
    const known = byWorkflow.get(workflowId) ?? { journal: 0, values: 0 };
    byWorkflow.set(workflowId, { journal: known.journal + sums.journal, values: known.values + sums.values });
    total.journal += sums.journal;
    total.values += sums.values;
  }
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return new Map([...byWorkflow].map(([id, sums]) => [id, { journal: share(sums.journal, total.journal), values: share(sums.values, total.values) }]));
}

async function describe(store: WorkspaceStore, one: { readonly workflowId: string; readonly bytes: number }): Promise<Storage['workflows'][number]> {
  const [workflow, policy] = await Promise.all([store.get(workflows, one.workflowId), store.get(policies, one.workflowId)]);
  const { payloadDays, journalDays } = { ...DEFAULT_RETENTION, ...policy?.content.retention };
  return { ...one, name: workflow && workflow.deletedAt === null ? workflow.name : null, payloadDays, journalDays };
}
