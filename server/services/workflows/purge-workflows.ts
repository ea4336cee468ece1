import { alertCauses, alertSettings } from '../../store/alert-collections.ts';
import { deliveryPages, versions, type WorkflowRecord, webhooks, workflows } from '../../store/collections.ts';
import { authorities, authorityLabels } from '../../store/evaluation/authority-collections.ts';
import { gateChecks, releaseWatches } from '../../store/evaluation/release-collections.ts';
import { replayResults, replays } from '../../store/evaluation/replay-collections.ts';
import { findAll } from '../../store/find-all.ts';
import { alertRules } from '../../store/insight/alert-rule-collections.ts';
import { budgets } from '../../store/money-collections.ts';
import { policies, redactionCounts } from '../../store/policy-collections.ts';
import type { Collection, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import { queueSettings } from '../../store/queue-collections.ts';
import { pins } from '../../store/registry-collections.ts';
import { shares } from '../../store/sharing-collections.ts';
import { stateEntries } from '../../store/state/state-collections.ts';
import { completions } from '../../store/triggers/completion-collection.ts';
import { conversations } from '../../store/triggers/conversation-collection.ts';
import { triggers, webhookDays } from '../../store/triggers/trigger-collections.ts';

/*
 * Purges workflows 30 days after they were deleted. Owns what is removed with a workflow, and in which order. Invariants:
 * 1. `purgedAt` is set by compare-and-set before anything is removed. Restoring compares with it, so only one of the two happens. 2. The workflow's
 * own record is removed last, so the next pass finds and finishes what a crash interrupts. 3. Runs stay with their journals, reviews,
 * graphs, and large values: they are the record of what was done, need nothing of the workflow, and waiting ones continue.
 */

const KEPT_MS = 30 * 86_400_000;
/** Records in memory at once. */
const PAGE = 50;

/** Purges what was deleted 30 days ago or earlier, until nothing is left or `stop` is requested. */
export async function purgeWorkflows(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = new Date(now.getTime() - KEPT_MS).toISOString();
  for (;;) {
    const { items } = await store.find(workflows, { range: { field: 'deletedAt', to }, order: { field: 'deletedAt' }, limit: PAGE });
    if (items.length === 0) return;
    for (const workflow of items) {
      if (stop.aborted) return;
      await purge(store, workflow, now);
    }
  }
}

/** Skips a workflow that was restored in the meantime. */
async function purge(store: WorkspaceStore, { id, deletedAt }: WorkflowRecord, now: Date): Promise<void> {
  if (!(await store.update(workflows, id, { purgedAt: now.toISOString() }, { equal: { deletedAt } }))) return;
  await store.delete(webhooks, id);
  await store.delete(shares, id);
  await store.delete(policies, id);
  await store.delete(alertSettings, id);
  await store.delete(queueSettings, id);
  await deleteAllOf(store, pins, id);
  await deleteAllOf(store, alertCauses, id);
  await deleteAlertRules(store, id);
  await deleteBudgets(store, id);
  await deleteAllOf(store, redactionCounts, id);
  await deleteAllOf(store, deliveryPages, id);
  await deleteAllOf(store, stateEntries, id);
  await deleteAllOf(store, completions, id);
  await deleteAllOf(store, conversations, id);
  await deleteAllOf(store, webhookDays, id);
  await deleteAllOf(store, triggers, id);
  await deleteAllOf(store, releaseWatches, id);
  await deleteAllOf(store, authorities, id);
  await deleteAllOf(store, authorityLabels, id);
  await deleteReplays(store, id);
  await deleteAllOf(store, gateChecks, id);
  await deleteAllOf(store, versions, id);
  await store.delete(workflows, id);
}

/** Results first: they are found by their replay. */
async function deleteReplays(store: WorkspaceStore, workflowId: string): Promise<void> {
  for (const { id } of await findAll(store, replays, { where: { workflowId } })) {
    for (const result of await findAll(store, replayResults, { where: { replayId: id } })) await store.delete(replayResults, result.id);
    await store.delete(replays, id);
  }
}

/** Their history stays. */
async function deleteAlertRules(store: WorkspaceStore, workflowId: string): Promise<void> {
  for (const { id, definition } of await findAll(store, alertRules)) if (definition.scope.workflowId === workflowId) await store.delete(alertRules, id);
}

/** Of the workflow and its nodes. */
async function deleteBudgets(store: WorkspaceStore, workflowId: string): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await store.find(budgets, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { id, scope } of page.items) if (scope.id === workflowId || scope.id?.startsWith(`${workflowId}/`)) await store.delete(budgets, id);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function deleteAllOf<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, workflowId: string): Promise<void> {
  for (;;) {
    const { items } = await store.find(collection, { where: { workflowId }, limit: PAGE });
    if (items.length === 0) return;
    for (const { id } of items) await store.delete(collection, id);
  }
}
