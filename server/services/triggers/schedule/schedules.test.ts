import type { ScheduleSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { expect, it } from 'vitest';
import { endingAfter, onBothStores } from '../../../../test/kit/both-stores.ts';
import { echoGraph } from '../../../../test/kit/graph.ts';
import { graphs, type RunRecord, runs, settings, versions, workflows } from '../../../store/collections.ts';
import type { Collection, Store, StoredRecord, WorkspaceStore } from '../../../store/port.ts';
import { triggerDeliveries, triggers } from '../../../store/triggers/trigger-collections.ts';
import { insertReleased, RESTORED } from '../../held-runs/held-records.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { createSchedules } from './schedules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-06-30T12:00:00.000Z');
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();

const put = <T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, record: object): Promise<void> =>
  store.insert(collection, { workspaceId: 'here', ...record } as T);

/** An hourly schedule, first due an hour after the start. */
async function sceneIn(stores: Store, given: Partial<ScheduleSettings> = {}) {
  const store = stores.in('here');
  let now = START;
  let isKilled = false;
  const graph = echoGraph('{{ input.dueAt }}');
  for (const node of graph.nodes) if (node.type === 'input') node.data.params = {};
  await put(store, graphs, { id: 'graph', createdAt: '', graph });
  await put(store, workflows, {
    id: 'wfl',
    slug: 'wfl',
    name: 'Refunds',
    release: [{ version: 1 }],
    paused: false,
    pauseReason: null,
    updatedAt: '',
    deletedAt: null,
  });
  await put(store, versions, { id: 'wfl:1', workflowId: 'wfl', number: 1, graphHash: 'graph' });
  const schedule = { cron: '0 * * * *', timeZone: 'UTC', missed: 'once', overlap: 'allow', ...given };
  const own = { workflowId: 'wfl', kind: 'schedule', settings: schedule, enabled: true, token: null, waitsFor: null, lastRunId: null, turn: 0, revision: 1 };
  await put(store, triggers, { id: 'trg', dueAt: at(1), createdAt: '', ...own });
  const job = (over = store) =>
    createSchedules({
      workspaces: async () => ['here'],
      now: () => new Date(now),
      report: () => {},
      startingIn: () =>
        ({
          workspaceId: 'here',
          store: over,
          now: () => new Date(now),
          catalog: () => undefined,
          engine: { load: () => 0, wake: () => {}, ownerOfNew: () => undefined },
          kills: { refusalOfRun: () => undefined, all: () => (isKilled ? [{ workspaceId: 'here', scope: { kind: 'workflow', id: 'wfl' } }] : []) },
          policies: { ofWorkflow: async () => undefined, keyedHash: (value: string) => value },
          watched: { isWatched: () => false },
          queues: { limitsOf: () => ({ concurrency: null, queueLimit: null, priority: 'normal' }) },
        }) as unknown as RunStarting,
    });
  const usual = job();
  return {
    store,
    job,
    kill: (killed: boolean) => {
      isKilled = killed;
    },
    pause: (paused: boolean) => store.update(workflows, 'wfl', { paused }),
    /** Advances the clock to this many hours after the start, and fires what is due. */
    to: async (hours: number) => {
      now = START + hours * HOUR;
      await usual.work();
    },
    started: async () =>
      (await store.find(runs, { order: { field: 'createdAt' } })).items.map(({ triggerData }) => (triggerData.body as { dueAt: string }).dueAt).sort(),
    runs: async (): Promise<RunRecord[]> => (await store.find(runs, { order: { field: 'createdAt' } })).items,
    end: async () => {
      for (const { id } of (await store.find(runs)).items) await store.update(runs, id, { status: 'succeeded' });
    },
    fired: async () =>
      (await store.find(triggerDeliveries, { order: { field: 'at' } })).items.map(({ outcome, code, count }) => [outcome, code ?? '', count].join(' ')),
    trigger: async () => store.get(triggers, 'trg'),
  };
}

onBothStores('a schedule', (open) => {
  it('starts one run of the live version per due time, with the time as its input', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.to(0.9);
    expect(await scene.started()).toEqual([]);
    await scene.to(1);
    await scene.to(1.1);
    await scene.to(2);
    expect(await scene.runs()).toMatchObject([
      { trigger: 'schedule', version: 1, triggerData: { body: { dueAt: at(1), firedAt: at(1) } }, actor: { kind: 'trigger', id: 'trg' } },
      { triggerData: { body: { dueAt: at(2) } } },
    ]);
    expect(await scene.trigger()).toMatchObject({ dueAt: at(3) });
  });

  it.each([
    ['skip', [at(4)], ['skipped missed 3', 'started  1']],
    ['once', [at(3), at(4)], ['skipped missed 2', 'started  1', 'started  1']],
    ['all', [at(1), at(2), at(3), at(4)], ['started  1', 'started  1', 'started  1', 'started  1']],
  ] as const)('treats missed due times as set: %s', async (missed, started, fired) => {
    await using home = await open();
    const scene = await sceneIn(home.store, { missed });
    await scene.to(4);
    expect(await scene.started()).toEqual(started);
    expect((await scene.fired()).sort()).toEqual(fired);
  });

  it('catches up with thousands of missed minutes, and starts only the latest', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store, { cron: '* * * * *' });
    for (let pass = 0; pass < 5; pass++) await scene.to(30 + 1 / 120);
    expect(await scene.started()).toEqual([at(30 - 1 / 60), at(30)]);
  });

  it.each([
    ['allow', [at(1), at(2), at(3)]],
    ['skip', [at(1), at(3)]],
    ['queue', [at(1), at(2), at(3)]],
  ] as const)('treats overlapping runs as set: %s', async (overlap, started) => {
    await using home = await open();
    const scene = await sceneIn(home.store, { overlap, missed: 'skip' });
    await scene.to(1);
    await scene.to(2);
    if (overlap === 'queue') expect(await scene.trigger()).toMatchObject({ dueAt: at(2), waitsFor: 'overlap' });
    await scene.to(2.5);
    await scene.end();
    await scene.to(2.6);
    await scene.end();
    await scene.to(3);
    expect(await scene.started()).toEqual(started);
  });

  it.each(['pause', 'kill'] as const)('waits while its workflow is stopped (%s), or skips', async (how) => {
    await using home = await open();
    const scene = await sceneIn(home.store, { missed: 'all' });
    const stop = how === 'pause' ? scene.pause : scene.kill;
    if (how === 'kill') await scene.store.update(triggers, 'trg', { waitsFor: 'killed' });
    await stop(true);
    await scene.to(1);
    await scene.to(2);
    expect(await scene.trigger()).toMatchObject({ dueAt: at(1), waitsFor: how === 'pause' ? 'paused' : 'killed' });
    await stop(false);
    await scene.to(2.1);
    expect(await scene.started()).toEqual([at(1), at(2)]);
    await scene.store.update(triggers, 'trg', { settings: { cron: '0 * * * *', timeZone: 'UTC', missed: 'skip', overlap: 'allow' } });
    await scene.pause(true);
    await scene.to(3);
    await scene.pause(false);
    await scene.to(3.1);
    expect(await scene.started()).toEqual([at(1), at(2)]);
    expect(await scene.fired()).toContain('skipped paused 1');
  });

  it('skips due times while its workflow is paused if set, and starts the next one after that', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store, { missed: 'all', paused: 'skip' });
    await scene.pause(true);
    for (const hours of [1, 2]) await scene.to(hours);
    expect(await scene.trigger()).toMatchObject({ dueAt: at(3), waitsFor: null });
    await scene.pause(false);
    await scene.to(3);
    expect(await scene.started()).toEqual([at(3)]);
    expect((await scene.fired()).sort()).toEqual(['skipped paused 1', 'skipped paused 1', 'started  1']);
  });

  it('starts each due time once, however many processes fire it, and wherever one ends', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store, { missed: 'all' });
    await scene.to(0.5);
    const others = [1, 2, 3, 4, 5, 6].map((changes) => scene.job(endingAfter(changes, scene.store)));
    const all = Promise.all([scene.to(5), ...others.map((other) => other.work().catch(() => {}))]);
    await all;
    await scene.to(5);
    expect(await scene.started()).toEqual([1, 2, 3, 4, 5].map(at));
    expect((await scene.fired()).filter((fired) => fired.startsWith('started'))).toHaveLength(5);
  });

  it('starts nothing after a restore, until the runs that it holds are released', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await put(scene.store, settings, { id: RESTORED, value: { backupAt: at(0), restoredAt: at(0), held: 0 } });
    await scene.to(1);
    expect(await scene.started()).toEqual([]);
    await insertReleased(scene.store, 'here', { at: at(1), left: 0 });
    await scene.to(1.1);
    expect(await scene.started()).toEqual([at(1)]);
  });

  it('continues after an input that its workflow rejects, or a version that doesn’t exist', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.store.update(workflows, 'wfl', { release: [] });
    await scene.to(1);
    expect(await scene.fired()).toEqual(['rejected not-published 1']);
    expect(await scene.trigger()).toMatchObject({ dueAt: at(2), waitsFor: null });
  });
});
