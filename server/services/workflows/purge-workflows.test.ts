import { expect, it } from 'vitest';
import { endingAfter, onBothStores } from '../../../test/kit/both-stores.ts';
import { alertCauses, alertSettings } from '../../store/alert-collections.ts';
import { deliveryPages, graphs, runs, versions, type WorkflowRecord, webhooks, workflows } from '../../store/collections.ts';
import { budgets } from '../../store/money-collections.ts';
import { blobs } from '../../store/pieces/piece-collections.ts';
import type { Collection, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import { shares } from '../../store/sharing-collections.ts';
import { stateEntries } from '../../store/state/state-collections.ts';
import type { ServiceContext } from '../context.ts';
import { undeleteWorkflow } from './change-workflow.ts';
import { purgeWorkflows } from './purge-workflows.ts';

const NOW = new Date('2026-06-30T12:00:00.000Z');
const daysAgo = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const going = new AbortController().signal;
const DELIVERY_PAGES = 60;

const put = <T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, record: object): Promise<void> =>
  store.insert(collection, { workspaceId: 'here', ...record } as T);

/** A workflow with everything that belongs to it, and a waiting run. */
async function addWorkflow(store: WorkspaceStore, id: string, deletedAt: string | null, pages = 2): Promise<void> {
  await put(store, workflows, { id, slug: id, name: id, release: [], updatedAt: daysAgo(99), deletedAt });
  await put(store, webhooks, { id, liveToken: `live-${id}`, testToken: `test-${id}` });
  await put(store, shares, { id, token: `share-${id}` });
  await put(store, budgets, { id: `budget-${id}`, scope: { kind: 'workflow', id } });
  await put(store, budgets, { id: `node-budget-${id}`, scope: { kind: 'node', id: `${id}/ask` } });
  for (const number of [1, 2]) await put(store, versions, { id: `${id}:${number}`, workflowId: id, number, graphHash: `graph-${id}` });
  for (let page = 0; page < pages; page++) await put(store, deliveryPages, { id: `${id}-page-${page}`, workflowId: id, at: daysAgo(1), calls: [] });
  await put(store, alertSettings, { id, enabled: true });
  await put(store, alertCauses, { id: `cause-${id}`, workflowId: id, cause: `${id}/draft/timeout`, dueAt: daysAgo(1) });
  await put(store, stateEntries, { id: `state-${id}`, workflowId: id, space: 'live', place: `${id}/live/`, key: 'a', deletedAt: null });
  await put(store, graphs, { id: `graph-${id}`, createdAt: daysAgo(99) });
  await put(store, runs, { id: `run-${id}`, workflowId: id, status: 'waiting', statusToken: `status-${id}`, createdAt: daysAgo(98), seq: 1 });
  await put(store, blobs, { id: `blob-${id}:0`, hash: `blob-${id}`, number: 0, pieces: 1, data: '1', createdAt: daysAgo(98) });
  await store.append({
    runId: `run-${id}`,
    seq: 1,
    epoch: 1,
    v: 1,
    events: [{ type: 'driver-changed', at: daysAgo(98), actor: { kind: 'system', id: 'timer' }, epoch: 1 }] as never,
  });
}

const idsOf = async (store: WorkspaceStore, collection: Collection, id: string): Promise<string[]> =>
  (await store.find(collection, { limit: 1_000 })).items.map((record) => record.id).filter((found) => found.includes(id));

const OWN = [workflows, webhooks, shares, budgets, versions, deliveryPages, alertSettings, alertCauses, stateEntries].map(
  (collection) => collection as unknown as Collection,
);
const ownOf = async (store: WorkspaceStore, id: string): Promise<string[]> => (await Promise.all(OWN.map((collection) => idsOf(store, collection, id)))).flat();
const undelete = (store: WorkspaceStore, id: string) => undeleteWorkflow({ store, targets: { forget: () => undefined } } as unknown as ServiceContext, id);

onBothStores('workflows deleted long ago', (open) => {
  it('are purged after 30 days with everything that belongs to them, and nothing else', async () => {
    await using home = await open();
    const store = home.store.in('here');
    await addWorkflow(store, 'old', daysAgo(30), DELIVERY_PAGES);
    await addWorkflow(store, 'recent', daysAgo(29.9));
    await addWorkflow(store, 'kept', null);
    await purgeWorkflows(store, NOW, going);
    expect(await ownOf(store, 'old')).toEqual([]);
    for (const id of ['recent', 'kept']) expect(await ownOf(store, id)).toHaveLength(12);
    await expect(undelete(store, 'old')).rejects.toMatchObject({ code: 'not-found' });
    expect(await undelete(store, 'recent')).toMatchObject({ deletedAt: null });
  });

  it('keep their runs, which continue waiting with journal, graph, and large values', async () => {
    await using home = await open();
    const store = home.store.in('here');
    await addWorkflow(store, 'old', daysAgo(31));
    const before = await store.get(runs, 'run-old');
    await purgeWorkflows(store, NOW, going);
    expect(await store.get(runs, 'run-old')).toEqual(before);
    expect(await store.readJournal('run-old')).toHaveLength(1);
    expect([await store.get(graphs, 'graph-old'), await store.get(blobs, 'blob-old:0')]).toMatchObject([{ id: 'graph-old' }, { hash: 'blob-old' }]);
  });

  it('are unreachable from the first change on, and the next pass finishes after a crash at any point', async () => {
    await using home = await open();
    const store = home.store.in('here');
    let changes = 0;
    for (let cutOff = true; cutOff; changes++) {
      const id = `cut-${changes}-`;
      await addWorkflow(store, id, daysAgo(31));
      cutOff = await purgeWorkflows(endingAfter(changes, store), NOW, going).then(
        () => false,
        () => true,
      );
      if (changes > 0) await expect(undelete(store, id)).rejects.toMatchObject({ code: 'not-found' });
      await purgeWorkflows(store, NOW, going);
      expect(await ownOf(store, id)).toEqual([]);
    }
    expect(changes).toBeGreaterThan(8);
  });

  it('stay complete if restored between the search and the removal', async () => {
    await using home = await open();
    const store = home.store.in('here');
    await addWorkflow(store, 'old', daysAgo(31));
    let undeleted: Partial<WorkflowRecord> | undefined;
    const find: WorkspaceStore['find'] = async (collection, query) => {
      const page = await store.find(collection, query);
      undeleted ??= await undelete(store, 'old');
      return page;
    };
    await purgeWorkflows({ ...store, find }, NOW, going);
    expect(undeleted).toMatchObject({ id: 'old', deletedAt: null });
    expect(await ownOf(store, 'old')).toHaveLength(12);
  });

  it('are left for the next pass if the server stops', async () => {
    await using home = await open();
    const store = home.store.in('here');
    await addWorkflow(store, 'old', daysAgo(31));
    await purgeWorkflows(store, NOW, AbortSignal.abort());
    expect(await undelete(store, 'old')).toMatchObject({ id: 'old' });
  });
});
