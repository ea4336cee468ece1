import { NO_FACTS, packFacts, type RunFacts } from '@switchyard/shared/run/facts/run-facts.ts';
import { expect, it } from 'vitest';
import { endingAfter, onBothStores } from '../../../test/kit/both-stores.ts';
import { createJobLease } from '../../ownership/job-lease.ts';
import { removeRun } from '../../services/retention/remove-payloads.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { type RollUpRecord, rollUps } from '../../store/insight/insight-collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { wholeTimeOf } from '../figures/figures.ts';
import { quantileOf, samplesIn } from '../figures/histogram.ts';
import { addPacked, noRollUp, type RollUp } from '../figures/roll-up.ts';
import { tidyRollUps } from './frozen-roll-ups.ts';
import { markAgain } from './hour-memory.ts';
import { createRollUpJob } from './roll-up-job.ts';
import { rollUpId } from './roll-up-records.ts';

const HERE = 'here';
const HOUR = '2026-06-30T12:00:00.000Z';
const DAY = '2026-06-30T00:00:00.000Z';
const NOW = new Date('2026-06-30T12:30:00.000Z');

interface Given extends Partial<RunRecord> {
  readonly minute?: number;
  readonly ms?: number;
  readonly said?: Partial<RunFacts>;
}

/** A run of `wf` v3 that succeeded. */
const run = (id: string, { minute = 0, ms = 2_000, said, ...given }: Given = {}): RunRecord => {
  const createdAt = given.createdAt ?? new Date(Date.parse(HOUR) + minute * 60_000).toISOString();
  const endedAt = given.endedAt === undefined ? new Date(Date.parse(createdAt) + ms).toISOString() : given.endedAt;
  const facts = packFacts({ ...NO_FACTS, ...said });
  return {
    id,
    workspaceId: HERE,
    workflowId: 'wf',
    versionText: '3',
    trigger: 'webhook',
    triggerData: { kind: 'webhook', body: null },
    status: 'succeeded',
    labels: {},
    costMicros: 0.3,
    statusToken: id,
    seq: 1,
    ...(facts !== undefined && { facts }),
    ...(endedAt !== null && { unrolled: endedAt }),
    ...given,
    createdAt,
    endedAt,
  } as RunRecord;
};

const jobOver = (stores: Pick<Store, 'in'>, processId = 'a', isAlone = true, elapsed = () => 0) => {
  const lease = createJobLease({ store: stores, job: 'roll-ups', processId, isAlone, elapsed });
  return createRollUpJob({ stores: stores as Store, workspaces: async () => [HERE], lease, now: () => NOW, elapsed: () => 0, report: () => {} });
};

const stored = (store: WorkspaceStore, span: RollUpRecord['span'] = 'hour', workflowId = 'wf', at = span === 'hour' ? HOUR : DAY) =>
  store.get(rollUps, rollUpId(workflowId, span, at));
async function figures(store: WorkspaceStore, span?: RollUpRecord['span'], workflowId?: string, at?: string): Promise<RollUp> {
  const sum = noRollUp();
  const found = await stored(store, span, workflowId, at);
  if (found) addPacked(sum, found.figures);
  return sum;
}
const countersOf = async (store: WorkspaceStore, span?: RollUpRecord['span'], workflowId?: string, at?: string) =>
  (await figures(store, span, workflowId, at)).versions.get('3')?.counters;
const put = (store: WorkspaceStore, ...records: RunRecord[]) => Promise.all(records.map((record) => store.insert(runs, record)));
const marked = async (store: WorkspaceStore) => (await store.find(runs, { range: { field: 'unrolled', from: '' }, fields: ['unrolled'] })).items;
/** All figures, made from all runs by a process that knows nothing. */
async function recomputed(store: Store): Promise<RollUpRecord[]> {
  const here = store.in(HERE);
  const all = async () => (await here.find(rollUps, { limit: 500 })).items.map((record) => ({ ...record, revision: 0 }));
  for (const { id } of (await here.find(runs, { limit: 500 })).items) await here.update(runs, id, { unrolled: markAgain(NOW, id) });
  await jobOver(store, 'b').work();
  return all();
}

onBothStores('Roll-ups', (open) => {
  it('count live runs by hour and day, children only in cost, and neither drafts nor tests nor replays', async () => {
    await using home = await open();
    const store = home.store.in(HERE);
    const job = jobOver(home.store);
    const review = { nodeKey: 'check', by: 'Mira', ms: 60_000, changed: true, overrides: false };
    await put(
      store,
      run('one', { tenant: 'acme' }),
      run('two', {
        minute: 7,
        ms: 70_000,
        said: { reviewsOpened: 1, reviewsDecided: 1, reviewsChanged: 1, asked: 1, peopleMs: 60_000, reviews: [review] },
      }),
      run('three', { status: 'failed', said: { exceptions: [{ nodeKey: 'draft', port: 'error', count: 2, code: 'provider-timeout' }] } }),
      run('child', { workflowId: 'sub', versionText: '1', trigger: 'workflow', parentRunId: 'one', costOf: 'wf:3', costMicros: 5, tenant: 'acme' }),
      run('child-of-draft', { workflowId: 'sub', versionText: '1', trigger: 'workflow', parentRunId: 'x', costOf: '', costMicros: 9 }),
      run('draft', { versionText: 'draft', trigger: 'canvas' }),
      run('test', { trigger: 'test-webhook' }),
      run('open', { status: 'running', endedAt: null }),
    );
    await job.work();
    for (const span of ['hour', 'day'] as const) {
      expect(await countersOf(store, span)).toMatchObject({ runs: 3, succeeded: 2, failed: 1, escalated: 1, changed: 1, judged: 1, costNanos: 5_900 });
    }
    const whole = await figures(store);
    expect(whole.tenants.get('acme')).toMatchObject({ runs: 1, costNanos: 5_300 });
    expect([...whole.exceptions.values()]).toMatchObject([{ nodeKey: 'draft', port: 'error', runs: 1, last: { runId: 'three', code: 'provider-timeout' } }]);
    expect(whole.reviewers.get('Mira')).toMatchObject({ decided: 1, changed: 1 });
    const version = whole.versions.get('3');
    expect(version && samplesIn(wholeTimeOf(version))).toBe(3);
    expect(version && quantileOf(wholeTimeOf(version), 1)).toBeGreaterThan(68_000);
    expect((await figures(store, 'hour', 'sub')).versions.get('1')?.counters).toMatchObject({ runs: 0, costNanos: 0 });
    expect((await stored(store))?.figures.slots?.map(([slot]) => slot)).toEqual([0, 1]);
    expect(await marked(store)).toEqual([]);
  });

  it('add runs that end later to the hour they were accepted in, and are the same when they are made again from all runs', async () => {
    await using home = await open();
    const store = home.store.in(HERE);
    const job = jobOver(home.store);
    await put(store, run('one'), run('two', { minute: 59, ms: 90_000 }), run('late', { endedAt: null, status: 'waiting' }));
    await job.work();
    expect(await countersOf(store)).toMatchObject({ runs: 2 });
    await put(store, run('three', { minute: 3, costMicros: 0.1 }), run('next', { minute: 61 }));
    await store.update(runs, 'late', { status: 'succeeded', endedAt: '2026-07-03T09:00:00.000Z', unrolled: '2026-07-03T09:00:00.000Z' });
    await job.work();
    await job.work();
    expect(await countersOf(store)).toMatchObject({ runs: 4, costNanos: 1_000 });
    expect(await countersOf(store, 'day')).toMatchObject({ runs: 5 });
    const before = (await store.find(rollUps, { limit: 500 })).items.map((record) => ({ ...record, revision: 0 }));
    expect(await recomputed(home.store)).toEqual(before);
  });

  it('count a run whose clock jumped in the hour that it says, once', async () => {
    await using home = await open();
    const store = home.store.in(HERE);
    const job = jobOver(home.store);
    await put(store, run('back', { minute: 59, endedAt: '2026-06-30T11:58:00.000Z' }), run('ahead', { createdAt: '2026-06-30T23:59:59.999Z' }));
    await job.work();
    await put(store, run('after', { minute: 60 }));
    await job.work();
    expect(await countersOf(store)).toMatchObject({ runs: 1 });
    expect(await countersOf(store, 'hour', 'wf', '2026-06-30T23:00:00.000Z')).toMatchObject({ runs: 1 });
    expect(await countersOf(store, 'day')).toMatchObject({ runs: 3 });
  });

  it('lose nothing and count nothing twice when the process ends at any write', async () => {
    await using home = await open();
    const store = home.store.in(HERE);
    await jobOver(home.store).work();
    await put(store, run('one'), run('two', { workflowId: 'other' }));
    for (let writes = 0; writes < 30; writes++) {
      const cut = endingAfter(writes, store);
      let isCut = false;
      const dying: Pick<Store, 'in'> = {
        in: (workspaceId) =>
          workspaceId !== HERE
            ? home.store.in(workspaceId)
            : { ...cut, clearMarks: writes % 2 === 0 ? () => Promise.reject(new Error('The process ended here')) : cut.clearMarks },
      };
      await put(store, run(`more-${writes}`));
      await jobOver(dying, `p${writes}`)
        .work()
        .catch(() => {
          isCut = true;
        });
      if (!isCut) break;
    }
    await jobOver(home.store, 'last').work();
    const all = (await store.find(runs, { limit: 500 })).items.filter(({ workflowId }) => workflowId === 'wf').length;
    expect(all).toBeGreaterThan(4);
    expect(await countersOf(store)).toMatchObject({ runs: all });
    expect(await countersOf(store, 'day')).toMatchObject({ runs: all });
    expect(await marked(store)).toEqual([]);
  });

  it('are made by one process, and by another one once the first is silent for 15 s', async () => {
    await using home = await open();
    const store = home.store.in(HERE);
    let clock = 0;
    const [first, second] = ['a', 'b'].map((id) => jobOver(home.store, id, false, () => clock)) as [ReturnType<typeof jobOver>, ReturnType<typeof jobOver>];
    await first.work();
    await put(store, run('one'));
    await second.work();
    clock += 14_000;
    await second.work();
    expect(await marked(store)).toHaveLength(1);
    await first.work();
    await put(store, run('two'));
    clock += 14_000;
    await second.work();
    clock += 15_000;
    await second.work();
    expect(await countersOf(store)).toMatchObject({ runs: 2 });
    await put(store, run('three'));
    await first.work();
    expect(await marked(store)).toHaveLength(1);
    await second.stop();
    await first.work();
    expect(await countersOf(store)).toMatchObject({ runs: 3 });
  });

  it('never change again once a run of their hour is gone, and days outlive their hours', async () => {
    await using home = await open();
    const store = home.store.in(HERE);
    const job = jobOver(home.store);
    await put(store, run('one'), run('two'), run('three', { workflowId: 'other' }));
    await job.work();
    const one = await store.get(runs, 'one');
    expect(one && (await removeRun({ store, secrets: { open: String, keyedHash: () => Buffer.alloc(32) } }, one, NOW))).toBe(true);
    await store.update(runs, 'two', { status: 'failed', unrolled: markAgain(NOW, 'x') });
    await put(store, run('four', { workflowId: 'other' }));
    await job.work();
    expect(await countersOf(store)).toMatchObject({ runs: 2, failed: 0 });
    expect(await countersOf(store, 'hour', 'other')).toMatchObject({ runs: 2 });
    await tidyRollUps(store, new Date('2026-11-01T00:00:00.000Z'), new AbortController().signal);
    await put(store, run('five', { workflowId: 'other' }));
    await jobOver(home.store).work();
    expect(await stored(store)).toBeUndefined();
    expect(await countersOf(store, 'day', 'other')).toMatchObject({ runs: 2 });
    expect(await marked(store)).toEqual([]);
  });

  it('include runs that ended before runs were marked', async () => {
    await using home = await open();
    const store = home.store.in(HERE);
    const earlier = (id: string, given: Given) => run(id, { ...given, unrolled: null });
    await put(store, earlier('old', { createdAt: '2026-01-01T05:00:00.000Z' }), earlier('older', { createdAt: '2025-12-31T23:10:00.000Z' }), run('new'));
    await jobOver(home.store).work();
    expect(await countersOf(store, 'hour', 'wf', '2026-01-01T05:00:00.000Z')).toMatchObject({ runs: 1 });
    expect(await countersOf(store, 'day', 'wf', '2025-12-31T00:00:00.000Z')).toMatchObject({ runs: 1 });
    expect(await countersOf(store)).toMatchObject({ runs: 1 });
  });
});
