import { removeResultsOfRun } from '@switchyard/server/services/experiments/removed-results.ts';
import { readTally, resultId } from '@switchyard/server/services/experiments/results.ts';
import { trialKey } from '@switchyard/server/services/experiments/trial-key.ts';
import { type ExperimentResultRecord, experimentResults } from '@switchyard/server/store/evaluation/experiment-collections.ts';
import { expect, it } from 'vitest';
import { onBothStores } from '../kit/both-stores.ts';

const WORKSPACE = 'default';

const result = (index: number, more: Partial<ExperimentResultRecord> = {}): ExperimentResultRecord => ({
  id: resultId('exp_1', index),
  workspaceId: WORKSPACE,
  experimentId: 'exp_1',
  index,
  itemId: `item_${index}`,
  itemVersion: 1,
  title: 'Please help, I am Ada',
  tags: [],
  sourceRunId: null,
  status: 'graded',
  passed: index % 2 === 0,
  score: (10 - index) / 10,
  graderScores: [(10 - index) / 10],
  reason: 'Names Ada',
  code: null,
  costMicros: 1,
  durationMs: 5,
  trials: [{ runId: `run_${index}`, costMicros: 1, durationMs: 5, grades: [{ score: 0.5, verdict: 'fail', reason: 'Names Ada' }] }],
  cluster: `item_${index}`,
  rank: (10 - index) / 10,
  mayPass: 0,
  ...more,
});

onBothStores('results of experiments', (open) => {
  it('are listed the worst first, by status, and by what may pass, page by page', async () => {
    await using opened = await open();
    const store = opened.store.in(WORKSPACE);
    for (let index = 0; index < 8; index++) await store.insert(experimentResults, result(index));
    await store.insert(experimentResults, result(8, { status: 'errored', score: null, rank: 3, mayPass: 1 }));
    const find = async (where: Record<string, string | number>, cursor?: string) =>
      store.find(experimentResults, { where: { experimentId: 'exp_1', ...where }, order: { field: 'rank' }, limit: 5, ...(cursor && { cursor }) });
    const first = await find({});
    const second = await find({}, first.nextCursor ?? '');
    expect([...first.items, ...second.items].map(({ index }) => index)).toEqual([7, 6, 5, 4, 3, 2, 1, 0, 8]);
    expect((await find({ status: 'errored' })).items.map(({ index }) => index)).toEqual([8]);
    expect((await find({ mayPass: 1 })).items.map(({ index }) => index)).toEqual([8]);
    const tally = await readTally(store, { id: 'exp_1', graders: [{ kind: 'exact' }] });
    expect(tally.summary().counts).toEqual({ graded: 8, passed: 4, errored: 1, stopped: 0, retryable: 1 });
  });

  it('lose their texts with the data of their run, and of the run that the item is from', async () => {
    await using opened = await open();
    const store = opened.store.in(WORKSPACE);
    for (const record of [result(0), result(1, { sourceRunId: 'run_source' }), result(2)]) await store.insert(experimentResults, record);
    await removeResultsOfRun(store, { id: 'run_0', idempotencyKey: trialKey({ experimentId: 'exp_1', index: 0, trial: 0, attempt: 0 }) });
    await removeResultsOfRun(store, { id: 'run_source', idempotencyKey: null });
    const [own, copied, other] = await Promise.all([0, 1, 2].map((index) => store.get(experimentResults, resultId('exp_1', index))));
    for (const emptied of [own, copied]) {
      expect(JSON.stringify(emptied)).not.toContain('Ada');
      expect(emptied).toMatchObject({ status: 'graded', trials: [{ grades: [{ score: 0.5, verdict: 'fail', reason: '' }] }] });
    }
    expect(other?.reason).toBe('Names Ada');
  });
});
