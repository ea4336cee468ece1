import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { listCorrections } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { createBudget, deleteBudget, getBudgetUsage, setPrice, updateBudget } from '@switchyard/shared/contracts/money.ts';
import { decideReview, getReview, type Review } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask, tokenOf } from '../kit/review-task.ts';
import { ended, journalOf, readRun, stepOf, whenRun } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { until } from '../kit/until.ts';

let server: TestServer;
let fake: FakeProvider;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  await preparePrices(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

async function preparePrices(api: TestServer): Promise<void> {
  await routeTo(api, 'paid', fakeTarget(fake, { model: 'fake-paid' }));
  await api.call(setPrice, { params: { model: 'fake-paid' }, body: { input: 100, output: 1_000 } });
}

const asks = (key: string) => node('prompt', key, { route: 'paid', message: 'x', maxTokens: 5 });
const graph = graphOf(
  [node('input', 'start', { schema: {}, samples: [] }), asks('ask'), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
  [edge('start', 'ask'), edge('ask', 'reply')],
);
const ANSWER = 'You said: x';

const workflow = async (api: TestApi = server, of = graph) => (await api.call(createWorkflow, { body: { name: 'Spends', graph: of } })).id;
const begin = async (id: string, api: TestApi = server) => (await api.call(startRun, { params: { id }, body: { input: {}, version: 'draft' } })).id;
const asking = (id: string, api: TestApi = server) =>
  api.call(createBudget, { body: { name: 'Acme', scope: { kind: 'workflow', id }, period: 'month', hardMicros: 1_000, onHard: 'ask' } });
const waiting = async (runId: string, api: TestApi = server): Promise<Review> => {
  await whenRun(api, runId, 'waiting', ({ status }) => status === 'waiting');
  return until('an open review', async () => {
    const task = await openTask(api, runId);
    return task.status === 'open' && task;
  });
};
const decide = (id: string, decision: string, more: object = {}, api: TestApi = server) =>
  api.send('POST', `/api/reviews/${id}/decision`, { body: { decision, ...more } });
const usageOf = async (id: string) => (await server.call(getBudgetUsage, { params: { id } })).items[0];

describe('a budget that asks', () => {
  test('opens a review with what was spent, the limit, and the call; the webhook caller gets 202', async () => {
    const { id, url } = await publishedWorkflow(server, graph);
    const budget = await asking(id);
    const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(reply.status).toBe(202);
    const { runId, status } = (await reply.json()) as { runId: string; status: string };
    expect(status).toBe('waiting');
    const task = await openTask(server, runId);
    expect(task).toMatchObject({
      title: 'Budget “Acme” is used up',
      status: 'open',
      stepId: 'ask#1',
      budgetId: budget.id,
      budgetHardMicros: 1_000,
      decisions: [{ id: 'allow_once' }, { id: 'raise' }, { id: 'refuse' }],
    });
    const facts = Object.fromEntries(task.context.map(({ label, value }) => [label, value]));
    expect(facts).toMatchObject({
      Budget: 'Acme',
      Spent: '$0',
      'Hard limit': '$0.001',
      Call: 'ask, fake-paid by route paid',
      'Cost of the call': 'up to $0.0067',
    });
    expect(stepOf(await readRun(server, runId), 'ask')).toMatchObject({ status: 'waiting', wait: { kind: 'budget', reviewId: task.id } });
    const link = await server.send('GET', `/r/${tokenOf(task)}`);
    expect(link.json).toMatchObject({ review: { title: task.title } });
    await server.send('POST', `/r/${tokenOf(task)}`, { body: { decision: 'allow_once' } });
    expect(await ended(server, runId)).toMatchObject({ status: 'succeeded', output: ANSWER });
  });

  test('allows one call once: its overrun is recorded, and the next call asks again', async () => {
    const id = await workflow();
    const budget = await asking(id);
    const runId = await begin(id);
    const before = fake.calls.length;
    const task = await waiting(runId);
    expect(fake.calls.length).toBe(before);
    expect((await decide(task.id, 'allow_once', { reviewer: 'Ada' })).json).toMatchObject({ status: 'done', decidedBy: 'Ada' });
    const run = await ended(server, runId);
    expect(run).toMatchObject({ status: 'succeeded', output: ANSWER });
    expect(stepOf(run, 'ask').attempts).toHaveLength(1);
    expect(fake.calls.length).toBe(before + 1);
    const usage = await usageOf(budget.id);
    expect(usage).toMatchObject({ calls: 1, reservedMicros: 0, settledMicros: run.costMicros, overrunMicros: (run.costMicros ?? 0) - 1_000 });
    expect(usage?.overrunMicros).toBeGreaterThan(0);
    const next = await begin(id);
    expect((await waiting(next)).context).toContainEqual({ label: 'Spent', value: expect.stringContaining('$0.0'), show: 'fact' });
    await server.call(cancelRun, { params: { id: next } });
    expect(await server.call(listCorrections, { query: { workflowId: id } })).toMatchObject({ items: [] });
  });

  test('is raised by a reviewer, with a record, and every call that waits for it continues', async () => {
    const id = await workflow();
    const budget = await asking(id);
    const [first, second] = [await begin(id), await begin(id)];
    const [task, other] = [await waiting(first), await waiting(second)];
    for (const [values, path] of [
      [{ limit: 0.001 }, 'values.limit'],
      [{ limit: 'much' }, 'values.limit'],
      [{}, 'values.limit'],
      [{ limit: 1e12 }, 'values.limit'],
    ] as const) {
      expect((await decide(task.id, 'raise', { values })).json).toMatchObject({ code: 'bad-request', errors: [{ path }] });
    }
    const raised = await decide(task.id, 'raise', { values: { limit: 0.5 }, comment: 'The campaign runs until Friday', reviewer: 'Ada' });
    expect(raised.json).toMatchObject({ status: 'done' });
    expect(await ended(server, first)).toMatchObject({ status: 'succeeded' });
    expect(await ended(server, second)).toMatchObject({ status: 'succeeded' });
    expect(await server.call(getReview, { params: { id: other.id } })).toMatchObject({ status: 'closed' });
    const { items } = await server.call(listChanges, { query: { subject: `budget:${budget.id}` } });
    const [change, ...rest] = items.filter(({ action }) => action === 'update');
    expect(rest).toEqual([]);
    expect(change).toMatchObject({
      actor: { kind: 'user' },
      before: { hardMicros: 1_000 },
      after: { hardMicros: 500_000 },
      reason: 'The campaign runs until Friday',
      applied: true,
    });
    expect(await usageOf(budget.id)).toMatchObject({ calls: 2, overrunMicros: 0 });
  });

  test('fails the step if the call is refused; one decision of many wins', async () => {
    const id = await workflow();
    await asking(id);
    const runId = await begin(id);
    const task = await waiting(runId);
    const answers = await Promise.all(['refuse', 'refuse', 'refuse'].map((decision) => decide(task.id, decision, { reviewer: 'Ada' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await ended(server, runId)).toMatchObject({
      status: 'failed',
      error: { code: 'budget-exceeded', message: 'Ada rejected the call: budget “Acme” is used up.' },
    });
  });

  test('continues calls when it is raised on its page, asks no more, or is deleted', async () => {
    const id = await workflow();
    const budget = await asking(id);
    const raised = await begin(id);
    await waiting(raised);
    await server.call(updateBudget, { params: { id: budget.id }, body: { hardMicros: 10_000_000 } });
    expect(await ended(server, raised)).toMatchObject({ status: 'succeeded' });
    await server.call(updateBudget, { params: { id: budget.id }, body: { hardMicros: 1 } });
    const stopped = await begin(id);
    await waiting(stopped);
    await server.call(updateBudget, { params: { id: budget.id }, body: { onHard: 'stop' } });
    expect(await ended(server, stopped)).toMatchObject({ status: 'failed', error: { code: 'budget-exceeded' } });
    await server.call(updateBudget, { params: { id: budget.id }, body: { onHard: 'ask' } });
    const deleted = await begin(id);
    await waiting(deleted);
    await server.call(deleteBudget, { params: { id: budget.id } });
    expect(await ended(server, deleted)).toMatchObject({ status: 'succeeded' });
  });

  test('asks once per step, and once per budget: what was allowed stays allowed', async () => {
    const parallel = graphOf([node('input', 'start', { schema: {}, samples: [] }), asks('one'), asks('two')], [edge('start', 'one'), edge('start', 'two')]);
    const id = await workflow(server, parallel);
    await asking(id);
    await server.call(createBudget, { body: { name: 'Route', scope: { kind: 'workflow', id }, period: 'run', hardMicros: 1, onHard: 'ask' } });
    const runId = await begin(id);
    const titles = new Set<string>();
    for (let decided = 0; decided < 4; decided++) {
      const task = await until('the next review', async () => {
        const { items } = (await server.send('GET', `/api/reviews?runId=${runId}&status=open`)).json as { items: Review[] };
        return items[0];
      });
      titles.add(`${task.stepId} ${task.title}`);
      await server.call(decideReview, { params: { id: task.id }, body: { decision: 'allow_once' } });
    }
    expect(await ended(server, runId)).toMatchObject({ status: 'succeeded' });
    expect(titles.size).toBe(4);
  });

  test('closes its review when the run is canceled', async () => {
    const id = await workflow();
    await asking(id);
    const runId = await begin(id);
    const task = await waiting(runId);
    await server.call(cancelRun, { params: { id: runId } });
    expect(await ended(server, runId)).toMatchObject({ status: 'cancelled' });
    expect(await server.call(getReview, { params: { id: task.id } })).toMatchObject({ status: 'closed' });
    expect((await decide(task.id, 'allow_once')).json).toMatchObject({ code: 'run-ended' });
  });

  test('has no one to ask for a call outside a run', async () => {
    await routeTo(server, 'other', fakeTarget(fake, { model: 'fake-paid' }));
    await server.call(createBudget, { body: { scope: { kind: 'route', id: 'other' }, period: 'day', hardMicros: 1, onHard: 'ask' } });
    const reply = await server.send('POST', '/v1/chat/completions', { body: { model: 'route/other', messages: [{ role: 'user', content: 'x' }] } });
    expect(reply).toMatchObject({ status: 429 });
  });
});

test('a review about a budget survives restarts, before and after its decision', async () => {
  await using dir = await temporaryDir();
  const first = await startTestServer({ dataDir: dir.path });
  await preparePrices(first);
  const id = await workflow(first);
  await asking(id, first);
  const [allowed, raised] = [await begin(id, first), await begin(id, first)];
  const tasks = [await waiting(allowed, first), await waiting(raised, first)];
  await first.stop();
  const second = await startTestServer({ dataDir: dir.path });
  const decided = await decide(tasks[0]?.id ?? '', 'allow_once', {}, second);
  await second.stop();
  expect(decided.status).toBe(200);
  await using third = await startTestServer({ dataDir: dir.path });
  expect(await ended(third, allowed)).toMatchObject({ status: 'succeeded', output: ANSWER });
  await decide(tasks[1]?.id ?? '', 'raise', { values: { limit: 3 } }, third);
  expect(await ended(third, raised)).toMatchObject({ status: 'succeeded', output: ANSWER });
  expect((await journalOf(third, raised)).filter(({ type }) => type === 'wait-ended')).toHaveLength(1);
});
