import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { createKillSwitch, deleteKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { getQueue, getQueueSettings, putQueueSettings } from '@switchyard/shared/contracts/controls/queue.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, listRuns, type Run, rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { importWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { beforeAll, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { startGatedServer } from '../kit/gated-server.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, isFinished, journalOf, readRun, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const ENV = { EGRESS_ALLOW: '127.0.0.1' };
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: ENV });
  return () => server[Symbol.asyncDispose]();
});

/** Requests `<url>/<message>`, and returns what it responds. */
const callGraph = (url: string): Graph =>
  graphOf(
    [messageInput(), node('tool', 'fetch', { url: `${url}/{{ input.message }}`, method: 'GET' }), node('output', 'reply', { value: '{{ steps.fetch.body }}' })],
    [edge('start', 'fetch'), edge('fetch', 'reply')],
  );

type Limits = BodyOf<typeof putQueueSettings>;
const limit = (api: TestApi, id: string, body: Limits) => api.call(putQueueSettings, { params: { id }, body });
const beginFor = (id: string, message: string, tenant: string) => server.call(startRun, { params: { id }, body: { input: { message }, labels: { tenant } } });
const beginAll = async (id: string, messages: readonly string[], api: TestApi = server): Promise<Run[]> => {
  const runs: Run[] = [];
  for (const message of messages) runs.push(await begin(api, id, message));
  return runs;
};

test('drives as many runs at once as the limit allows, and queues the others in order', async () => {
  await using gate = await startGatedServer();
  const id = await workflowOf(server, callGraph(gate.url));
  expect(await limit(server, id, { concurrency: 2 })).toMatchObject({ concurrency: 2, priority: 'normal', queueLimit: null, revision: 1 });
  const runs = await beginAll(id, ['a', 'b', 'c', 'd', 'e']);
  await until('two calls', () => gate.open() === 2);
  expect(gate.seen).toEqual(['a', 'b']);

  const last = await readRun(server, runs[4]?.id ?? '');
  expect(last).toMatchObject({ status: 'queued', queued: { place: 3, reason: 'concurrency', running: 2, concurrency: 2 } });
  const { items } = await server.call(listRuns, { query: { workflowId: id } });
  expect(items.map(({ queued }) => queued?.place ?? 0)).toEqual([3, 2, 1, 0, 0]);
  const { text } = await server.send('GET', '/metrics');
  expect(text).toContain('switchyard_queue_runs{priority="normal"} 3');
  expect(Number(/^switchyard_queue_oldest_seconds (\S+)/m.exec(text)?.[1])).toBeGreaterThan(0);
  const state = await server.call(getQueue, {});
  expect(state.items.find(({ workflowId }) => workflowId === id)).toMatchObject({ running: 2, queued: 3, concurrency: 2, oldestQueuedAt: runs[2]?.createdAt });

  for (let calls = 0; calls < 5; calls++) await gate.answer();
  for (const run of runs) expect(await ended(server, run.id)).toMatchObject({ status: 'succeeded', queued: null });
  expect(gate.seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(gate.most()).toBe(2);
});

test('tenants take turns, so a flood of one delays another by one run', async () => {
  await using gate = await startGatedServer();
  const id = await workflowOf(server, callGraph(gate.url));
  await limit(server, id, { concurrency: 1 });
  for (let run = 0; run < 6; run++) await beginFor(id, `flood-${run}`, 'flood');
  await until('a call', () => gate.open() === 1);
  const small = await beginFor(id, 'small', 'small');
  expect((await readRun(server, small.id)).queued?.place).toBeLessThanOrEqual(2);
  gate.answerAll();
  await ended(server, small.id);
  expect(gate.seen.indexOf('small')).toBeLessThanOrEqual(2);
});

test('a full queue rejects new runs with 429 and Retry-After, wherever they come from', async () => {
  await using gate = await startGatedServer();
  const { id, url } = await publishedWorkflow(server, callGraph(gate.url), { mode: 'accepted' });
  const earlier = await begin(server, id, 'earlier');
  await gate.answer();
  await ended(server, earlier.id);
  await limit(server, id, { concurrency: 1, queueLimit: 2 });
  const post = (message: string) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) });
  const replies = await Promise.all(Array.from({ length: 8 }, (_, index) => post(`call-${index}`)));
  expect(replies.map(({ status }) => status).sort()).toEqual([202, 202, 202, 429, 429, 429, 429, 429]);
  const refused = replies.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused?.json()).toMatchObject({ code: 'queue-full' });
  expect(await server.refused(startRun, { params: { id }, body: { input: { message: 'Hello' } } })).toMatchObject({ code: 'queue-full', status: 429 });
  expect(await server.refused(rerunRun, { params: { id: earlier.id }, body: {} })).toMatchObject({ code: 'queue-full' });
  expect((await server.call(listRuns, { query: { workflowId: id } })).items).toHaveLength(4);

  gate.answerAll();
  await until('a free place', async () => (await post('later')).status === 202);
});

test('a caller that waits gets the response once its run had its turn, or else the status URL', async () => {
  await using gate = await startGatedServer();
  const { id, url } = await publishedWorkflow(server, callGraph(gate.url), { mode: 'finished', deadlineMs: 1_000 });
  await limit(server, id, { concurrency: 1 });
  const post = (message: string) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) });
  const first = post('first');
  await until('a call', () => gate.open() === 1);
  const late = await post('late');
  expect(late.status).toBe(202);
  expect(await late.json()).toMatchObject({ statusUrl: expect.stringContaining('/hooks/status/') });
  expect((await first).status).toBe(202);
  gate.answerAll();
  await until('a response in time', async () => (await post('next')).status === 200);
});

test('a waiting run holds no slot, and queues again before its next step', async () => {
  await using gate = await startGatedServer();
  const graph = graphOf(
    [
      messageInput(),
      node('human-review', 'check', { title: 'Check this', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] }),
      node('tool', 'fetch', { url: `${gate.url}/{{ input.message }}`, method: 'GET' }),
      node('output', 'reply', { value: 'done' }),
    ],
    [edge('start', 'check'), edge('check.approve', 'fetch'), edge('fetch', 'reply')],
  );
  const id = await workflowOf(server, graph);
  await limit(server, id, { concurrency: 1 });
  const runs = await beginAll(id, ['a', 'b', 'c']);
  for (const run of runs) await whenRun(server, run.id, 'waiting', ({ status }) => status === 'waiting');
  for (const run of runs) {
    const task = await openTask(server, run.id);
    await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: {} } });
  }
  await until('a call', () => gate.open() === 1);
  const others = await Promise.all(runs.slice(1).map(({ id: runId }) => whenRun(server, runId, 'queued', ({ queued }) => queued !== null)));
  expect(others.map((run) => isFinished(run, 'check'))).toEqual([false, false]);
  for (let calls = 0; calls < 3; calls++) await gate.answer();
  for (const run of runs) expect(await ended(server, run.id)).toMatchObject({ status: 'succeeded' });
  expect(gate.most()).toBe(1);
});

test('a queued run can be canceled, and starts no step', async () => {
  await using gate = await startGatedServer();
  const id = await workflowOf(server, callGraph(gate.url));
  await limit(server, id, { concurrency: 1 });
  const [first, second, third] = await beginAll(id, ['first', 'second', 'third']);
  await until('a call', () => gate.open() === 1);
  expect(await server.call(cancelRun, { params: { id: second?.id ?? '' }, body: { reason: 'Not needed' } })).toMatchObject({
    status: 'cancelled',
    queued: null,
  });
  expect((await journalOf(server, second?.id ?? '')).map(({ type }) => type)).toEqual(['run-started', 'cancel-requested', 'run-finished']);
  gate.answerAll();
  for (const run of [first, third]) expect(await ended(server, run?.id ?? '')).toMatchObject({ status: 'succeeded' });
  expect(gate.seen).toEqual(['first', 'third']);
});

test('a kill switch holds queued runs, and says so', async () => {
  await using gate = await startGatedServer();
  const id = await workflowOf(server, callGraph(gate.url));
  await limit(server, id, { concurrency: 1 });
  const [first, second] = await beginAll(id, ['first', 'second']);
  await until('a call', () => gate.open() === 1);
  const { id: switchId } = await server.call(createKillSwitch, { body: { scope: { kind: 'workflow', id }, mode: 'refuse' } });
  await gate.answer();
  await ended(server, first?.id ?? '');
  expect((await readRun(server, second?.id ?? '')).queued).toMatchObject({ place: 1, reason: 'kill-switch', running: 0 });
  gate.answerAll();
  await server.call(deleteKillSwitch, { params: { id: switchId } });
  expect(await ended(server, second?.id ?? '')).toMatchObject({ status: 'succeeded' });
});

test('after a restart, queued runs continue in order, and the limit holds', async () => {
  await using dir = await temporaryDir();
  await using gate = await startGatedServer();
  const before = await startTestServer({ dataDir: dir.path, env: ENV });
  const id = await workflowOf(before, callGraph(gate.url));
  await limit(before, id, { concurrency: 1 });
  const runs = await beginAll(id, ['a', 'b', 'c'], before);
  await until('a call', () => gate.open() === 1);
  await before.stop();
  await using after = await startTestServer({ dataDir: dir.path, env: ENV });
  await until('the call again', () => gate.seen.length === 2);
  expect((await readRun(after, runs[2]?.id ?? '')).queued).toMatchObject({ place: 2, reason: 'concurrency' });
  gate.answerAll();
  for (const run of runs) expect(await ended(after, run.id)).toMatchObject({ status: 'succeeded' });
  expect(gate.seen).toEqual(['a', 'a', 'b', 'c']);
  expect(gate.most()).toBe(1);
});

test('changed limits apply at once, are recorded, and must not be overwritten unseen', async () => {
  await using gate = await startGatedServer();
  const id = await workflowOf(server, callGraph(gate.url));
  expect(await server.call(getQueueSettings, { params: { id } })).toEqual({
    concurrency: null,
    priority: 'normal',
    queueLimit: null,
    revision: 0,
    updatedAt: null,
    actor: null,
  });
  await limit(server, id, { concurrency: 1 });
  await beginAll(id, ['a', 'b', 'c', 'd']);
  await until('a call', () => gate.open() === 1);
  await limit(server, id, { concurrency: 2, revision: 1 });
  await until('another call', () => gate.open() === 2);
  expect(await server.refused(putQueueSettings, { params: { id }, body: { concurrency: 5, revision: 1 } })).toMatchObject({ code: 'revision-conflict' });
  await limit(server, id, { concurrency: null, reason: 'Fast enough now' });
  await until('all calls', () => gate.open() === 4);
  gate.answerAll();
  const { items } = await server.call(listChanges, { query: { subject: `queue:${id}` } });
  expect(items).toMatchObject([
    { action: 'update', before: { concurrency: 2 }, after: { concurrency: null }, reason: 'Fast enough now', applied: true },
    { before: { concurrency: 1 }, after: { concurrency: 2 } },
    { action: 'create', before: null },
  ]);
});

test('an exported file includes the limits, and an import applies them', async () => {
  const id = await workflowOf(server, echoGraph());
  await limit(server, id, { concurrency: 3, priority: 'high', queueLimit: 50 });
  const { json: file } = await server.send('GET', `/api/workflows/${id}/export`);
  expect(file).toMatchObject({ queue: { concurrency: 3, priority: 'high', queueLimit: 50 } });
  const { workflow } = await server.call(importWorkflow, { body: file });
  expect(await server.call(getQueueSettings, { params: { id: workflow.id } })).toMatchObject({ concurrency: 3, priority: 'high', queueLimit: 50, revision: 1 });
});
