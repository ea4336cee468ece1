import type { Change } from '@switchyard/shared/contracts/changes.ts';
import { alertSettings } from '../../store/alert-collections.ts';
import { connections, workflows } from '../../store/collections.ts';
import { authorities } from '../../store/evaluation/authority-collections.ts';
import { alertRules } from '../../store/insight/alert-rule-collections.ts';
import { headReceivers } from '../../store/insight/day-collections.ts';
import { signingKeys } from '../../store/insight/evidence-collections.ts';
import { budgets } from '../../store/money-collections.ts';
import { erasures, policies } from '../../store/policy-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { queueSettings } from '../../store/queue-collections.ts';
import { type ChangeRecord, changes, killSwitches, prompts } from '../../store/registry-collections.ts';
import { routes } from '../../store/route-collections.ts';
import { triggers } from '../../store/triggers/trigger-collections.ts';
import { readReleased } from '../held-runs/held-records.ts';
import { priceRevision } from '../money/prices.ts';
import { rerunRevision } from '../runs/rerun-failed.ts';

/** A change in progress takes less time than this. */
const OPEN_FOR_MS = 60_000;
const MOST = 500;

/** The current revision of a subject. Undefined if there is none. */
const REVISIONS: Partial<Record<Change['subject']['kind'], (store: WorkspaceStore, change: ChangeRecord) => Promise<number | undefined>>> = {
  authority: async (store, { subjectId }) => (await store.get(authorities, subjectId))?.revision,
  alert: async (store, { subjectId }) => (await store.get(alertSettings, subjectId))?.revision,
  'alert-rule': async (store, { subjectId }) => (await store.get(alertRules, subjectId))?.revision,
  erasure: async (store, { subjectId }) => ((await store.get(erasures, subjectId)) ? 1 : undefined),
  budget: async (store, { subjectId }) => (await store.get(budgets, subjectId))?.revision,
  connection: async (store, { subjectId }) => (await store.get(connections, subjectId))?.revision,
  policy: async (store, { subjectId }) => (await store.get(policies, subjectId))?.revision,
  price: priceRevision,
  queue: async (store, { subjectId }) => (await store.get(queueSettings, subjectId))?.revision,
  prompt: async (store, { subjectId }) => (await store.find(prompts, { where: { name: subjectId }, limit: 1 })).items[0]?.revision,
  release: async (store, { subjectId }) => (await store.get(workflows, subjectId))?.releaseRevision,
  run: rerunRevision,
  restore: async (store) => ((await readReleased(store)) ? 1 : undefined),
  route: async (store, { subjectId }) => (await store.get(routes, subjectId))?.version,
  'signing-key': async (store) => (await store.find(signingKeys, { order: { field: 'number', descending: true }, limit: 1 })).items[0]?.number,
  'head-receiver': async (store, { subjectId }) => (await store.get(headReceivers, subjectId))?.revision,
  trigger: async (store, { subjectId }) => (await store.get(triggers, subjectId))?.revision,
  'kill-switch': async (store, { subjectId }) => (await store.get(killSwitches, subjectId))?.revision,
};

/**
 * Settles changes whose process ended before it recorded the outcome (S68). They count as applied if the subject has reached their
 * revision, or is gone after a deletion.
 */
export async function settleChanges(store: WorkspaceStore, now: Date): Promise<void> {
  const to = new Date(now.getTime() - OPEN_FOR_MS).toISOString();
  const { items } = await store.find(changes, { range: { field: 'openSince', to }, order: { field: 'openSince' }, limit: MOST });
  for (const change of items)
    await store.update(changes, change.id, { applied: await wasApplied(store, change), openSince: null }, { equal: { applied: null } });
}

async function wasApplied(store: WorkspaceStore, change: ChangeRecord): Promise<boolean> {
  const current = await REVISIONS[change.subjectKind]?.(store, change);
  return current === undefined ? change.action === 'delete' : current >= change.revision;
}
