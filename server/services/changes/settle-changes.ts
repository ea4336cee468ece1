import type { Change } from '@switchyard/shared/contracts/changes.ts';
import { budgets } from '../../store/money-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type ChangeRecord, changes, killSwitches, prompts } from '../../store/registry-collections.ts';
import { routes } from '../../store/route-collections.ts';

/** A change in progress takes less time than this. */
const OPEN_FOR_MS = 60_000;
const MOST = 500;

/** The current revision of a subject. Undefined if there is none. */
const REVISIONS: Partial<Record<Change['subject']['kind'], (store: WorkspaceStore, id: string) => Promise<number | undefined>>> = {
  budget: async (store, id) => (await store.get(budgets, id))?.revision,
  prompt: async (store, name) => (await store.find(prompts, { where: { name }, limit: 1 })).items[0]?.revision,
  route: async (store, name) => (await store.get(routes, name))?.version,
  'kill-switch': async (store, id) => (await store.get(killSwitches, id))?.revision,
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

async function wasApplied(store: WorkspaceStore, { subjectKind, subjectId, action, revision }: ChangeRecord): Promise<boolean> {
  const current = await REVISIONS[subjectKind]?.(store, subjectId);
  return current === undefined ? action === 'delete' : current >= revision;
}
