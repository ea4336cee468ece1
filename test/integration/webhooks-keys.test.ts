import { freeOldKeys } from '@switchyard/server/services/webhooks/call-keys.ts';
import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { listDeliveries, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { pauseWorkflow, resumeWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { readEvents } from '../kit/events.ts';
import { echoGraph, edge, graphOf, messageInput, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { openStoreOf } from '../kit/store.ts';

const BODY = { message: 'once' };
const keyed = (key: string) => ({ 'content-type': 'application/json', 'idempotency-key': key });
const countRuns = async (server: Pick<TestServer, 'call'>): Promise<number> => (await server.call(listRuns, { query: { limit: 1000 } })).items.length;

test('the same key gives one run and the same reply, under either header', async () => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph({ at: '{{ run.id }}' }, { status: '201', headers: [{ name: 'x-topic', value: 'a' }] }));
  const first = await server.send('POST', url, { body: BODY, headers: keyed('k1') });
  const again = await server.send('POST', url, { body: BODY, headers: { 'content-type': 'application/json', 'webhook-id': 'k1' } });
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  for (const reply of [first, again]) {
    expect([reply.status, reply.json, reply.headers.get('x-topic')]).toEqual([201, { at: first.headers.get('x-run-id') }, 'a']);
  }
  expect(await countRuns(server)).toBe(1);
});

test('the scope of a key is its workflow and URL: live, test, and other workflows each run it once', async () => {
  await using server = await startTestServer();
  const one = await publishedWorkflow(server, echoGraph());
  const two = await publishedWorkflow(server, echoGraph());
  for (const url of [one.url, one.testUrl, two.url, one.url, one.testUrl, two.url]) {
    expect((await server.send('POST', url, { body: BODY, headers: keyed('k1') })).status).toBe(200);
  }
  expect(await countRuns(server)).toBe(3);
});

test('a duplicate responds as its own mode says', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '300' } });
  const { url } = await publishedWorkflow(server, modelGraph());
  const [finished, accepted, streamed] = await Promise.all([
    server.send('POST', url, { body: BODY, headers: keyed('k1') }),
    server.send('POST', `${url}?mode=accepted`, { body: BODY, headers: keyed('k1') }),
    fetch(`${url}?mode=stream`, { method: 'POST', body: JSON.stringify(BODY), headers: keyed('k1') }).then(readEvents),
  ]);
  const runId = finished.headers.get('x-run-id');
  expect(finished.status).toBe(200);
  expect([accepted.status, accepted.json]).toEqual([202, expect.objectContaining({ runId })]);
  expect(streamed.at(-1)).toMatchObject({ event: 'done', data: { runId, value: finished.text } });
  expect(await countRuns(server)).toBe(1);
  const review = await publishedWorkflow(server, reviewGraph());
  const waiting = [1, 2].map(() => server.send('POST', review.url, { body: BODY, headers: keyed('k1') }));
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([202, 202]);
  expect(await countRuns(server)).toBe(2);
});

test('another body under the same key is 422, byte by byte', async () => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph());
  const first = await server.send('POST', url, { body: '{"message":"a"}', headers: keyed('k1') });
  for (const body of ['{"message":"b"}', '{"message": "a"}']) {
    const reply = await server.send('POST', url, { body, headers: keyed('k1') });
    expect(reply.json).toMatchObject({ status: 422, code: 'idempotency-mismatch', runId: first.headers.get('x-run-id') });
  }
  expect(await countRuns(server)).toBe(1);
});

test('400, 429, and 503 use up no key, but a failed run does', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph());
  const send = async (body: unknown, key: string) => (await server.send('POST', url, { body, headers: keyed(key) })).status;
  expect(await send({ wrong: 1 }, 'k1')).toBe(400);
  await server.call(pauseWorkflow, { params: { id }, body: {} });
  expect(await send(BODY, 'k1')).toBe(503);
  await server.call(resumeWorkflow, { params: { id } });
  await server.call(updateWebhook, { params: { id }, body: { requestsPerMinute: 1 } });
  expect(await send(BODY, 'k0')).toBe(200);
  const limited = await server.send('POST', url, { body: BODY, headers: keyed('k1') });
  expect(limited.json).toMatchObject({ status: 429, code: 'rate-limited' });
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  await server.call(updateWebhook, { params: { id }, body: { requestsPerMinute: null } });
  expect(await send(BODY, 'k1')).toBe(200);
  expect(await send(BODY, 'with space')).toBe(400);
  expect(await countRuns(server)).toBe(2);

  const graph = graphOf(
    [
      messageInput(),
      node('transform', 'shape', { fields: [{ name: 'x', value: 'input.missing' }] }),
      node('output', 'reply', { value: '{{ steps.shape.x }}' }),
    ],
    [edge('start', 'shape'), edge('shape', 'reply')],
  );
  const failing = await publishedWorkflow(server, graph);
  const replies = [];
  for (const key of ['k1', 'k1']) replies.push((await server.send('POST', failing.url, { body: BODY, headers: keyed(key) })).json);
  expect(replies[0]).toMatchObject({ code: 'expression-failed' });
  expect(replies[1]).toEqual(replies[0]);
  expect(await countRuns(server)).toBe(3);
});

test('duplicates are listed as such', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph());
  for (const _ of [1, 2]) await server.send('POST', url, { body: BODY, headers: keyed('k1') });
  const { items } = await server.call(listDeliveries, { params: { id } });
  expect(items.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
  expect(new Set(items.map(({ runId }) => runId)).size).toBe(1);
});

test('a key can be used again after seven days', async () => {
  await using folder = await temporaryDir();
  await using server = await startTestServer({ dataDir: folder.path });
  const { url } = await publishedWorkflow(server, echoGraph());
  await server.send('POST', url, { body: BODY, headers: keyed('k1') });
  await server.send('POST', url, { body: BODY, headers: keyed('k2') });
  await server.stop();
  const store = await openStoreOf(folder.path);
  const workspace = store.in(DEFAULT_WORKSPACE);
  const keys = async () => (await workspace.find(runs)).items.map(({ idempotencyKey }) => idempotencyKey !== null);
  await freeOldKeys(workspace, new Date(Date.now() + 6.9 * 86_400_000));
  expect(await keys()).toEqual([true, true]);
  await freeOldKeys(workspace, new Date(Date.now() + 7.1 * 86_400_000));
  expect(await keys()).toEqual([false, false]);
  await store.close();
});
