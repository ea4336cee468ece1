import { getReplay, listReplayedRuns, startReplay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { setPrice } from '@switchyard/shared/contracts/money.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { allRuns } from '../kit/runs.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

const RUNS = 20;
/** How many runs are replayed at once. */
const AT_ONCE = 12;
const LIMIT = 1_000_000;

const graphAsking = (question: string) =>
  graphOf(
    [messageInput(), node('prompt', 'ask', { route: 'fake', message: question }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );

test('a replay of many runs that is killed twice continues, replays no run twice, and counts its money once', async () => {
  await using fake = await startFakeProvider();
  let server = await startServerProcess();
  const { dataDir } = server;
  await routeTo(server, 'fake', fakeTarget(fake, { model: 'priced' }));
  await server.call(setPrice, { params: { model: 'priced' }, body: { input: 1, output: 1 } });
  const { id } = await server.call(createWorkflow, { body: { name: 'Questions', graph: graphAsking('{{ input.message }}') } });
  await server.call(publishWorkflow, { params: { id } });
  for (let n = 0; n < RUNS; n++) {
    await server.call(startRun, { params: { id }, body: { input: { message: `question ${n}` }, version: 'live', wait: 20_000 } });
  }
  const { draftRevision } = await server.call(getWorkflow, { params: { id } });
  await server.call(saveDraft, { params: { id }, body: { graph: graphAsking('Briefly: {{ input.message }}'), revision: draftRevision } });
  fake.failAlways({ kind: 'slow', delayMs: 30 });
  const started = await server.call(startReplay, { body: { workflowId: id, runs: { last: RUNS }, version: 'draft', maxCostMicros: LIMIT } });
  const read = () => server.call(getReplay, { params: { id: started.id } });
  for (const least of [1, 8]) {
    await until('some results', async () => (await read()).counts.done >= least);
    await server.kill();
    server = await startServerProcess({ dataDir });
  }
  await using last = server;
  const replay = await until('the replay', async () => {
    const now = await last.call(getReplay, { params: { id: started.id } });
    return now.status === 'finished' && now;
  });
  expect(replay.counts).toMatchObject({ total: RUNS, done: RUNS, 'over-cost': 0, 'not-replayable': 0 });
  const { items } = await last.call(listReplayedRuns, { params: { id: started.id }, query: { limit: 100 } });
  expect(new Set(items.map(({ sourceId }) => sourceId)).size).toBe(RUNS);
  const replayed = (await allRuns(last)).filter(({ trigger }) => trigger === 'replay');
  expect(new Set(items.map(({ runId }) => runId))).toEqual(new Set(replayed.map((run) => run.id)));
  expect(replay.cost.spent).toBe(replayed.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0));
  expect(replay.cost.spent).toBeGreaterThan(0);
  // A call that a kill cut off is repeated.
  const asked = fake.calls.filter(({ messages }) => messages.at(-1)?.text?.startsWith('Briefly'));
  expect(asked.length).toBeGreaterThanOrEqual(RUNS);
  expect(asked.length).toBeLessThanOrEqual(RUNS + 2 * AT_ONCE);
});
