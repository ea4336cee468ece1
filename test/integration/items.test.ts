import { getRun, listRunEvents, listRunItems, listRunSteps, type Run, rerunRun } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { RunEvents } from '@switchyard/shared/realtime/protocol.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { broken } from '../kit/fake-provider/fault.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { connectPage } from '../kit/page-socket.ts';
import { PATIENCE_MS } from '../kit/patience.ts';
import { ended, journalOf, runOf, stepOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const inside = (made: ReturnType<typeof node>) => ({ ...made, parentId: 'each' });

/** Asks once per name of the list, one after the other. */
const eachGraph = (items = '{{ [{"name": "Ada"}, {"name": "Bob"}, {"name": "Cleo"}] }}', params: Record<string, unknown> = {}): Graph =>
  graphOf(
    [
      messageInput(),
      node('for-each', 'each', { items, concurrency: 1, onItemError: 'collect', result: '', ...params }),
      inside(node('prompt', 'ask', { message: 'ask: {{ item.name }}', route: 'fast' })),
      inside(node('prompt', 'again', { message: 'again: {{ steps.ask.text }}', route: 'fast' })),
      node('output', 'reply', { value: '{{ steps.each.succeeded }}' }),
    ],
    [edge('start', 'each'), edge('ask', 'again'), edge('each', 'reply')],
  );

async function fakeOn(server: TestServer): Promise<FakeProvider> {
  const fake = await startFakeProvider();
  await routeTo(server, 'fast', fakeTarget(fake));
  return fake;
}

const itemsOf = async (server: TestServer, run: Run, query: { status?: 'failed' | 'succeeded'; limit?: number; from?: number; cursor?: string } = {}) =>
  server.call(listRunItems, { params: { id: run.id }, query: { step: 'each#1', ...query } });
const stepsOf = async (server: TestServer, run: Run, frame: string) =>
  (await server.call(listRunSteps, { params: { id: run.id }, query: { frame } })).items.map(({ id, status }) => `${id} ${status}`);

/** A run in which the second item failed. */
async function failedRun(server: TestServer, fake: FakeProvider, graph = eachGraph()): Promise<Run> {
  fake.failNext(undefined, undefined, broken, broken, broken);
  return runOf(server, graph);
}

test('items are listed by page and status, and their steps are read after they have ended', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const run = await failedRun(server, fake);
  expect(run).toMatchObject({ status: 'succeeded', output: 2 });
  expect(run.steps.map(({ id }) => id)).toEqual(['start#1', 'each#1', 'reply#1']);
  expect(stepOf(run, 'each').items).toMatchObject({ count: 3, succeeded: 2, failed: 1, open: 0, failures: [{ index: 1 }] });
  const all = await itemsOf(server, run);
  expect(all).toMatchObject({
    items: [
      { index: 0, frame: 'each#1[0]', name: 'Ada', item: { name: 'Ada' }, status: 'succeeded', nodeKey: 'again', error: null },
      { index: 1, frame: 'each#1[1]', name: 'Bob', status: 'failed', nodeKey: 'ask', error: { nodeKey: 'ask' }, result: null },
      { index: 2, frame: 'each#1[2]', name: 'Cleo', status: 'succeeded', fromRunId: null },
    ],
    nextCursor: null,
  });
  const first = await itemsOf(server, run, { limit: 2 });
  expect(first.nextCursor).toBe('2');
  expect((await itemsOf(server, run, { limit: 2, cursor: '2' })).items).toMatchObject([{ index: 2 }]);
  expect((await itemsOf(server, run, { from: 1 })).items.map(({ index }) => index)).toEqual([1, 2]);
  expect((await itemsOf(server, run, { status: 'failed' })).items.map(({ index }) => index)).toEqual([1]);
  expect(await stepsOf(server, run, 'each#1[0]')).toEqual(['each#1[0]/ask#1 succeeded', 'each#1[0]/again#1 succeeded']);
  expect(await stepsOf(server, run, 'each#1[1]')).toEqual(['each#1[1]/ask#1 failed']);
  expect(await stepsOf(server, run, 'each#1[9]')).toEqual([]);
  expect(await server.send('GET', `/api/runs/${run.id}/steps?frame=each`)).toMatchObject({ status: 400 });
  expect(await server.send('GET', `/api/runs/${run.id}/items?step=reply%231`)).toMatchObject({ status: 400 });
});

test('retrying failed items keeps the succeeded ones, and continues after the for-each', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const run = await failedRun(server, fake);
  const calls = fake.calls.length;
  const retry = await server.call(rerunRun, { params: { id: run.id }, body: { from: 'each#1', failedItems: true } });
  const again = await ended(server, retry.id);
  expect(again).toMatchObject({ status: 'succeeded', output: 3, rerunOf: run.id });
  expect(fake.calls.slice(calls).map((call) => call.messages.at(-1)?.text.split(':')[0])).toEqual(['ask', 'again']);
  expect((await itemsOf(server, again)).items.map(({ status, fromRunId }) => [status, fromRunId])).toEqual([
    ['succeeded', run.id],
    ['succeeded', null],
    ['succeeded', run.id],
  ]);
  expect((stepOf(again, 'each').output as { items: unknown[] }).items).toHaveLength(3);
  const nothing = await server.send('POST', `/api/runs/${again.id}/rerun`, { body: { from: 'each#1', failedItems: true } });
  expect(nothing).toMatchObject({ status: 400, json: { errors: [{ path: 'failedItems' }] } });
  const other = await server.send('POST', `/api/runs/${run.id}/rerun`, { body: { from: 'reply#1', failedItems: true } });
  expect(other).toMatchObject({ status: 400, json: { errors: [{ path: 'from' }] } });
  expect(await server.send('POST', `/api/runs/${run.id}/rerun`, { body: { failedItems: true } })).toMatchObject({ status: 400 });
});

test('a for-each that stopped at an item retries that one and all after it, and the retry can be retried', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const run = await failedRun(server, fake, eachGraph(undefined, { onItemError: 'stop' }));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'item-failed' } });
  expect((await itemsOf(server, run)).items.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'not-started']);
  const retry = async (id: string) => ended(server, (await server.call(rerunRun, { params: { id }, body: { from: 'each#1', failedItems: true } })).id);
  fake.failNext(undefined, undefined, broken, broken, broken);
  const second = await retry(run.id);
  expect((await itemsOf(server, second)).items.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'failed']);
  const third = await retry(second.id);
  expect(third).toMatchObject({ status: 'succeeded', output: 3 });
  expect((await itemsOf(server, third)).items.map(({ fromRunId }) => fromRunId)).toEqual([run.id, second.id, null]);
  expect((await journalOf(server, third.id)).filter(({ type }) => type === 'frame-finished')).toHaveLength(3);
});

test('a large list is read by reference, and an item inside an item has its own steps', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const graph = eachGraph('{{ ["x", "y"] }}');
  graph.nodes.push({
    ...node('for-each', 'inner', { items: '{{ [item, item + item] }}', concurrency: 1, onItemError: 'collect', result: '' }),
    parentId: 'each',
  });
  graph.nodes.push({ ...node('prompt', 'deep', { message: '{{ item }}', route: 'fast' }), parentId: 'inner' });
  const ask = graph.nodes.find(({ id }) => id === 'ask');
  if (ask) ask.data.params.message = 'ask: {{ item }}';
  const run = await runOf(server, graph);
  expect(run.status).toBe('succeeded');
  expect(fake.calls).toHaveLength(8);
  const nested = await server.call(listRunItems, { params: { id: run.id }, query: { step: 'each#1[1]/inner#1' } });
  expect(nested.items).toMatchObject([
    { index: 0, name: 'y', status: 'succeeded', frame: 'each#1[1]/inner#1[0]' },
    { index: 1, name: 'yy', status: 'succeeded' },
  ]);
  expect(await stepsOf(server, run, 'each#1[1]/inner#1[1]')).toEqual(['each#1[1]/inner#1[1]/deep#1 succeeded']);
  const outer = (await server.call(listRunSteps, { params: { id: run.id }, query: { frame: 'each#1[1]' } })).items;
  expect(outer.find(({ nodeKey }) => nodeKey === 'inner')?.items).toMatchObject({ count: 2, succeeded: 2, open: 0 });

  const large = `{{ range(30).map(n, {"name": "No. " + string(n), "text": "${'x'.repeat(3_000)}"}) }}`;
  const long = await runOf(server, { ...eachGraph(large, { concurrency: 30 }) });
  const page = await itemsOf(server, await server.call(getRun, { params: { id: long.id } }), { limit: 1, from: 29 });
  expect(page.items).toMatchObject([{ index: 29, name: 'No. 29', status: 'succeeded' }]);
});

test('the items of a long for-each are read by where they are in the journal, and sent to pages in brief', async () => {
  await using server = await startTestServer();
  using socket = connectPage(server.base);
  const items = '{{ range(300) }}';
  const graph = graphOf(
    [
      messageInput(),
      node('for-each', 'each', { items }),
      inside(node('transform', 'double', { fields: [{ name: 'value', value: 'item * 2' }] })),
      node('output', 'reply', { value: 'done' }),
    ],
    [edge('start', 'each'), edge('each', 'reply')],
  );
  const run = await runOf(server, graph);
  expect((await itemsOf(server, run, { from: 298 })).items).toMatchObject([
    { index: 298, item: 298, status: 'succeeded', result: { value: 596 } },
    { index: 299, item: 299, status: 'succeeded', result: { value: 598 } },
  ]);
  const { items: own } = await server.call(listRunEvents, { params: { id: run.id }, query: { frame: 'each#1[299]' } });
  expect(own.map(({ type }) => type)).toEqual(['run-started', 'step-started', 'items-listed', 'step-started', 'step-finished', 'frame-finished']);
  expect(await stepsOf(server, run, 'each#1[299]')).toEqual(['each#1[299]/double#1 succeeded']);
  expect(await server.send('GET', `/api/runs/${run.id}/events?frame=each`)).toMatchObject({ status: 400 });

  const batches: RunEvents[] = [];
  socket.on('run:events', (batch) => batches.push(batch));
  await socket.timeout(PATIENCE_MS).emitWithAck('run:watch', { runId: run.id, fromSeq: 1, brief: { whole: [] } });
  await until('all events to be covered', () => batches.at(-1)?.brief?.upTo === run.seq);
  const events = batches.flatMap((batch) => batch.events);
  expect(events.length).toBeLessThan(400);
  expect(batches.map(({ brief }) => brief?.from)).toEqual([1, ...batches.slice(0, -1).map(({ brief }) => (brief?.upTo ?? 0) + 1)]);
  const state = fold(events);
  expect([state.status, state.steps.get('each#1')?.items]).toEqual(['succeeded', stepOf(run, 'each').items]);
});
