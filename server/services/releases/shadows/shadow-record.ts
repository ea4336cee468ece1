import type { ReleaseShadow } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { MOST_REPLAYED, OUTCOMES, type Outcome } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { type WorkflowRecord, workflows } from '../../../store/collections.ts';
import type { ShadowSetting } from '../../../store/evaluation/release-collections.ts';
import { type ReplayRecord, replayResults, replays } from '../../../store/evaluation/replay-collections.ts';
import { insertIfAbsent } from '../../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../../store/port.ts';

/* A shadow in the records: its setting is part of the workflow’s release, and its runs are those of a replay with the same ID. */

const recordOf = ({ id: workflowId, workspaceId }: Pick<WorkflowRecord, 'id' | 'workspaceId'>, setting: ShadowSetting): ReplayRecord => ({
  id: setting.id,
  workspaceId,
  workflowId,
  version: setting.version,
  graphHash: setting.graphHash,
  sources: [],
  maxCostMicros: setting.budgetMicros,
  status: 'running',
  createdAt: setting.since,
  endedAt: null,
  openSince: null,
  shadowSince: setting.since,
  actor: setting.actor,
});

/** The record of a shadow, created with its first run. */
export async function shadowRecord(store: WorkspaceStore, workflow: WorkflowRecord, setting: ShadowSetting): Promise<ReplayRecord> {
  const known = await store.get(replays, setting.id);
  if (known) return known;
  const record = recordOf(workflow, setting);
  return (await insertIfAbsent(store, replays, record)) ? record : shadowRecord(store, workflow, setting);
}

/** Ends a shadow. Does nothing if it has ended, or another one has begun. Resolves to whether it has ended now. */
export async function endShadow(
  { store, now }: { readonly store: WorkspaceStore; readonly now: () => Date },
  workflowId: string,
  { id, status }: { readonly id: string; readonly status: 'finished' | 'budget' | 'cancelled' },
): Promise<boolean> {
  const endedAt = now().toISOString();
  const ended = { status: status === 'cancelled' ? ('cancelled' as const) : ('finished' as const), endedAt, shadowSince: null };
  await store.update(replays, id, ended, { equal: { status: 'running' } });
  for (;;) {
    const workflow = await store.get(workflows, workflowId);
    if (workflow?.shadow?.id !== id || workflow.shadow.status !== 'running') return false;
    // A change of the release meanwhile says what becomes of its shadow.
    const expected = { equal: { releaseRevision: workflow.releaseRevision ?? null } };
    if (await store.update(workflows, workflowId, { shadow: { ...workflow.shadow, status, endedAt } }, expected)) return true;
  }
}

/** The shadow of a workflow as the API shows it. */
export async function shadowView(store: WorkspaceStore, { shadow }: Pick<WorkflowRecord, 'shadow'>): Promise<ReleaseShadow | null> {
  if (!shadow) return null;
  const { id, graphHash: _graph, actor: _actor, ...setting } = shadow;
  const record = await store.get(replays, id);
  const counted = OUTCOMES.map(async (outcome, rank) => [outcome, await countOf(store, id, rank)] as const);
  const counts = Object.fromEntries(await Promise.all(counted)) as Record<Outcome, number>;
  const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
  // The page of the replay may have ended it just now.
  const isCancelled = setting.status === 'running' && record?.status === 'cancelled';
  return {
    ...setting,
    ...(isCancelled && { status: 'cancelled' as const, endedAt: record.endedAt }),
    replayId: id,
    counts: { ...counts, done },
    spentMicros: record?.spentMicros ?? 0,
  };
}

const countOf = (store: WorkspaceStore, replayId: string, rank: number): Promise<number> =>
  store.count(replayResults, { where: { replayId }, range: { field: 'place', from: `${rank}:`, to: `${rank}:~` } }, MOST_REPLAYED);
