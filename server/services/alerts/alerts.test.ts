import type { ErrorCode } from '@switchyard/shared/errors.ts';
import { expect, it } from 'vitest';
import { endingAfter, onBothStores } from '../../../test/kit/both-stores.ts';
import { alertCauses, alertSettings } from '../../store/alert-collections.ts';
import { graphs, type RunRecord, runs, workflows } from '../../store/collections.ts';
import type { Collection, Store, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import type { Notice } from './alert-message.ts';
import { type AlertParts, putAlert } from './alert-settings.ts';
import { createAlerts } from './alerts.ts';

const START = Date.parse('2026-06-30T12:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const put = <T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, record: object): Promise<void> =>
  store.insert(collection, { workspaceId: 'here', ...record } as T);

interface Scene {
  readonly store: WorkspaceStore;
  /** The messages passed to the sender, in order, one per attempt. */
  readonly sent: Notice[];
  /** Makes attempts fail with this error from now on. */
  failWith(error: string | null): void;
  /** Adds runs that fail now. */
  fail(count?: number, cause?: { readonly nodeKey?: string; readonly code?: ErrorCode }): Promise<void>;
  /** Advances the clock and does what is due. */
  after(ms: number): Promise<void>;
  /** Saves settings. */
  put(enabled: boolean, url: string): Promise<unknown>;
  /** Creates the alerts job, by default over the same store. */
  job(stores?: Pick<Store, 'in'>): ReturnType<typeof createAlerts>;
}

async function sceneIn(stores: Store, workflow = 'wfl'): Promise<Scene> {
  const store = stores.in('here');
  const sent: Notice[] = [];
  let now = START;
  let failure: string | null = null;
  let failed = 0;
  await put(store, workflows, { id: workflow, slug: workflow, name: 'Refunds', release: [], updatedAt: '', deletedAt: null });
  await put(store, graphs, {
    id: `graph-${workflow}`,
    createdAt: '',
    graph: { nodes: [{ data: { key: 'draft', title: 'Draft a reply' } }], edges: [], vars: {} },
  });
  const channel = { kind: 'email', to: 'ada@example.com' };
  await put(store, alertSettings, { id: workflow, enabled: true, channel, sealedSecret: '', lastDelivery: null, revision: 1, updatedAt: '' });
  const deliver = async (_: unknown, __: unknown, notice: Notice) => {
    sent.push(notice);
    return failure;
  };
  const job: Scene['job'] = (over = stores) =>
    createAlerts({
      stores: over as Store,
      workspaces: async () => ['here'],
      sender: { deliver },
      address: 'https://flow.example.com',
      now: () => new Date(now),
      report: () => {},
    });
  const usual = job();
  return {
    store,
    sent,
    failWith: (error) => {
      failure = error;
    },
    fail: async (count = 1, { nodeKey = 'draft', code = 'provider-timeout' } = {}) => {
      for (let index = 0; index < count; index++) {
        const [id, at] = [`run_${workflow}_${++failed}`, new Date(now).toISOString()];
        const ended = { status: 'failed', createdAt: at, endedAt: at, uncountedSince: at, error: { code, message: 'Said ada@example.com', nodeKey } };
        await put(store, runs, { id, workflowId: workflow, workflowName: 'Refunds', graphHash: `graph-${workflow}`, statusToken: id, seq: 1, ...ended });
      }
    },
    after: async (ms) => {
      now += ms;
      await usual.work();
    },
    put: (enabled, url) => {
      const context = { stores, store, workspaceId: 'here', caller: { kind: 'user', id: 'ada' }, now: () => new Date(now) } as unknown as ServiceContext;
      return putAlert(context, { sender: { canEmail: true } } as AlertParts, 'wfl', { enabled, channel: { kind: 'webhook', url } });
    },
    job,
  };
}

const marked = async ({ store }: Scene): Promise<RunRecord[]> => (await store.find(runs, { range: { field: 'uncountedSince', from: '' } })).items;
const dataOf = ({ event }: Notice) => event.data as { readonly count: number; readonly total: number; readonly since: string };

onBothStores('alerts', (open) => {
  it('tell the first failure of a cause at once, then at most one count an hour, and start again after 24 quiet hours', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.fail();
    await scene.after(0);
    expect(scene.sent).toMatchObject([
      {
        subject: '“Refunds” failed at “Draft a reply”: The model timed out',
        event: {
          type: 'workflow.failed',
          data: {
            workflow: { id: 'wfl', name: 'Refunds', url: 'https://flow.example.com/workflows/wfl' },
            node: { key: 'draft', title: 'Draft a reply' },
            error: { code: 'provider-timeout', title: 'The model timed out' },
            count: 1,
            total: 1,
            latestRun: { id: 'run_wfl_1', url: 'https://flow.example.com/runs/run_wfl_1' },
          },
        },
      },
    ]);
    await scene.fail(3);
    await scene.after(20 * MINUTE);
    await scene.fail(2);
    await scene.after(39 * MINUTE);
    expect(scene.sent).toHaveLength(1);
    await scene.after(MINUTE);
    expect(scene.sent).toHaveLength(2);
    expect(scene.sent[1]).toMatchObject({
      subject: '“Refunds” failed 5 more times at “Draft a reply”: The model timed out',
      event: { data: { count: 5, total: 6, since: new Date(START).toISOString(), latestRun: { id: 'run_wfl_6' } } },
    });
    await scene.after(5 * HOUR);
    expect(scene.sent).toHaveLength(2);
    await scene.fail();
    await scene.after(0);
    expect(scene.sent.slice(2).map(dataOf)).toMatchObject([{ count: 1, total: 7 }]);
    await scene.after(24 * HOUR);
    expect((await scene.store.find(alertCauses)).items).toEqual([]);
    await scene.fail();
    await scene.after(0);
    expect(scene.sent.slice(3).map(dataOf)).toMatchObject([{ count: 1, total: 1 }]);
    expect(new Set(scene.sent.map(({ id }) => id)).size).toBe(4);
    expect(JSON.stringify(scene.sent)).not.toContain('ada@example.com');
  });

  it('tell each node and each error code separately, and a failure of the run as a whole', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.fail(2);
    await scene.fail(1, { code: 'bad-answer' });
    await scene.fail(1, { nodeKey: 'removed_since' });
    await scene.fail(1, { nodeKey: '', code: 'run-crashed' });
    await scene.after(0);
    expect(scene.sent.map(({ subject }) => subject).sort()).toEqual([
      '“Refunds” failed at “Draft a reply”: The model timed out',
      '“Refunds” failed at “Draft a reply”: The model’s output doesn’t match the schema',
      '“Refunds” failed at “removed_since”: The model timed out',
      '“Refunds” failed: The server stopped three times while this run was active',
    ]);
    expect(scene.sent.map((notice) => dataOf(notice).count).sort()).toEqual([1, 1, 1, 2]);
  });

  it('repeat a message under the same ID until it is delivered, and keep counting meanwhile', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    scene.failWith('The webhook returned 500.');
    await scene.fail();
    await scene.after(0);
    await scene.after(29_000);
    expect(scene.sent).toHaveLength(1);
    await scene.fail(2);
    await scene.after(1_000);
    for (const wait of [2, 10, 30, 60, 60]) await scene.after(wait * MINUTE);
    expect(scene.sent).toHaveLength(7);
    expect(new Set(scene.sent.map((notice) => JSON.stringify(notice))).size).toBe(1);
    scene.failWith(null);
    await scene.after(HOUR);
    await scene.after(59 * MINUTE);
    expect(scene.sent).toHaveLength(8);
    await scene.after(MINUTE);
    expect(scene.sent.slice(8).map(dataOf)).toMatchObject([{ count: 2, total: 3 }]);
  });

  it('say nothing while they are off, and count nothing of that time later', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.store.update(alertSettings, 'wfl', { enabled: false });
    await scene.fail(60);
    await scene.after(0);
    expect([scene.sent, await marked(scene)]).toEqual([[], []]);
    await scene.store.update(alertSettings, 'wfl', { enabled: true });
    await scene.fail();
    await scene.after(0);
    expect(scene.sent.map(dataOf)).toMatchObject([{ count: 1, total: 1 }]);
    await scene.fail();
    await scene.after(0);
    await scene.store.update(alertSettings, 'wfl', { enabled: false });
    await scene.after(2 * HOUR);
    expect(scene.sent).toHaveLength(1);
    expect((await scene.store.find(alertCauses)).items).toEqual([]);
  });

  it('send an undelivered message soon after the channel was changed, and forget causes once turned off', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    scene.failWith('The webhook returned 404.');
    await scene.fail();
    for (const minutes of [0, 1, 2, 10, 30]) await scene.after(minutes * MINUTE);
    expect(scene.sent).toHaveLength(5);
    scene.failWith(null);
    await scene.put(true, 'https://right.example.com/');
    await scene.after(30_000);
    expect(scene.sent).toHaveLength(6);
    await scene.put(false, 'https://right.example.com/');
    await scene.after(30_000);
    expect((await scene.store.find(alertCauses)).items).toEqual([]);
  });

  it('count every failure once, and repeat a message only under its ID, after a crash at any point', async () => {
    await using home = await open();
    // Counting makes four changes: the cause and three marks. The claim of the attempt and its outcome follow.
    for (let changes = 0; changes <= 6; changes++) {
      const scene = await sceneIn(home.store, `wfl_${changes}`);
      await scene.fail(3);
      await scene
        .job({ in: () => endingAfter(changes, scene.store) })
        .work()
        .catch(() => {});
      expect(scene.sent, `after ${changes} changes`).toHaveLength(changes < 5 ? 0 : 1);
      await scene.fail(2);
      for (let hour = 0; hour < 3; hour++) await scene.after(HOUR);
      const messages = new Map(scene.sent.map((notice) => [notice.id, notice]));
      expect(new Set(scene.sent.map((notice) => JSON.stringify(notice))).size).toBe(messages.size);
      expect(
        [...messages.values()].map(dataOf).reduce((sum, { count }) => sum + count, 0),
        `after ${changes} changes`,
      ).toBe(5);
      expect(await marked(scene)).toEqual([]);
    }
  });

  it('count and send once in two processes at the same time', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    const jobs = [scene.job(), scene.job()];
    for (let round = 0; round < 5; round++) {
      await Promise.all([scene.fail(20), ...jobs.map((job) => job.work()), scene.fail(5, { code: 'bad-answer' })]);
      await Promise.all(jobs.map((job) => job.work()));
    }
    await scene.after(HOUR);
    const messages = scene.sent.map(({ id }) => id);
    expect(new Set(messages).size).toBe(messages.length);
    expect(scene.sent.map(dataOf).reduce((sum, { count }) => sum + count, 0)).toBe(125);
    expect(await marked(scene)).toEqual([]);
  });
});
