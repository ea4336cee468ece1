import type { QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { createBudget, deleteBudget, getBudgetUsage, getUsage, setPrice, undeleteBudget, updateBudget } from '@switchyard/shared/contracts/money.ts';
import { getRun, listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, deleteWorkflow, getWorkflow, listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let fake: FakeProvider;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  await routeTo(server, 'paid', fakeTarget(fake, { model: 'fake-paid' }));
  await routeTo(server, 'cheap', fakeTarget(fake, { model: 'fake-cheap' }));
  await routeTo(server, 'unpriced', fakeTarget(fake, { model: 'fake-unpriced' }));
  await server.call(setPrice, { params: { model: 'fake-paid' }, body: { input: 100, output: 1_000 } });
  await server.call(setPrice, { params: { model: 'fake-cheap' }, body: { input: 1, output: 1 } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const graph = (route: string) =>
  graphOf(
    [
      node('input', 'start', { schema: {}, samples: [] }),
      node('prompt', 'ask', { route, message: 'x', maxTokens: 5 }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
const post = (url: string) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
const ran = async (id: string, labels: Record<string, string> = {}) =>
  server.call(startRun, { params: { id }, body: { input: {}, labels, wait: 20_000, version: 'draft' } });
const workflow = async (route: string) => (await server.call(createWorkflow, { body: { name: 'Spends', graph: graph(route) } })).id;

test('a hard limit holds for parallel calls, and rejects those beyond it', async () => {
  const { id, url } = await publishedWorkflow(server, graph('paid'));
  const hardMicros = 60_000;
  const budget = await server.call(createBudget, { body: { scope: { kind: 'workflow', id }, period: 'day', hardMicros, onHard: 'stop' } });
  const replies = await Promise.all(Array.from({ length: 40 }, () => post(url)));
  const succeeded = replies.filter(({ status }) => status === 200).length;
  expect(succeeded).toBeGreaterThan(0);
  expect(succeeded).toBeLessThan(40);
  const refused = replies.find(({ status }) => status !== 200);
  expect(refused?.status).toBe(429);
  const seconds = Number(refused?.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(86_400);
  const { slug } = await server.call(getWorkflow, { params: { id } });
  const chat = await server.send('POST', '/v1/chat/completions', {
    body: { model: `workflow/${slug}`, messages: [{ role: 'user', content: 'Hi' }] },
  });
  expect([chat.status, Number(chat.headers.get('retry-after'))]).toEqual([429, expect.closeTo(seconds, -2)]);
  expect(await refused?.json()).toMatchObject({
    code: 'budget-exceeded',
    // Callers don’t learn names and amounts of budgets.
    detail: 'Budget used up',
  });
  const failed = (await server.call(listRuns, { query: { status: 'failed', limit: 1 } })).items[0];
  const message = expect.stringMatching(/^The budget .*(is used up|has \$0\.\d+ left) until /);
  expect(failed?.error).toMatchObject({ code: 'budget-exceeded', message });
  const [usage] = (await server.call(getBudgetUsage, { params: { id: budget.id } })).items;
  expect(usage).toMatchObject({ calls: succeeded, reservedMicros: 0, overrunMicros: 0 });
  expect(usage?.settledMicros).toBeLessThanOrEqual(hardMicros);
  await server.call(updateBudget, { params: { id: budget.id }, body: { hardMicros: 10_000_000, reason: 'a busy day' } });
  expect((await post(url)).status).toBe(200);
});

test('from the soft limit on, calls use the cheaper route, and the step shows it', async () => {
  const id = await workflow('paid');
  await server.call(createBudget, {
    body: { name: 'Acme per day', scope: { kind: 'tenant', id: 'acme' }, period: 'day', softMicros: 1, onSoft: 'route', route: 'cheap' },
  });
  expect((await ran(id, { tenant: 'acme' })).steps[1]?.calls[0]?.record).toMatchObject({ route: 'paid' });
  expect((await ran(id, { tenant: 'acme' })).steps[1]?.calls[0]?.record).toMatchObject({
    route: 'cheap',
    degraded: { by: 'Acme per day', from: 'paid', to: 'cheap' },
  });
  expect((await ran(id, { tenant: 'other' })).steps[1]?.calls[0]?.record).toMatchObject({ route: 'paid' });
});

test('a model without a price costs “unknown”, and a hard limit rejects it unless a price is assumed', async () => {
  const id = await workflow('unpriced');
  const run = await ran(id);
  expect(run.steps[1]?.calls[0]?.record).toMatchObject({ costMicros: null });
  const unknown = { costMicros: null, unknownPrice: 1 };
  expect(run).toMatchObject({ ...unknown, steps: [{ costMicros: 0, unknownPrice: 0 }, unknown, {}] });
  expect((await server.call(listRuns, { query: { workflowId: id } })).items).toMatchObject([unknown]);
  const listed = (await server.call(listWorkflows, {})).items.find((item) => item.id === id);
  expect(listed?.activity).toMatchObject(unknown);
  const budget = await server.call(createBudget, { body: { scope: { kind: 'workflow', id }, period: 'month', hardMicros: 1_000_000 } });
  expect((await ran(id)).error).toMatchObject({ code: 'budget-exceeded', message: expect.stringContaining('has no price') });
  await server.call(updateBudget, { params: { id: budget.id }, body: { assumedPrice: { input: 1, output: 1 } } });
  expect((await ran(id)).status).toBe('succeeded');
  expect((await server.call(getBudgetUsage, { params: { id: budget.id } })).items).toMatchObject([{ calls: 1, unknownPrice: 1 }]);
});

test('a budget set to wait makes the step wait until its period ends', async () => {
  const id = await workflow('paid');
  const budget = await server.call(createBudget, { body: { scope: { kind: 'workflow', id }, period: 'day', hardMicros: 1, onHard: 'wait' } });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: {}, version: 'draft' } });
  const shown = () => server.call(getRun, { params: { id: runId } });
  await expect.poll(async () => (await shown()).status).toBe('waiting');
  const wait = (await shown()).steps[1]?.wait;
  expect(wait).toMatchObject({ kind: 'retry', dueAt: expect.stringMatching(/T00:00:00.000Z$/) });
  await server.call(deleteBudget, { params: { id: budget.id } });
});

test('usage is summed by what caused it, also as CSV', async () => {
  await expect
    .poll(async () => (await server.call(getUsage, { query: { by: 'route' } })).items.map(({ key }) => key))
    .toEqual(expect.arrayContaining(['paid', 'cheap', 'unpriced']));
  const { items, complete } = await server.call(getUsage, { query: { by: 'model' } });
  expect(complete).toBe(true);
  expect(items.find(({ key }) => key === 'fake-unpriced')).toMatchObject({ costMicros: null, unknownPrice: 2 });
  expect(items.find(({ key }) => key === 'fake-paid')?.costMicros).toBeGreaterThan(0);
  expect((await server.call(getUsage, { query: { by: 'tenant' } })).items.map(({ key }) => key)).toEqual(expect.arrayContaining(['acme', 'other', '(none)']));
  const byVersion = (await server.call(getUsage, { query: { by: 'version' } })).items;
  expect(byVersion.map(({ name }) => name)).toContain('Spends draft');
  const csv = await fetch(`${server.base}/api/usage?by=route&bucket=hour`, { headers: { accept: 'text/csv' } });
  expect(csv.headers.get('content-type')).toContain('text/csv');
  const text = await csv.text();
  expect(text).toMatch(/^bucket,key,name,calls,failedCalls,inputTokens,outputTokens,costMicros,unknownPrice,cachedInputTokens,reasoningTokens\r\n/);
  expect(text).toMatch(/,unpriced,unpriced,\d+,\d+,\d+,\d+,,2,/);
});

test('usage is filtered by workflow, tenant, model, route, prompt, and source', async () => {
  const id = await workflow('cheap');
  await ran(id, { tenant: 'filtered' });
  const usage = (query: Partial<QueryOf<typeof getUsage>>) => server.call(getUsage, { query: { by: 'model', ...query } });
  await expect.poll(async () => (await usage({ workflow: id })).items).toMatchObject([{ key: 'fake-cheap', calls: 1 }]);
  expect((await usage({ tenant: 'filtered', route: 'cheap', model: 'fake-cheap' })).items).toMatchObject([{ calls: 1 }]);
  expect((await usage({ tenant: 'filtered', route: 'paid' })).items).toEqual([]);
  expect((await usage({ workflow: id, source: 'playground' })).items).toEqual([]);
  expect((await usage({ workflow: id, source: 'run' })).items).toMatchObject([{ calls: 1 }]);
  expect((await usage({ workflow: id, prompt: '(none)' })).items).toMatchObject([{ calls: 1 }]);
  // The values on offer don’t depend on the filters.
  const { values } = await usage({ tenant: 'filtered', route: 'paid' });
  expect(values.workflow).toContainEqual({ key: id, name: 'Spends' });
  expect(values.tenant.map(({ key }) => key)).toEqual(expect.arrayContaining(['acme', 'filtered']));
  expect(values.model.map(({ key }) => key)).toEqual(['fake-cheap', 'fake-paid', 'fake-unpriced']);
  expect(values.source).toEqual([{ key: 'run', name: 'Runs' }]);
  expect(values.prompt).toEqual([{ key: '(none)', name: '(none)' }]);
  const csv = await server.send('GET', `/api/usage?by=tenant&tenant=filtered&format=csv`);
  expect(csv.text.trim().split('\r\n')).toEqual([expect.stringMatching(/^bucket,/), expect.stringContaining(',filtered,filtered,1,0,')]);
});

test('a restored budget keeps what it has spent', async () => {
  const id = await workflow('paid');
  const budget = await server.call(createBudget, { body: { scope: { kind: 'workflow', id }, period: 'month', softMicros: 1 } });
  await ran(id);
  const usage = async () => (await server.call(getBudgetUsage, { params: { id: budget.id } })).items;
  const [spent] = await usage();
  expect(spent).toMatchObject({ calls: 1, state: 'soft', current: true, endsAt: expect.stringMatching(/-01T00:00:00.000Z$/) });
  await server.call(deleteBudget, { params: { id: budget.id } });
  expect(await server.call(undeleteBudget, { params: { id: budget.id } })).toMatchObject({ id: budget.id, softMicros: 1 });
  expect(await usage()).toEqual([spent]);
  const again = await server.send('POST', `/api/budgets/${budget.id}/undelete`);
  expect(again.json).toMatchObject({ code: 'already-exists' });
});

test('limits that make no sense are rejected', async () => {
  const refused = async (body: object) => (await server.send('POST', '/api/budgets', { body })).json;
  const scope = { kind: 'workspace' };
  expect(await refused({ scope, period: 'day' })).toMatchObject({ code: 'bad-request', detail: expect.stringContaining('set a soft limit') });
  expect(await refused({ scope, period: 'day', softMicros: 2, hardMicros: 1 })).toMatchObject({ code: 'bad-request' });
  expect(await refused({ scope, period: 'day', softMicros: 1, onSoft: 'route', route: 'nowhere' })).toMatchObject({
    detail: expect.stringContaining('doesn’t exist'),
  });
  expect(await refused({ scope, period: 'run', hardMicros: 1, onHard: 'wait' })).toMatchObject({ detail: expect.stringContaining('no end to wait for') });
  expect(await refused({ scope, period: 'day', hardMicros: 1, timeZone: 'Mars/Olympus' })).toMatchObject({ code: 'bad-request' });
});

test('a budget or price of something unknown is rejected with the field, and one of something deleted can still be changed', async () => {
  const limits = { period: 'day', hardMicros: 1_000_000 } as const;
  const id = await workflow('cheap');
  for (const scope of [
    { kind: 'workflow', id: 'wf_none' },
    { kind: 'node', id: `${id}/none` },
    { kind: 'node', id: 'ask' },
    { kind: 'route', id: 'none' },
  ] as const) {
    const refused = await server.refused(createBudget, { body: { ...limits, scope } });
    expect(refused).toMatchObject({ status: 400, code: 'bad-request', errors: [{ path: 'scope.id', message: expect.stringContaining('doesn’t exist') }] });
  }
  const price = { input: 1, output: 1, connectionId: 'con_none' };
  expect(await server.refused(setPrice, { params: { model: 'm' }, body: price })).toMatchObject({ status: 400, errors: [{ path: 'connectionId' }] });
  await server.call(createBudget, { body: { ...limits, scope: { kind: 'tenant', id: 'not-here-yet' } } });
  await server.call(createBudget, { body: { ...limits, scope: { kind: 'node', id: `${id}/ask` } } });
  const budget = await server.call(createBudget, { body: { ...limits, scope: { kind: 'workflow', id } } });
  await server.call(deleteWorkflow, { params: { id } });
  expect(await server.call(updateBudget, { params: { id: budget.id }, body: { hardMicros: 5 } })).toMatchObject({ hardMicros: 5 });
  expect(await server.refused(createBudget, { body: { ...limits, scope: { kind: 'workflow', id } } })).toMatchObject({ status: 400 });
});
