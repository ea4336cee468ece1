import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { clearState, deleteState, listState, putState } from '@switchyard/shared/contracts/state/stored-values.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended, runOf, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** Counts messages by their text, and returns the count. */
const counting = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('state', 'count', { operation: 'increment', key: 'n/{{ input.message }}' }),
      node('output', 'reply', { value: '{{ steps.count.value }}' }),
    ],
    [edge('start', 'count'), edge('count', 'reply')],
  );

/** Says whether a message is new. */
const sorting = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('dedupe', 'check', { value: '{{ input.message }}' }),
      node('output', 'first', { value: 'new' }),
      node('output', 'later', { value: 'seen' }),
    ],
    [edge('start', 'check'), edge('check.new', 'first'), edge('check.seen', 'later')],
  );

const send = (server: TestServer, url: string, message: string) => server.send('POST', url, { body: { message } });
const keysOf = async (server: TestServer, id: string, space: 'live' | 'draft' = 'live') =>
  Object.fromEntries((await server.call(listState, { params: { id }, query: { space } })).items.map(({ key, value }) => [key, value]));

test('parallel runs count each message once, and draft runs count apart', async () => {
  await using server = await startTestServer();
  const { id, url, testUrl } = await publishedWorkflow(server, counting());
  const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => send(server, url, index % 2 ? 'a' : 'b')));
  expect(replies.map(({ json }) => json as number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => 1 + Math.floor(index / 2)));
  expect((await send(server, testUrl, 'a')).json).toBe(1);
  expect([await keysOf(server, id), await keysOf(server, id, 'draft')]).toEqual([{ 'n/a': 10, 'n/b': 10 }, { 'n/a': 1 }]);
});

test('a rerun changes values again, except in steps it reuses', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, counting());
  const runId = (await send(server, url, 'a')).headers.get('x-run-id') ?? '';
  const whole = await server.call(rerunRun, { params: { id: runId }, body: {} });
  expect((await ended(server, whole.id)).output).toBe(2);
  const rest = await server.call(rerunRun, { params: { id: runId }, body: { from: 'reply#1' } });
  expect((await ended(server, rest.id)).output).toBe(1);
  expect(await keysOf(server, id)).toEqual({ 'n/a': 2 });
});

test('the runs that a draft run starts use draft values', async () => {
  await using server = await startTestServer();
  const { id: inner } = await publishedWorkflow(server, counting());
  const outer = graphOf(
    [messageInput(), node('workflow', 'child', { workflowId: inner, input: { message: 'a' } }), node('output', 'reply', { value: '{{ steps.child }}' })],
    [edge('start', 'child'), edge('child', 'reply')],
  );
  expect((await runOf(server, outer)).output).toBe(1);
  expect([await keysOf(server, inner), await keysOf(server, inner, 'draft')]).toEqual([{}, { 'n/a': 1 }]);
});

test('of equal messages at the same moment, one is new', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, sorting());
  const replies = await Promise.all(Array.from({ length: 8 }, () => send(server, url, 'a')));
  expect(replies.filter(({ json, text }) => json === 'new' || text === 'new')).toHaveLength(1);
  const { items, seen } = await server.call(listState, { params: { id }, query: {} });
  expect([items, seen]).toEqual([[], 1]);
});

test('people list by prefix and page, set, delete, and clear values', async () => {
  await using server = await startTestServer();
  const id = await workflowOf(server, counting());
  for (const key of ['b', 'a/2', 'a/1', 'a/3']) await server.call(putState, { params: { id }, body: { key, value: { of: key } } });
  const first = await server.call(listState, { params: { id }, query: { prefix: 'a/', limit: 2 } });
  expect(first).toMatchObject({ items: [{ key: 'a/1', value: { of: 'a/1' }, runId: null }, { key: 'a/2' }], keys: 4 });
  const rest = await server.call(listState, { params: { id }, query: { prefix: 'a/', cursor: first.nextCursor ?? '' } });
  expect(rest).toMatchObject({ items: [{ key: 'a/3' }], nextCursor: null });
  expect(await server.call(deleteState, { params: { id }, body: { key: 'b' } })).toEqual({ deleted: true });
  expect(await server.call(deleteState, { params: { id }, body: { key: 'b' } })).toEqual({ deleted: false });
  expect(await server.call(clearState, { params: { id }, body: { space: 'draft' } })).toEqual({ deleted: 0 });
  expect(await server.call(clearState, { params: { id }, body: { space: 'live' } })).toEqual({ deleted: 3 });
  expect(await keysOf(server, id)).toEqual({});
});

test('what a state node reads follows the data policy of the run', async () => {
  await using server = await startTestServer();
  const reading = graphOf(
    [messageInput(), node('state', 'read', { operation: 'get', key: 'contact' }), node('output', 'reply', { value: '{{ steps.read.value }}' })],
    [edge('start', 'read'), edge('read', 'reply')],
  );
  const id = await workflowOf(server, reading);
  await server.call(putState, { params: { id }, body: { space: 'draft', key: 'contact', value: 'ada@example.com' } });
  await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  const run = await ended(server, (await server.call(startRun, { params: { id }, body: { input: { message: 'x' } } })).id);
  expect([run.status, JSON.stringify(run)]).toEqual(['succeeded', expect.not.stringContaining('ada@example.com')]);
});
