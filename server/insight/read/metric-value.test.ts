import type { Metric } from '@switchyard/shared/insight/metrics.ts';
import { expect, it } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import { noFigures } from '../figures/figures.ts';
import { count } from '../figures/histogram.ts';
import { entryOf, noRollUp, tenantIn, versionIn } from '../figures/roll-up.ts';
import { replaceRollUp } from '../roll-ups/roll-up-records.ts';
import { type MetricScope, metricValue } from './metric-value.ts';

const now = new Date('2026-06-30T13:07:00.000Z');
const MINUTE = 60_000;

onBothStores('The value of a metric', (open) => {
  it('covers the parts of hours that the window touches, and says from how many samples', async () => {
    await using home = await open();
    const store = home.store.in('here');
    /** 30 runs of an hour in one slot, each of so many seconds. */
    const put = async (workflowId: string, at: string, slot: number, seconds: number, failed = 0) => {
      const rollUp = noRollUp();
      for (const figures of [versionIn(rollUp, '3'), entryOf(rollUp.slots, slot, noFigures)]) {
        Object.assign(figures.counters, { runs: 30, succeeded: 30 - failed, failed, costNanos: 60_000 });
        for (let index = 0; index < 30; index++) count(figures.alone, seconds * 1_000);
      }
      Object.assign(tenantIn(rollUp, 'acme'), { runs: 12, escalated: 3 });
      await replaceRollUp(store, { workspaceId: 'here', workflowId, span: 'hour', at }, rollUp, 0);
    };
    await put('wf', '2026-06-30T12:00:00.000Z', 0, 1);
    await put('other', '2026-06-30T12:00:00.000Z', 11, 4, 15);
    await put('wf', '2026-06-30T13:00:00.000Z', 1, 9, 3);
    const inWindow = (metric: Metric, minutes: number, scope: MetricScope = {}) => metricValue(store, metric, scope, { windowMs: minutes * MINUTE, now });

    expect(await inWindow('runs', 60)).toEqual({ value: 60, samples: 60, enough: true });
    expect(await inWindow('runs', 63)).toMatchObject({ value: 90 });
    expect(await inWindow('runs', 5, { workflowId: 'wf' })).toMatchObject({ value: 30 });
    expect((await inWindow('p95', 60, { workflowId: 'wf' })).value).toBeCloseTo(9_000, -3);
    expect(await inWindow('failure-rate', 60)).toMatchObject({ value: 18 / 60, samples: 60 });
    expect(await inWindow('cost-per-success', 60, { workflowId: 'wf' })).toMatchObject({ value: 60 / 27 });
    expect(await inWindow('escalation-rate', 60, { tenant: 'acme', workflowId: 'wf' })).toMatchObject({ value: 0.25, samples: 24 });
    expect(await inWindow('p95', 60, { tenant: 'acme' })).toMatchObject({ value: null, samples: 0, enough: false });
    expect(await inWindow('correction-rate', 60, { version: '3' })).toMatchObject({ value: null, samples: 0 });
    expect(await inWindow('runs', 60, { target: 'Main/none' })).toMatchObject({ value: 0 });
  });
});
