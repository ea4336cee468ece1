import { decideReview, getReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { OWNER } from '@switchyard/shared/run/actor.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { rateLimited } from '../kit/fake-provider/fault.ts';
import { echoGraph, edge, graphOf, messageInput, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { patience, TIMED } from '../kit/patience.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { begin, ended, journalOf, runOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { startSilentServer } from '../kit/silent-server.ts';
import { until } from '../kit/until.ts';

test.for(['openai-compatible', 'anthropic'] as const)('canceling closes the socket to the model provider within a second (%s)', TIMED, async (kind) => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake, kind === 'anthropic' ? { kind, baseUrl: fake.url } : {}));
  fake.failNext({ kind: 'hang' });
  const called = fake.nextCall();
  const { id } = await begin(server, await workflowOf(server, modelGraph()));
  await called;
  const closed = fake.nextClose();
  const asked = performance.now();
  const run = await server.call(cancelRun, { params: { id }, body: { reason: 'Not needed' } });
  await closed;
  expect(performance.now() - asked).toBeLessThan(patience(1_000));
  expect(run).toMatchObject({ status: 'cancelled', error: null, output: null });
  expect(stepOf(run, 'draft')).toMatchObject({ status: 'cancelled', effectUnknown: false });
  expect(fake.calls).toHaveLength(1);
  expect(await journalOf(server, id)).toContainEqual(expect.objectContaining({ type: 'cancel-requested', reason: 'Not needed', actor: OWNER }));
});

test('canceling during a streamed response closes the socket to the provider within a second', TIMED, async () => {
  await using fake = await startFakeProvider({ answer: () => 'word '.repeat(500) });
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failNext({ kind: 'slow', delayMs: 20 });
  const called = fake.nextCall();
  const { id } = await begin(server, await workflowOf(server, modelGraph()));
  await called;
  const closed = fake.nextClose();
  const asked = performance.now();
  expect(await server.call(cancelRun, { params: { id } })).toMatchObject({ status: 'cancelled' });
  await closed;
  expect(performance.now() - asked).toBeLessThan(patience(1_000));
});

test.for([
  { method: 'GET', effectUnknown: false },
  { method: 'POST', effectUnknown: true },
])('canceling closes the socket of a $method request within a second', TIMED, async ({ method, effectUnknown }) => {
  await using silent = await startSilentServer();
  await using server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const { id } = await begin(server, await workflowOf(server, requestGraph(silent.url, method)));
  await until('the request', () => silent.requests.length === 1);
  const asked = performance.now();
  const run = await server.call(cancelRun, { params: { id } });
  await until('its socket to close', () => silent.closedAt.length === 1);
  expect((silent.closedAt[0] ?? Number.POSITIVE_INFINITY) - asked).toBeLessThan(patience(1_000));
  expect(run.status).toBe('cancelled');
  expect(stepOf(run, 'fetch')).toMatchObject({ status: 'cancelled', effectUnknown });
  expect(silent.requests).toHaveLength(1);
});

test.for(['finished', 'stream'] as const)('a caller that waits for a canceled run gets `cancelled`, not an internal error (%s)', TIMED, async (mode) => {
  await using silent = await startSilentServer();
  await using server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const { url } = await publishedWorkflow(server, requestGraph(silent.url, 'GET'), { mode });
  const response = fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"message": "Hello"}' });
  await until('the request', () => silent.requests.length === 1);
  const { items } = await server.call(listRuns, {});
  await server.call(cancelRun, { params: { id: items[0]?.id ?? '' } });
  const text = await (await response).text();
  const problem: unknown = JSON.parse(mode === 'stream' ? (/^event: error\ndata: (.+)$/m.exec(text)?.[1] ?? '') : text);
  expect(problem).toMatchObject({ code: 'cancelled', status: 500, detail: 'The run was canceled' });
});

test('canceling during a classification closes the socket to the provider within a second, and nothing follows', TIMED, async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failNext({ kind: 'hang' });
  const called = fake.nextCall();
  const sort = node('classify', 'sort', { text: '{{ input.message }}', route: 'fast', labels: [{ name: 'a' }, { name: 'b' }] });
  const graph = graphOf([messageInput(), sort, node('output', 'reply', { value: 'done' })], [edge('start', 'sort'), edge('sort.a', 'reply')]);
  const { id } = await begin(server, await workflowOf(server, graph));
  await called;
  const closed = fake.nextClose();
  const asked = performance.now();
  const run = await server.call(cancelRun, { params: { id } });
  await closed;
  expect(performance.now() - asked).toBeLessThan(patience(1_000));
  expect(run.steps.map(({ nodeKey, status }) => `${nodeKey} ${status}`)).toEqual(['start succeeded', 'sort cancelled']);
});

test('canceling during a delay ends the run at once, and it does not wake later', TIMED, async () => {
  await using server = await startTestServer();
  const graph = graphOf(
    [messageInput(), node('delay', 'nap', { amount: '2', unit: 'seconds' }), node('output', 'reply', { value: 'done' })],
    [edge('start', 'nap'), edge('nap', 'reply')],
  );
  const { id } = await begin(server, await workflowOf(server, graph));
  const { wait } = stepOf(await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting'), 'nap');
  const asked = performance.now();
  const run = await server.call(cancelRun, { params: { id } });
  expect(performance.now() - asked).toBeLessThan(patience(1_000));
  expect(run).toMatchObject({ status: 'cancelled', steps: [{ nodeKey: 'start' }, { nodeKey: 'nap', status: 'cancelled' }] });
  const dueAt = Date.parse(wait?.kind === 'timer' ? wait.dueAt : '');
  await until('the time of the delay', () => Date.now() > dueAt + 50);
  expect(await ended(server, id)).toEqual(run);
});

test('canceling twice at once, and again later, cancels once', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failAlways({ kind: 'hang' });
  const called = fake.nextCall();
  const { id } = await begin(server, await workflowOf(server, modelGraph()));
  await called;
  const cancel = () => server.call(cancelRun, { params: { id } });
  const runs = [...(await Promise.all([cancel(), cancel()])), await cancel()];
  for (const run of runs) expect(run).toEqual(runs[0]);
  const events = await journalOf(server, id);
  expect(events.filter(({ type }) => type === 'cancel-requested')).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', status: 'cancelled' });
});

test('a run that has succeeded or failed can’t be canceled', async () => {
  await using server = await startTestServer();
  for (const [graph, status] of [
    [echoGraph(), 'succeeded'],
    [echoGraph('{{ input.nothing }}'), 'failed'],
  ] as const) {
    const run = await runOf(server, graph);
    expect(run.status).toBe(status);
    expect(await server.refused(cancelRun, { params: { id: run.id } })).toMatchObject({ status: 409, code: 'run-ended' });
    expect((await ended(server, run.id)).seq).toBe(run.seq);
  }
});

test('canceling a run that waits for a person closes its review, and a later decision is rejected', async () => {
  await using server = await startTestServer();
  const { id } = await begin(server, await workflowOf(server, reviewGraph()));
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const { items } = await server.call(listReviews, { query: { runId: id } });
  const review = { id: items[0]?.id ?? '' };
  const run = await server.call(cancelRun, { params: { id } });
  expect(run.status).toBe('cancelled');
  expect(stepOf(run, 'check')).toMatchObject({ status: 'cancelled', wait: null });
  expect(await server.call(getReview, { params: review })).toMatchObject({ status: 'closed', decision: null });
  expect((await server.call(listReviews, { query: { runId: id } })).items).toEqual([]);
  const refused = await server.refused(decideReview, { params: review, body: { decision: 'approve' } });
  expect(refused).toMatchObject({ status: 409, code: 'run-ended' });
  expect((await ended(server, id)).seq).toBe(run.seq);
});

test('canceling a run that waits for a retry ends it at once, and nothing is retried', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failAlways(rateLimited(0));
  const policy = { retry: { max: 5, backoffMs: 1_000, factor: 1, jitter: 0 } };
  const draft = node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }, { policy });
  const review = node('human-review', 'check', { title: 'Check', decisions: [{ id: 'ok', title: 'Fine' }] });
  const graph = graphOf(
    [messageInput(), draft, review, node('output', 'reply', { value: 'done' })],
    [edge('start', 'draft'), edge('start', 'check'), edge('draft', 'reply'), edge('check.ok', 'reply')],
  );
  const { id } = await begin(server, await workflowOf(server, graph));
  const waiting = await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const { wait } = stepOf(waiting, 'draft');
  const run = await server.call(cancelRun, { params: { id } });
  expect(run.status).toBe('cancelled');
  expect(run.steps.map(({ nodeKey, status }) => `${nodeKey} ${status}`)).toEqual(['start succeeded', 'draft cancelled', 'check cancelled']);
  const dueAt = Date.parse(wait?.kind === 'retry' ? wait.dueAt : '');
  await until('the time of the next attempt', () => Date.now() > dueAt + 50);
  expect(await ended(server, id)).toEqual(run);
  expect(fake.calls).toHaveLength(3);
});
