import { expect, it } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import { alertSettings } from '../../store/alert-collections.ts';
import { type RunRecord, runs, type WorkflowRecord, workflows } from '../../store/collections.ts';
import { feedback } from '../../store/evaluation/feedback-collections.ts';
import { releaseWatches } from '../../store/evaluation/release-collections.ts';
import type { Collection, Store, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import { changes } from '../../store/registry-collections.ts';
import type { Notice } from '../alerts/alert-message.ts';
import { createReleaseWatch } from './release-watch.ts';

const START = Date.parse('2026-06-30T12:00:00.000Z');
const at = (ms: number): string => new Date(START + ms).toISOString();

const put = <T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, record: object): Promise<void> =>
  store.insert(collection, { workspaceId: 'here', ...record } as T);

interface Scene {
  readonly store: WorkspaceStore;
  readonly sent: Notice[];
  /** Why attempts to send fail. Null: they don’t. */
  error: string | null;
  job(store?: Pick<Store, 'in'>): ReturnType<typeof createReleaseWatch>;
  workflow(): Promise<WorkflowRecord | undefined>;
  clock: number;
}

async function sceneIn(stores: Store, failures: (index: number) => boolean): Promise<Scene> {
  const store = stores.in('here');
  const release = [
    { version: 1, weight: 50 },
    { version: 2, weight: 50 },
  ];
  const released = { release, releaseRevision: 4, watchedRevision: 4, canaryVersion: 2, releasedAt: at(0), stableVersions: [1] };
  await put(store, workflows, { id: 'wfl', slug: 'wfl', name: 'Refunds', updatedAt: '', deletedAt: null, ...released });
  await put(store, alertSettings, {
    id: 'wfl',
    enabled: true,
    channel: { kind: 'email', to: 'ada@example.com' },
    sealedSecret: '',
    lastDelivery: null,
    revision: 1,
  });
  const watched = Array.from({ length: 80 }, (_, index) => {
    const isCanary = index % 2 === 1;
    const run: Partial<RunRecord> = {
      id: `run_${String(index).padStart(3, '0')}`,
      workflowId: 'wfl',
      version: isCanary ? 2 : 1,
      trigger: 'webhook',
      status: isCanary && failures(index) ? 'failed' : 'succeeded',
      createdAt: at(index * 100),
      endedAt: at(index * 100 + 50),
      costMicros: 10,
      statusToken: `token_${index}`,
      releaseRevision: 4,
    };
    return put(store, runs, run);
  });
  await Promise.all(watched);
  const sent: Notice[] = [];
  const scene: Scene = {
    store,
    sent,
    error: null,
    clock: START + 60_000,
    workflow: () => store.get(workflows, 'wfl'),
    job: (over = stores) =>
      createReleaseWatch({
        stores: over as Store,
        workspaces: async () => ['here'],
        sender: {
          deliver: async (_, __, notice) => {
            sent.push(notice);
            return scene.error;
          },
        },
        targets: { forget: () => {} },
        address: 'https://flow.example.com',
        lease: { hold: async () => true, release: async () => {} },
        now: () => new Date(scene.clock),
        report: (_, error) => {
          throw error;
        },
      }),
  };
  return scene;
}

const rollbacks = async ({ store }: Scene) =>
  (await store.find(changes, { where: { subject: 'release:wfl' } })).items.filter(({ action }) => action === 'rollback');

onBothStores('the watch of a release', (open) => {
  it('sends a worse canary back once, also if two processes look at the same time, and retries the message until it is delivered', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store, (index) => index % 4 === 1);
    scene.error = 'No response';
    await Promise.all([scene.job().work(), scene.job().work()]);
    expect(await scene.workflow()).toMatchObject({ release: [{ version: 1, weight: 100 }], canaryVersion: null, releaseRevision: 5, rolledBackRevision: 4 });
    expect((await rollbacks(scene)).filter(({ applied }) => applied === true)).toHaveLength(1);
    expect(scene.sent).toHaveLength(1);
    scene.error = null;
    scene.clock += 60_000;
    const job = scene.job();
    await job.work();
    await job.work();
    scene.clock += 86_400_000;
    await job.work();
    expect(scene.sent.map(({ id }) => id)).toEqual(['rollback_wfl_4', 'rollback_wfl_4']);
    expect(scene.sent[0]?.event.data).toMatchObject({ from: 2, to: 1, measure: 'failures', canary: { runs: 40, mean: 0.5 } });
    expect(await scene.store.get(releaseWatches, 'wfl:4')).toMatchObject({ dueAt: null, notice: { channel: 'email', error: null } });
  });

  it('carries out a decision after the process ended in between, and keeps a release that was changed meanwhile', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store, () => true);
    const failing = {
      in: (id: string) => ({ ...home.store.in(id), insert: (collection: Collection, record: never) => refuseChange(home.store.in(id), collection, record) }),
    };
    await scene
      .job(failing as unknown as Store)
      .work()
      .catch(() => {});
    const decided = await scene.store.get(releaseWatches, 'wfl:4');
    expect(decided?.decided).toMatchObject({ measure: 'failures' });
    expect(await scene.workflow()).toMatchObject({ releaseRevision: 4 });
    await scene.store.update(workflows, 'wfl', { watchedRevision: 6, releaseRevision: 6 });
    await scene.store.update(releaseWatches, 'wfl:4', { dueAt: at(0) });
    await scene.job().work();
    expect(await scene.workflow()).toMatchObject({ releaseRevision: 6 });
    expect(scene.sent).toEqual([]);
    await scene.store.update(workflows, 'wfl', { watchedRevision: 4, releaseRevision: 6 });
    await scene.store.update(releaseWatches, 'wfl:4', { dueAt: at(0) });
    await scene.job().work();
    expect(await scene.workflow()).toMatchObject({ release: [{ version: 1, weight: 100 }], releaseRevision: 7 });
    expect(scene.sent).toHaveLength(1);
  });

  it('keeps the figures of an equal canary, and compares durations only once the limit is known and the time is over', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store, () => false);
    await scene.job().work();
    const kept = await scene.store.get(releaseWatches, 'wfl:4');
    expect(kept).toMatchObject({
      decided: null,
      dueAt: null,
      figures: { runs: { stable: 40, canary: 40 }, customers: null, limits: { slowMs: 50, costMicros: 10 } },
    });
    const byName = new Map(kept?.figures?.measures.map((one) => [one.measure, one]));
    // The first 40 runs of the stable version have set the limits.
    expect(byName.get('slow')).toMatchObject({ canary: { runs: 40, mean: 0 }, stable: { runs: 0, mean: null }, difference: null, lower: -1 });
    expect(byName.get('failures')).toMatchObject({ difference: 0, canary: { runs: 40 } });
    expect(byName.get('failures')?.lower).toBeLessThan(0);
    expect(byName.get('failures')?.series).toHaveLength(1);
    expect(await scene.workflow()).toMatchObject({ releaseRevision: 4 });
  });

  it('counts scores of feedback that comes after the runs have ended, and sends a canary back that has worse ones', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store, () => false);
    const job = scene.job();
    await job.work();
    const scores = async () => (await scene.store.get(releaseWatches, 'wfl:4'))?.figures?.measures.find(({ measure }) => measure === 'score');
    expect(await scores()).toMatchObject({ canary: { runs: 0 }, difference: null });
    const rated = Array.from({ length: 80 }, async (_, index) => {
      const id = `run_${String(index).padStart(3, '0')}`;
      await scene.store.update(runs, id, { rating: index % 2 === 1 ? 0.2 : 0.9 });
      await put(scene.store, feedback, { id: `${id}.x`, runId: id, workflowId: 'wfl', at: at(30_000 + index) });
    });
    await Promise.all(rated);
    scene.clock += 60_000;
    await job.work();
    const seen = await scores();
    expect(seen).toMatchObject({ canary: { runs: 40 }, stable: { runs: 40 } });
    expect(seen?.difference).toBeCloseTo(0.7);
    expect(await scene.workflow()).toMatchObject({ release: [{ version: 1, weight: 100 }] });
    expect(scene.sent[0]?.event.data).toMatchObject({ measure: 'score' });
  });
});

/** Ends the process, as it were, before a change is recorded. */
function refuseChange(store: WorkspaceStore, collection: Collection, record: never): Promise<void> {
  if (collection.name === changes.name) return Promise.reject(new Error('The process ended.'));
  return store.insert(collection, record);
}
