import { getUsage } from '@switchyard/shared/contracts/money.ts';
import { expect, test } from 'vitest';
import { datasetOf, experimentOn, readExperiment, resultsOf, whenExperiment } from '../kit/experiments.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { allRuns, workflowOf } from '../kit/runs.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

const ITEMS = 40;
const AT_ONCE = 4;

test('an experiment that is killed twice continues, and runs no item twice', async () => {
  await using fake = await startFakeProvider();
  fake.failAlways({ kind: 'slow', delayMs: 10 });
  let server = await startServerProcess();
  const { dataDir } = server;
  await routeTo(server, 'fake', fakeTarget(fake));
  const graph = graphOf(
    [messageInput(), node('prompt', 'ask', { route: 'fake', message: '{{ input.message }}' }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
  const items = Array.from({ length: ITEMS }, (_, n) => ({ input: { message: `item ${n}` }, expected: `You said: item ${n}` }));
  const id = await experimentOn(server, await workflowOf(server, graph), await datasetOf(server, items), { concurrency: AT_ONCE });
  for (const least of [5, 20]) {
    await until('results', async () => (await readExperiment(server, id)).items - (await readExperiment(server, id)).counts.open >= least);
    await server.kill();
    server = await startServerProcess({ dataDir });
  }
  await using last = server;
  expect(await whenExperiment(last, id, 'finished')).toMatchObject({ score: 1, counts: { graded: ITEMS, passed: ITEMS, errored: 0, stopped: 0 } });
  const results = await resultsOf(last, id);
  expect(results.map(({ index }) => index)).toEqual(items.map((_, index) => index));
  const runs = (await allRuns(last)).filter(({ trigger }) => trigger === 'experiment');
  expect(new Set(results.map(({ trials }) => trials[0]?.runId))).toEqual(new Set(runs.map((run) => run.id)));
  expect(runs).toHaveLength(ITEMS);
  // A call that a kill cut off is repeated.
  expect(fake.calls.length).toBeLessThanOrEqual(ITEMS + 2 * AT_ONCE);
  const { items: usage } = await last.call(getUsage, { query: { by: 'trigger' } });
  expect(usage).toMatchObject([{ key: 'experiment' }]);
  expect(usage[0]?.calls).toBeGreaterThanOrEqual(ITEMS);
});
