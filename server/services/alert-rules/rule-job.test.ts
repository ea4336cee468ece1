import type { RuleDefinition } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { expect, it } from 'vitest';
import { endingAfter, onBothStores } from '../../../test/kit/both-stores.ts';
import { noFigures } from '../../insight/figures/figures.ts';
import { count } from '../../insight/figures/histogram.ts';
import { entryOf, noRollUp, versionIn } from '../../insight/figures/roll-up.ts';
import { replaceRollUp } from '../../insight/roll-ups/roll-up-records.ts';
import { type AlertOpeningRecord, type AlertRuleRecord, alertOpenings, alertRules } from '../../store/insight/alert-rule-collections.ts';
import type { Store } from '../../store/port.ts';
import type { Notice } from '../alerts/alert-message.ts';
import { createRuleJob } from './rule-job.ts';

const START = Date.parse('2026-06-30T12:00:00.000Z');
const MINUTE = 60_000;
const SLOW: RuleDefinition = { metric: 'p95', scope: {}, comparison: 'above', threshold: 6_000, windowMinutes: 60, minSamples: 20, hysteresis: 1_000 };

async function sceneIn(stores: Store, workspaceId = 'here') {
  const store = stores.in(workspaceId);
  const id = `alr-${workspaceId}`;
  const sent: Notice[] = [];
  let at = START;
  let failure: string | null = null;
  let revision = 0;
  const now = () => new Date(at);
  const rule = {
    id,
    workspaceId,
    name: 'Slow',
    definition: SLOW,
    defined: 1,
    channel: { kind: 'slack', url: 'https://hooks.example.com/services/secret', name: '#support-ops' },
    sealedSecret: '',
    enabled: true,
    quietUntil: null,
    state: null,
    observed: null,
    lastDelivery: null,
    revision: 1,
    createdAt: '',
    updatedAt: '',
  } as unknown as AlertRuleRecord;
  await store.insert(alertRules, rule);
  const send = async (_: unknown, notice: Notice) => {
    sent.push(notice);
    return failure;
  };
  const lease = { hold: async () => true, release: async () => {} };
  const job = (over: Pick<Store, 'in'> = stores) =>
    createRuleJob({
      stores: over as Store,
      workspaces: async () => [workspaceId],
      sender: { send },
      address: 'https://flow.example.com',
      lease,
      now,
      report: () => {},
    });
  return {
    store,
    job,
    failWith: (error: string | null) => {
      failure = error;
    },
    after: async (ms: number, jobs = [job()]) => {
      at += ms;
      await Promise.all(jobs.map(({ work }) => work()));
    },
    /** From now on, so many runs of this hour took so long. */
    runs: async (samples: number, ms: number) => {
      const rollUp = noRollUp();
      for (const figures of [versionIn(rollUp, '1'), entryOf(rollUp.slots, 11, noFigures)]) {
        Object.assign(figures.counters, { runs: samples, succeeded: samples });
        for (let index = 0; index < samples; index++) count(figures.alone, ms);
      }
      await replaceRollUp(store, { workspaceId, workflowId: `wf-${id}`, span: 'hour', at: '2026-06-30T12:00:00.000Z' }, rollUp, revision++);
    },
    texts: () => sent.map(({ subject }) => subject),
    sent,
    rule: () => store.get(alertRules, id),
    history: async (): Promise<AlertOpeningRecord[]> => (await store.find(alertOpenings, { order: { field: 'openedAt' } })).items,
  };
}

onBothStores('Alert rules', (open) => {
  it('tell once when a value passes the threshold and once when it is back, however many processes check', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.runs(30, 7_400);
    await scene.after(0, [scene.job(), scene.job(), scene.job()]);
    await scene.after(10_000, [scene.job(), scene.job()]);
    expect(scene.texts()).toEqual(['Alert: Slow']);
    expect(scene.sent[0]?.text).toMatch(/^p95 over 6 s in all workflows\.\nNow: 7\.\d s in the last hour, 30 runs\./);
    expect(await scene.rule()).toMatchObject({ state: 'open', observed: { samples: 30 }, lastDelivery: { kind: 'opened', to: '#support-ops', error: null } });
    await scene.runs(40, 5_500);
    await scene.after(MINUTE);
    expect(await scene.rule()).toMatchObject({ state: 'open', observed: { samples: 40 } });
    await scene.runs(50, 4_000);
    await scene.after(MINUTE, [scene.job(), scene.job()]);
    await scene.after(MINUTE);
    expect(scene.texts()).toEqual(['Alert: Slow', 'Resolved: Slow']);
    expect(await scene.history()).toMatchObject([{ number: 1, resolution: 'recovered', latest: { samples: 50 }, told: { what: 'resolved' }, unsettled: null }]);
    await scene.runs(60, 9_000);
    await scene.after(MINUTE);
    expect(scene.texts()).toEqual(['Alert: Slow', 'Resolved: Slow', 'Alert: Slow']);
    expect(new Set(scene.sent.map(({ id }) => id)).size).toBe(3);
  });

  it('neither open nor resolve without data', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.runs(19, 9_000);
    await scene.after(0);
    expect(await scene.rule()).toMatchObject({ state: 'no-data', observed: { samples: 19 } });
    await scene.runs(20, 9_000);
    await scene.after(0);
    await scene.after(120 * MINUTE);
    expect(await scene.rule()).toMatchObject({ state: 'no-data', observed: { value: null, samples: 0 } });
    expect(await scene.history()).toMatchObject([{ resolvedAt: null, latest: { samples: 20 } }]);
    expect(scene.texts()).toEqual(['Alert: Slow']);
  });

  it('try a channel that is down again within bounds, under the same ID', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.runs(30, 9_000);
    scene.failWith('The webhook returned 503.');
    await scene.after(0);
    await scene.after(10_000);
    expect(scene.sent.length).toBe(1);
    expect(await scene.history()).toMatchObject([{ told: null, error: 'The webhook returned 503.' }]);
    // While the window still has its runs, the alert stays open.
    for (let hour = 0; hour < 40; hour++) await scene.after(60 * MINUTE);
    expect(scene.sent.length).toBe(8);
    expect(new Set(scene.sent.map(({ id }) => id)).size).toBe(1);
    expect(await scene.history()).toMatchObject([{ told: null, message: null }]);
  });

  it('send nothing while kept quiet, and drop what resolved by then', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.store.update(alertRules, 'alr-here', { quietUntil: new Date(START + 30 * MINUTE).toISOString() });
    await scene.runs(30, 9_000);
    await scene.after(0);
    await scene.runs(40, 1_000);
    await scene.after(10 * MINUTE);
    await scene.after(30 * MINUTE);
    expect([scene.texts(), (await scene.history()).map(({ resolution }) => resolution)]).toEqual([[], ['recovered']]);
  });

  it('end with their rule, and when it is redefined or off', async () => {
    await using home = await open();
    const scene = await sceneIn(home.store);
    await scene.runs(30, 9_000);
    for (const change of [{ defined: 2 }, { enabled: false }]) {
      await scene.after(MINUTE);
      await scene.store.update(alertRules, 'alr-here', change);
      await scene.after(MINUTE);
      await scene.store.update(alertRules, 'alr-here', { enabled: true });
    }
    await scene.after(MINUTE);
    await scene.store.delete(alertRules, 'alr-here');
    await scene.after(MINUTE);
    expect((await scene.history()).map(({ resolution }) => resolution)).toEqual(['changed', 'off', 'deleted']);
  });

  it('lose nothing and open once if the process ends after any change', async () => {
    await using home = await open();
    for (let changes = 0; changes < 7; changes++) {
      const scene = await sceneIn(home.store, `after-${changes}`);
      await scene.runs(30, 9_000);
      await scene.after(0, [scene.job({ in: () => endingAfter(changes, scene.store) })]);
      await scene.after(MINUTE);
      await scene.runs(40, 1_000);
      await scene.after(MINUTE, [scene.job({ in: () => endingAfter(changes, scene.store) })]);
      await scene.after(MINUTE);
      expect([...new Set(scene.sent.map(({ id }) => id))]).toEqual([`alr-after-${changes}_1_opened`, `alr-after-${changes}_1_resolved`]);
      expect(await scene.history()).toMatchObject([{ number: 1, resolution: 'recovered', unsettled: null }]);
    }
  });
});
