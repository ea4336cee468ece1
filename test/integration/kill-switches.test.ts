import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { countOpenRuns, createKillSwitch, deleteKillSwitch, type KillSwitch, listKillSwitches } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { getUsage } from '@switchyard/shared/contracts/money.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, edge, graphOf, messageInput, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { openTask } from '../kit/review-task.ts';
import { allRuns, begin, ended, isCalling, readRun, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { startSilentServer } from '../kit/silent-server.ts';
import { until } from '../kit/until.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  return () => server[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const { id } of (await server.call(listKillSwitches, {})).items) await server.call(deleteKillSwitch, { params: { id } });
});

const kill = (body: BodyOf<typeof createKillSwitch>): Promise<KillSwitch> => server.call(createKillSwitch, { body });
const undo = (id: string, reason?: string): Promise<KillSwitch> => server.call(deleteKillSwitch, { params: { id }, query: reason ? { reason } : {} });
const post = (url: string, message = 'Hello') =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) });
const killSwitchOf = async (id: string) => (await server.call(listKillSwitches, {})).items.find((one) => one.id === id);

const delayGraph = (seconds: number) =>
  graphOf(
    [messageInput(), node('delay', 'pause', { by: 'duration', amount: String(seconds), unit: 'seconds' }), node('output', 'reply', { value: 'done' })],
    [edge('start', 'pause'), edge('pause', 'reply')],
  );

test('the open runs that a switch would cancel can be counted before it is set', async () => {
  const id = await workflowOf(server, reviewGraph());
  const waits = await server.call(startRun, { params: { id }, body: { input: { message: 'Hello' }, labels: { tenant: 'counted' } } });
  const other = await begin(server, id);
  for (const run of [waits, other]) await whenRun(server, run.id, 'waiting', ({ status }) => status === 'waiting');
  const count = (query: QueryOf<typeof countOpenRuns>) => server.call(countOpenRuns, { query });
  expect(await count({ kind: 'workflow', id })).toEqual({ runs: 2, complete: true });
  expect(await count({ kind: 'version', id: `${id}:draft` })).toEqual({ runs: 2, complete: true });
  expect(await count({ kind: 'tenant', id: 'counted' })).toEqual({ runs: 1, complete: true });
  expect((await count({ kind: 'workspace' })).runs).toBeGreaterThanOrEqual(2);
  expect(await server.refused(countOpenRuns, { query: { kind: 'tenant' } })).toMatchObject({ code: 'bad-request' });
  const task = await openTask(server, waits.id);
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'x' } } });
  await ended(server, waits.id);
  expect(await count({ kind: 'tenant', id: 'counted' })).toEqual({ runs: 0, complete: true });
});

test('a stopped workflow starts no run at its webhook, through the API, or as a rerun, and starts runs again right after the undo', async () => {
  const { id, url, testUrl } = await publishedWorkflow(server, echoGraph());
  const earlier = await begin(server, id);
  await ended(server, earlier.id);
  const { id: switchId } = await kill({ scope: { kind: 'workflow', id }, mode: 'refuse', reason: 'Their script runs in a loop' });
  const before = (await allRuns(server)).length;
  for (const at of [url, testUrl]) {
    const reply = await post(at);
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('60');
    expect(await reply.json()).toMatchObject({ code: 'killed', detail: expect.stringContaining('Their script runs in a loop'), killSwitchId: switchId });
  }
  expect(await server.refused(startRun, { params: { id }, body: { input: { message: 'Hello' } } })).toMatchObject({ code: 'killed', status: 503 });
  expect(await server.refused(rerunRun, { params: { id: earlier.id }, body: {} })).toMatchObject({ code: 'killed' });
  expect((await allRuns(server)).length).toBe(before);
  await until('the count of refused runs', async () => (await killSwitchOf(switchId))?.refusedRuns === 4);

  await undo(switchId);
  expect((await post(url)).status).toBe(200);
});

test('a tenant or a version is stopped, and everything else runs', async () => {
  const { id, url } = await publishedWorkflow(server, echoGraph());
  await kill({ scope: { kind: 'tenant', id: 'globex' }, mode: 'refuse' });
  const started = (labels: Record<string, string>) => server.refused(startRun, { params: { id }, body: { input: { message: 'Hello' }, labels } });
  expect(await started({ tenant: 'globex' })).toMatchObject({ code: 'killed', detail: expect.stringContaining('tenant “globex”') });
  await server.call(startRun, { params: { id }, body: { input: { message: 'Hello' }, labels: { tenant: 'initech' } } });
  await kill({ scope: { kind: 'version', id: `${id}:1` }, mode: 'drain' });
  expect(await (await post(url)).json()).toMatchObject({ code: 'killed', detail: expect.stringContaining('version 1') });
  await begin(server, id);
});

test('the whole workspace is stopped without naming it', async () => {
  const { url } = await publishedWorkflow(server, echoGraph());
  const { scope } = await kill({ scope: { kind: 'workspace' }, mode: 'refuse' });
  expect(scope.kind).toBe('workspace');
  expect((await post(url)).status).toBe(503);
});

test('a stopped model is passed over for the next target, and a route without another target fails the step', async () => {
  await using fake = await startFakeProvider();
  await routeTo(server, 'pair', fakeTarget(fake, { model: 'first-model' }), fakeTarget(fake, { model: 'second-model' }));
  const id = await workflowOf(server, modelOn('pair'));
  const { id: switchId } = await kill({ scope: { kind: 'model', id: 'first-model' }, mode: 'refuse', reason: 'Leaks prompts' });
  const run = await ended(server, (await begin(server, id)).id);
  expect(run.status).toBe('succeeded');
  expect(fake.calls.map(({ model }) => model)).toEqual(['second-model']);
  expect(stepOf(run, 'draft').calls[0]?.record).toMatchObject({ model: 'second-model', attempts: [{ error: { code: 'killed' } }, {}] });
  await until('the count of refused calls', async () => (await killSwitchOf(switchId))?.refusedCalls === 1);

  await kill({ scope: { kind: 'route', id: 'pair' }, mode: 'refuse' });
  const failed = await ended(server, (await begin(server, id)).id);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'killed', nodeKey: 'draft' } });
  expect(fake.calls).toHaveLength(1);
});

test('a model goes by its name in routes, not the one it answers with', async () => {
  await using fake = await startFakeProvider({ servedModel: 'dated-2026' });
  await routeTo(server, 'dated', fakeTarget(fake, { model: 'dated' }));
  const id = await workflowOf(server, modelOn('dated'));
  await ended(server, (await begin(server, id)).id);
  const usage = async (model?: string) =>
    (await server.call(getUsage, { query: { by: 'model', workflow: id, ...(model !== undefined && { model }) } })).items.map(({ key, calls }) => ({
      key,
      calls,
    }));
  await expect.poll(() => usage()).toEqual([{ key: 'dated', calls: 1 }]);
  expect(await usage('dated-2026')).toEqual([{ key: 'dated', calls: 1 }]);
  expect(await server.refused(createKillSwitch, { body: { scope: { kind: 'model', id: 'dated-2026' }, mode: 'refuse' } })).toMatchObject({
    status: 404,
    detail: expect.stringContaining('“dated”'),
    errors: [{ path: 'scope.id' }],
  });
});

const modelOn = (route: string) => {
  const { nodes, edges } = modelGraph();
  return graphOf(
    nodes.map((one) => (one.type === 'prompt' ? { ...one, data: { ...one.data, params: { ...one.data.params, route } } } : one)),
    edges,
  );
};

test('a run stopped during a call keeps the response of that call, and makes no further calls', async () => {
  await using fake = await startFakeProvider({ answer: () => 'word '.repeat(20) });
  await routeTo(server, 'slow', fakeTarget(fake));
  fake.failNext({ kind: 'slow', delayMs: 20 });
  const id = await workflowOf(server, chainGraph('slow'));
  const { id: runId } = await begin(server, id);
  await whenRun(server, runId, 'calling', (run) => isCalling(run, 'one'));
  await kill({ scope: { kind: 'workflow', id }, mode: 'refuse' });
  const run = await ended(server, runId);
  expect(stepOf(run, 'one').status).toBe('succeeded');
  expect(stepOf(run, 'two')).toMatchObject({ status: 'failed', error: { code: 'killed' } });
  expect(fake.calls).toHaveLength(1);
});

test('a run stopped during a call sends no further HTTP request', async () => {
  await using fake = await startFakeProvider({ answer: () => 'word '.repeat(20) });
  await using silent = await startSilentServer();
  await routeTo(server, 'slow-too', fakeTarget(fake));
  fake.failNext({ kind: 'slow', delayMs: 20 });
  const [input, fetching, output] = requestGraph(silent.url).nodes;
  const draft = node('prompt', 'draft', { message: 'Hello', route: 'slow-too' });
  const nodes = [input, draft, fetching, output].filter((one) => one !== undefined);
  const id = await workflowOf(server, graphOf(nodes, [edge('start', 'draft'), edge('draft', 'fetch'), edge('fetch', 'reply')]));
  const { id: runId } = await begin(server, id);
  await whenRun(server, runId, 'calling', (run) => isCalling(run, 'draft'));
  await kill({ scope: { kind: 'workflow', id }, mode: 'refuse' });
  const run = await ended(server, runId);
  expect(stepOf(run, 'fetch')).toMatchObject({ status: 'failed', error: { code: 'killed' } });
  expect(silent.requests).toEqual([]);
});

test('a waiting run keeps waiting, its decision is kept, and it continues after the undo', async () => {
  const id = await workflowOf(server, reviewGraph());
  const { id: runId } = await begin(server, id);
  const task = await openTask(server, runId);
  const { id: switchId } = await kill({ scope: { kind: 'workflow', id }, mode: 'refuse' });
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
  await until('another read of the switches', readAgain());
  expect((await readRun(server, runId)).status).toBe('waiting');
  await undo(switchId, 'Solved');
  expect(await ended(server, runId)).toMatchObject({ status: 'succeeded', output: 'Hello' });
});

test('a delay that ends while its run is held ends after the undo', async () => {
  const id = await workflowOf(server, delayGraph(2));
  const { id: runId } = await begin(server, id);
  await whenRun(server, runId, 'waiting', ({ status }) => status === 'waiting');
  const over = Date.now() + 2_000;
  const { id: switchId } = await kill({ scope: { kind: 'workflow', id }, mode: 'refuse' });
  await until('the delay to be over', () => Date.now() > over);
  await until('another read of the switches', readAgain());
  const held = await readRun(server, runId);
  expect(held.status).toBe('waiting');
  await undo(switchId);
  expect((await ended(server, runId)).status).toBe('succeeded');
});

/** True once another switch has counted a run, which takes up to a second. */
function readAgain(): () => Promise<boolean> {
  const other = workflowOf(server, echoGraph());
  const set = other.then(async (id) => {
    const { id: switchId } = await kill({ scope: { kind: 'workflow', id }, mode: 'refuse' });
    await server.refused(startRun, { params: { id }, body: { input: { message: 'Hello' } } });
    return switchId;
  });
  return async () => (await killSwitchOf(await set))?.refusedRuns === 1;
}

test('draining lets accepted runs continue, including waiting ones', async () => {
  const id = await workflowOf(server, reviewGraph());
  const { id: runId } = await begin(server, id);
  const task = await openTask(server, runId);
  await kill({ scope: { kind: 'workflow', id }, mode: 'drain' });
  expect(await server.refused(startRun, { params: { id }, body: { input: { message: 'Hello' } } })).toMatchObject({ code: 'killed' });
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
  expect((await ended(server, runId)).status).toBe('succeeded');
});

test('aborting cancels running and waiting runs in scope, shows its progress, and spares other runs', async () => {
  await using fake = await startFakeProvider();
  await routeTo(server, 'hanging', fakeTarget(fake));
  fake.failNext({ kind: 'hang' });
  const calling = await begin(server, await workflowOf(server, modelOn('hanging')));
  await whenRun(server, calling.id, 'calling', (run) => isCalling(run, 'draft'));
  const other = await begin(server, await workflowOf(server, reviewGraph()));
  await openTask(server, other.id);
  const waiting = await begin(server, await workflowOf(server, reviewGraph()));
  await openTask(server, waiting.id);
  const held = await kill({ scope: { kind: 'workflow', id: waiting.workflowId }, mode: 'refuse' });
  const closed = fake.nextClose();
  const switches = await Promise.all(
    [calling, waiting].map(({ workflowId }) => kill({ scope: { kind: 'workflow', id: workflowId }, mode: 'abort', reason: 'Wrong prompt' })),
  );
  await closed;
  for (const run of [calling, waiting]) expect((await ended(server, run.id)).status).toBe('cancelled');
  for (const { id } of switches)
    expect(await until('the end of the job', async () => ((await killSwitchOf(id))?.abort?.endedAt ? killSwitchOf(id) : undefined))).toMatchObject({
      abort: { asked: 1, left: 0 },
    });
  expect((await readRun(server, other.id)).status).toBe('waiting');
  for (const { id } of [...switches, held]) await undo(id);
  expect((await readRun(server, waiting.id)).status).toBe('cancelled');
});

test('setting a switch twice at once creates one, and undoing it twice at once undoes it once', async () => {
  const id = await workflowOf(server, echoGraph());
  const body = { scope: { kind: 'workflow', id }, mode: 'refuse' } as const;
  const replies = await Promise.all([1, 2, 3].map(() => server.send('POST', '/api/kill-switches', { body })));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  const [first] = replies.map(({ json }) => (json as KillSwitch).id);
  expect(new Set(replies.map(({ json }) => (json as KillSwitch).id)).size).toBe(1);
  const undone = await Promise.all([1, 2].map(() => server.send('DELETE', `/api/kill-switches/${first}`)));
  expect(undone.map(({ status }) => status).sort()).toEqual([200, 404]);
  await ended(server, (await begin(server, id)).id);
});

test('the audit trail has each use with its reason', async () => {
  const id = await workflowOf(server, echoGraph());
  const { id: switchId } = await kill({ scope: { kind: 'workflow', id }, mode: 'drain', reason: 'Maintenance' });
  await undo(switchId, 'Done');
  const { items } = await server.call(listChanges, { query: { subject: `kill-switch:${switchId}` } });
  expect(items).toMatchObject([
    { action: 'delete', before: { mode: 'drain' }, reason: 'Done', applied: true },
    { action: 'create', after: { scope: { kind: 'workflow', id, name: 'A workflow' }, mode: 'drain' }, reason: 'Maintenance', applied: true },
  ]);
});

test('a switch that would stop nothing is rejected', async () => {
  expect(await server.refused(createKillSwitch, { body: { scope: { kind: 'workflow', id: 'wfl_none' }, mode: 'refuse' } })).toMatchObject({ status: 404 });
  expect(await server.refused(createKillSwitch, { body: { scope: { kind: 'version', id: 'wfl_none:3' }, mode: 'refuse' } })).toMatchObject({ status: 404 });
  expect(await server.refused(createKillSwitch, { body: { scope: { kind: 'connection', id: 'none' }, mode: 'refuse' } })).toMatchObject({ status: 404 });
  expect(await server.refused(createKillSwitch, { body: { scope: { kind: 'model', id: 'demo' }, mode: 'drain' } })).toMatchObject({
    errors: [{ path: 'mode' }],
  });
  expect(await server.refused(createKillSwitch, { body: { scope: { kind: 'tenant' }, mode: 'refuse' } })).toMatchObject({ errors: [{ path: 'scope.id' }] });
});
