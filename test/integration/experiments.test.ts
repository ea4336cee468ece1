import { deleteDatasetItem, listDatasetItems } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { gradeExperimentResult } from '@switchyard/shared/contracts/evaluation/experiment-results.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { getUsage, setPrice } from '@switchyard/shared/contracts/money.ts';
import { createPrompt } from '@switchyard/shared/contracts/prompts.ts';
import { listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { getRoute, updateRoute } from '@switchyard/shared/contracts/routes.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetOf, experimentOn, readExperiment, resultsOf, whenExperiment } from '../kit/experiments.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { broken } from '../kit/fake-provider/fault.ts';
import { edge, graphOf, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { allRuns, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { until } from '../kit/until.ts';

let server: TestServer;
let fake: FakeProvider;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  await routeTo(server, 'fake', fakeTarget(fake));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake.close();
});

const anything = () => node('input', 'start', { schema: {}, samples: [] });

const sumGraph = (value: string): Graph =>
  graphOf(
    [anything(), node('transform', 'sum', { fields: [{ name: 'value', value }] }), node('output', 'reply', { value: '{{ steps.sum.value }}' })],
    [edge('start', 'sum'), edge('sum', 'reply')],
  );

const askGraph = (route = 'fake'): Graph =>
  graphOf(
    [
      anything(),
      node('prompt', 'ask', { route, message: '{{ input.message }}' }, { policy: { retry: { max: 0, backoffMs: 0, factor: 1, jitter: 0 } } }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ input: { n }, expected: n + 1 }));
const messages = (count: number, mark: string) =>
  Array.from({ length: count }, (_, n) => ({ input: { message: `${mark} ${n}` }, expected: `You said: ${mark} ${n}` }));
const asked = (mark: string) => fake.calls.map(({ messages }) => messages.at(-1)?.text ?? '').filter((text) => text.startsWith(`${mark} `));

test('scores a workflow on each item with real runs, and compares two experiments pair by pair', async () => {
  const dataset = await datasetOf(server, numbers(40));
  const good = await experimentOn(server, await workflowOf(server, sumGraph('input.n + 1')), dataset, { name: 'Good' });
  const bad = await experimentOn(server, await workflowOf(server, sumGraph('input.n + (input.n < 15 ? 1 : 2)')), dataset, { name: 'Bad' });
  // An item that is deleted meanwhile stays readable.
  const [item] = (await server.call(listDatasetItems, { params: { id: dataset } })).items;
  await server.call(deleteDatasetItem, { params: { id: dataset, item: item?.id ?? '' } });
  const [best, worst] = [await whenExperiment(server, good, 'finished'), await whenExperiment(server, bad, 'finished')];
  expect(best).toMatchObject({ score: 1, items: 40, label: 'Draft', counts: { graded: 40, passed: 40, errored: 0, stopped: 0, open: 0 } });
  expect(worst).toMatchObject({ score: 15 / 40, counts: { passed: 15 } });

  const params = { id: good, other: bad };
  const comparison = await server.call(contracts.compareExperiments, { params });
  expect(comparison).toMatchObject({ verdict: 'better', headline: '“Good” is better: it passes 25 more of 40 items', outcomes: { better: 25, worse: 0 } });
  expect(comparison.measures[0]?.interval?.low).toBeGreaterThan(0);
  expect(await server.call(contracts.compareExperiments, { params })).toEqual(comparison);
  const { items } = await server.call(contracts.listExperimentPairs, { params, query: { outcome: 'better', limit: 2 } });
  expect(items).toMatchObject([{ outcome: 'better', subject: { passed: true }, baseline: { passed: false, reason: expect.stringContaining('17') } }, {}]);
  const reversed = await server.call(contracts.listExperimentPairs, { params: { id: bad, other: good }, query: { limit: 1 } });
  expect(reversed.items[0]).toMatchObject({ outcome: 'worse' });
  expect(await server.refused(contracts.compareExperiments, { params: { id: good, other: good } })).toMatchObject({ code: 'bad-request' });

  const first = await server.call(contracts.getExperimentResult, { params: { id: good, index: 0 } });
  expect(first).toMatchObject({
    input: { n: 0 },
    expected: 1,
    output: 1,
    result: { itemId: item?.id, passed: true, trials: [{ grades: [{ verdict: 'pass' }] }] },
  });
  const csv = await server.send('GET', `/api/experiments/${bad}/export?format=csv`);
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(csv.text.split('\r\n')).toHaveLength(42);
  expect(csv.text).toMatch(/^index,itemId,itemVersion,title,tags,status,passed,score,Exact,reason,/);
  const jsonl = (await server.send('GET', `/api/experiments/${good}/export?format=jsonl`)).text.trim().split('\n');
  expect(jsonl.map((line) => JSON.parse(line))).toEqual(await resultsOf(server, good));
  const worstFirst = await server.call(contracts.listExperimentResults, { params: { id: bad }, query: { limit: 25 } });
  expect(worstFirst.items.every(({ passed }) => passed === false)).toBe(true);
  const run = (await allRuns(server)).find(({ id }) => id === first.result.trials[0]?.runId);
  expect(run).toMatchObject({ trigger: 'experiment', status: 'succeeded', output: 1 });
});

test('pauses when the provider goes down, and continues later without running an item twice', async () => {
  const mark = 'outage';
  const dataset = await datasetOf(server, messages(14, mark));
  fake.failNext(...Array<undefined>(4).fill(undefined));
  const workflow = await workflowOf(server, askGraph());
  fake.failAlways(broken);
  const id = await experimentOn(server, workflow, dataset, { concurrency: 1 });
  const paused = await whenExperiment(server, id, 'paused');
  fake.failAlways(undefined);
  expect(paused).toMatchObject({ pause: { reason: 'provider' }, counts: { graded: 4, errored: 5, open: 5 }, score: 1 });
  // Another model of the provider works again.
  const route = await server.call(getRoute, { params: { name: 'fake' } });
  await server.call(updateRoute, { params: { name: 'fake' }, body: { targets: route.targets.map((target) => ({ ...target, model: 'fake-large' })) } });
  await server.call(contracts.continueExperiment, { params: { id } });
  const done = await whenExperiment(server, id, 'finished');
  expect(done).toMatchObject({ score: 1, counts: { graded: 14, errored: 0, open: 0 } });
  const results = await resultsOf(server, id);
  expect(new Set(results.map(({ itemId }) => itemId)).size).toBe(14);
  // Each item that succeeded was asked once.
  for (let n = 0; n < 4; n++) expect(asked(mark).filter((text) => text === `${mark} ${n}`)).toHaveLength(1);
  expect(await server.refused(contracts.continueExperiment, { params: { id } })).toMatchObject({ code: 'bad-request' });
});

test('lists items apart that stop before an effect, need a person, or can’t be graded, and never counts them as 0', async () => {
  const sends = graphOf(
    [anything(), node('tool', 'send', { method: 'POST', url: 'http://127.0.0.1:9/' }), node('output', 'reply', { value: '{{ steps.send.body }}' })],
    [edge('start', 'send'), edge('send', 'reply')],
  );
  const dataset = await datasetOf(server, [
    { input: { n: 1 }, expected: 'stored', recorded: { send: { status: 200, headers: {}, body: 'stored' } } },
    { input: { n: 2 }, expected: 'stored' },
    { input: { n: 3 }, recorded: { send: { status: 200, headers: {}, body: 'stored' } } },
  ]);
  const id = await experimentOn(server, await workflowOf(server, sends), dataset);
  expect(await whenExperiment(server, id, 'finished')).toMatchObject({ score: 1, counts: { graded: 1, passed: 1, stopped: 1, errored: 1 } });
  const [, stopped, ungraded] = await resultsOf(server, id);
  expect(stopped).toMatchObject({ status: 'stopped', score: null, reason: expect.stringContaining('send') });
  expect(ungraded).toMatchObject({ status: 'errored', score: null, reason: 'Grader error: The item has no expected value' });

  const reviewed = await datasetOf(server, [
    { input: { message: 'Hi' }, expected: 'Hi', decision: { decision: 'approve' } },
    { input: { message: 'Ho' }, expected: 'Ho' },
  ]);
  const review = await experimentOn(server, await workflowOf(server, reviewGraph()), reviewed);
  expect(await whenExperiment(server, review, 'finished')).toMatchObject({ counts: { graded: 1, passed: 1, stopped: 1 } });
  expect((await server.call(listReviews, { query: { status: 'open' } })).items).toEqual([]);
});

test('waits for people where they grade, counts their grades when they come', async () => {
  const dataset = await datasetOf(server, numbers(3));
  const graders = [{ kind: 'person' as const }, { kind: 'exact' as const }];
  const id = await experimentOn(server, await workflowOf(server, sumGraph('input.n + 1')), dataset, { graders });
  expect(await whenExperiment(server, id, 'finished')).toMatchObject({ counts: { graded: 0, errored: 3 } });
  const waiting = async () => (await server.call(contracts.listExperimentResults, { params: { id }, query: { waiting: 'true', order: 'item' } })).items;
  expect((await waiting()).map(({ index, reason }) => [index, reason])).toEqual([0, 1, 2].map((index) => [index, 'Waits for a person’s grade']));
  const grade = (index: number, verdict: 'pass' | 'fail') =>
    server.call(gradeExperimentResult, { params: { id, index }, body: { verdict, ...(verdict === 'fail' && { reason: 'Rude' }) } });
  expect(await grade(0, 'pass')).toMatchObject({ status: 'graded', passed: true, score: 1 });
  expect(await grade(1, 'fail')).toMatchObject({ status: 'graded', passed: false, score: 0.5, reason: 'Rude' });
  expect((await waiting()).map(({ index }) => index)).toEqual([2]);
  expect(await readExperiment(server, id)).toMatchObject({ score: 0.75, counts: { graded: 2, passed: 1, errored: 1 } });
  // A second thought replaces the first.
  await grade(1, 'pass');
  expect(await readExperiment(server, id)).toMatchObject({ score: 1, counts: { passed: 2 } });
  const other = await experimentOn(server, await workflowOf(server, sumGraph('input.n')), dataset);
  await whenExperiment(server, other, 'finished');
  expect(await server.refused(gradeExperimentResult, { params: { id: other, index: 0 }, body: { verdict: 'pass' } })).toMatchObject({ code: 'bad-request' });
});

test('never spends more than its limit, with its graders, and continues with a higher one', async () => {
  // A dollar for each million tokens.
  const { targets } = await server.call(getRoute, { params: { name: 'fake' } });
  await server.call(setPrice, { params: { model: targets[0]?.model ?? '' }, body: { input: 1, output: 1 } });
  const dataset = await datasetOf(server, messages(30, 'cost'));
  const workflow = await workflowOf(server, askGraph());
  const spentBefore = await spentOn(server);
  fake.answerWith(({ messages: [, last] }) => (last?.text?.startsWith('Rubric') ? '{"reason": "Fine", "score": 1}' : 'Fine'));
  const graders = [{ kind: 'model' as const, rubric: 'Is it fine?', route: 'fake' }];
  const id = await experimentOn(server, workflow, dataset, { concurrency: 3, maxCostMicros: 6_000, graders });
  const paused = await whenExperiment(server, id, 'paused');
  const spent = (await spentOn(server)) - spentBefore;
  expect(paused.pause).toMatchObject({ reason: 'cost', message: expect.stringContaining('the cost limit of $0.0060') });
  expect(paused.counts.graded).toBeGreaterThan(1);
  expect(paused.counts.open).toBeGreaterThan(1);
  // The rest is less than a call may cost: 4,096 tokens of output, if the request has no limit, and its input.
  expect(spent).toBeGreaterThan(500);
  expect(spent).toBeLessThanOrEqual(6_000);
  expect(paused.costMicros).toBeLessThanOrEqual(spent);
  await server.call(contracts.continueExperiment, { params: { id }, body: { maxCostMicros: null } });
  expect(await whenExperiment(server, id, 'finished')).toMatchObject({ score: 1, counts: { graded: 30 } });
  expect(fake.calls.filter(({ messages: [, last] }) => last?.text?.startsWith('Rubric'))).toHaveLength(30);
  fake.answerWith(({ messages }) => `You said: ${messages.at(-1)?.text}`);
});

/** What experiments have cost, in micro-dollars. */
async function spentOn(api: TestServer): Promise<number> {
  const { items } = await api.call(getUsage, { query: { by: 'trigger' } });
  return items.find(({ key }) => key === 'experiment')?.costMicros ?? 0;
}

test('averages trials, and runs prompts and routes without a workflow', async () => {
  await server.call(createPrompt, {
    body: {
      name: 'echo',
      messages: [{ role: 'user', content: 'tell {{ message }}' }],
      variables: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
    },
  });
  let calls = 0;
  fake.answerWith(({ messages }) => (messages.at(-1)?.text?.startsWith('tell') ? `told ${++calls % 2}` : 'other'));
  const dataset = await datasetOf(server, [{ input: { message: 'it' }, expected: 'told 1' }]);
  const prompt = await experimentOn(server, '', dataset, { subject: { kind: 'prompt', name: 'echo', route: 'fake' }, trials: 4, concurrency: 1 });
  expect(await whenExperiment(server, prompt, 'finished')).toMatchObject({ score: 0.5, label: 'echo v1', workflowId: null, counts: { graded: 1, passed: 0 } });
  expect((await resultsOf(server, prompt))[0]?.trials).toHaveLength(4);

  const graders = [
    { kind: 'exact' as const, name: 'Other' },
    { kind: 'contains' as const, values: ['x'] },
  ];
  const route = await experimentOn(server, '', dataset, { subject: { kind: 'route', name: 'fake', message: 'Say {{ input.message }}' }, graders });
  expect(await whenExperiment(server, route, 'finished')).toMatchObject({
    score: 0,
    label: 'fake',
    graderScores: [
      { label: 'Other', score: 0 },
      { label: 'Contains', score: 0 },
    ],
  });

  const workflow = await workflowOf(server, askGraph('careful'));
  const instead = await experimentOn(server, '', dataset, { subject: { kind: 'route', name: 'fake', in: { workflowId: workflow, instead: 'careful' } } });
  expect(await whenExperiment(server, instead, 'finished')).toMatchObject({ label: 'Draft with fake', workflowId: workflow, counts: { graded: 1 } });
  expect(
    await server.refused(contracts.createExperiment, { body: { name: 'x', subject: { kind: 'workflow', workflowId: workflow }, datasetId: 'none', graders } }),
  ).toMatchObject({ code: 'not-found' });
});

test('runs two experiments at once, one of which is canceled, and continues both after a restart', async () => {
  await using dir = await temporaryDir();
  await using slow = await startFakeProvider();
  const first = await startTestServer({ dataDir: dir.path });
  await routeTo(first, 'slow', fakeTarget(slow));
  // No experiment ends before it is canceled.
  slow.failAlways({ kind: 'slow', delayMs: 50 });
  const dataset = await datasetOf(first, messages(80, 'both'));
  const workflow = await workflowOf(first, askGraph('slow'));
  const ids = [await experimentOn(first, workflow, dataset, { concurrency: 2 }), await experimentOn(first, workflow, dataset, { concurrency: 2 })] as const;
  await until('both to have results', async () => (await Promise.all(ids.map((id) => resultsOf(first, id)))).every(({ length }) => length > 0));
  await first.stop();
  await using again = await startTestServer({ dataDir: dir.path });
  const canceled = await again.call(contracts.cancelExperiment, { params: { id: ids[1] } });
  expect(canceled.status).toBe('cancelled');
  slow.failAlways(undefined);
  expect(await whenExperiment(again, ids[0], 'finished')).toMatchObject({ score: 1, counts: { graded: 80 } });
  const { status, counts } = await readExperiment(again, ids[1]);
  expect(status).toBe('cancelled');
  expect(counts.open).toBeGreaterThan(0);
  await again.call(contracts.continueExperiment, { params: { id: ids[1] } });
  expect(await whenExperiment(again, ids[1], 'finished')).toMatchObject({ score: 1, counts: { graded: 80 } });
  const runIds = (await Promise.all(ids.map((id) => resultsOf(again, id)))).flat().flatMap(({ trials }) => trials.map(({ runId }) => runId));
  expect(new Set(runIds).size).toBe(160);
  expect((await allRuns(again)).filter(({ trigger }) => trigger === 'experiment')).toHaveLength(160);
});
