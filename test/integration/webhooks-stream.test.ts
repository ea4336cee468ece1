import { getRun, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { eventsIn, readEvents } from '../kit/events.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, edge, graphOf, messageInput, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const STREAM = { mode: 'stream' } as const;
const post = (url: string, body: unknown = { message: 'Where is my order?' }, signal?: AbortSignal) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), ...(signal && { signal }) });

/** Three model steps: the first streams its text, the second doesn't, and the third streams only to watchers. */
const threeModels = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'open', { message: '{{ input.message }}', route: 'fast' }),
      node('prompt', 'quiet', { message: '{{ steps.open.text }}', route: 'fast', stream: false }),
      node('prompt', 'draft', { message: '{{ steps.open.text }}', route: 'fast', streamToCaller: false }),
      node('output', 'reply', { value: { text: '{{ steps.open.text }}' }, status: '201', headers: [{ name: 'X-Topic', value: 'orders' }] }),
    ],
    [edge('start', 'open'), edge('open', 'quiet'), edge('quiet', 'draft'), edge('draft', 'reply')],
  );

const delayed = (seconds: number): Graph =>
  graphOf(
    [messageInput(), node('delay', 'pause', { amount: String(seconds), unit: 'seconds' }), node('output', 'reply', { value: 'after the wait' })],
    [edge('start', 'pause'), edge('pause', 'reply')],
  );

test('stream sends the deltas of streaming nodes, then the output’s status, headers, and value', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '100' } });
  const { url } = await publishedWorkflow(server, threeModels(), STREAM);
  const reply = await post(url);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('x-run-id')).toMatch(/^run_/);
  const events = await readEvents(reply);
  const last = events.at(-1);
  const deltas = events.slice(0, -1);
  expect(deltas.length).toBeGreaterThan(1);
  expect(new Set(deltas.map(({ event, data }) => `${event} ${data.stepId}`))).toEqual(new Set(['delta open#1']));
  const text = deltas.map(({ data }) => data.text).join('');
  expect(last).toEqual({
    event: 'done',
    data: { runId: reply.headers.get('x-run-id'), status: 201, headers: { 'x-topic': 'orders' }, value: { text } },
  });
});

test('stream announces that text starts again if a model breaks off and the next target answers', async () => {
  await using server = await startTestServer();
  await using fake = await startFakeProvider();
  await routeTo(server, 'chain', fakeTarget(fake), fakeTarget(fake, { model: 'fake-large' }));
  const graph = graphOf(
    [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'chain' }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
  const { url } = await publishedWorkflow(server, graph, STREAM);
  fake.failNext({ kind: 'cut', afterWords: 2 });
  const events = await readEvents(await post(url, { message: 'a longer message' }));
  expect(events.map(({ event }) => event).filter((name) => name !== 'delta')).toEqual(['restart', 'done']);
  const after = events.slice(events.findIndex(({ event }) => event === 'restart') + 1, -1);
  expect(after.map(({ data }) => data.text).join('')).toBe('You said: a longer message');
  expect(events.at(-1)?.data).toMatchObject({ value: 'You said: a longer message' });
});

test('a run without an output ends with 204, and a failed one with its problem', async () => {
  await using server = await startTestServer();
  const nothing = await publishedWorkflow(server, echoGraph('{{ null }}'), STREAM);
  expect(await readEvents(await post(nothing.url))).toMatchObject([{ event: 'done', data: { status: 204, value: null } }]);
  const graph = graphOf(
    [
      messageInput(),
      node('transform', 'shape', { fields: [{ name: 'x', value: 'input.missing' }] }),
      node('output', 'reply', { value: '{{ steps.shape.x }}' }),
    ],
    [edge('start', 'shape'), edge('shape', 'reply')],
  );
  const failing = await publishedWorkflow(server, graph, STREAM);
  const reply = await post(failing.url);
  expect(await readEvents(reply)).toMatchObject([
    {
      event: 'error',
      data: { code: 'expression-failed', status: 500, runId: reply.headers.get('x-run-id'), statusUrl: expect.stringContaining('/hooks/status/') },
    },
  ]);
});

test('a run that needs a person, or longer than the deadline, sends a status URL and closes', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '5000' } });
  const review = await publishedWorkflow(server, reviewGraph(), STREAM);
  const reply = await post(review.url);
  const [waiting] = await readEvents(reply);
  expect(waiting).toEqual({ event: 'waiting', data: { runId: reply.headers.get('x-run-id'), statusUrl: reply.headers.get('location') } });
  expect((await server.send('GET', String(waiting?.data.statusUrl))).json).toMatchObject({ status: 'waiting' });
  const slow = await publishedWorkflow(server, modelGraph(), { ...STREAM, deadlineMs: 200 });
  expect(await readEvents(await post(slow.url))).toMatchObject([{ event: 'waiting' }]);
});

test('a wait that ends before the deadline is held, and a longer one is not', async () => {
  await using server = await startTestServer();
  const short = await publishedWorkflow(server, delayed(0.3), STREAM);
  expect(await readEvents(await post(short.url))).toMatchObject([{ event: 'done', data: { status: 200, value: 'after the wait' } }]);
  const long = await publishedWorkflow(server, delayed(60), STREAM);
  expect(await readEvents(await post(long.url))).toMatchObject([{ event: 'waiting' }]);
});

test('a caller who disconnects cancels nothing', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '1500' } });
  const { url } = await publishedWorkflow(server, modelGraph(), STREAM);
  const leaving = new AbortController();
  const reply = await post(url, undefined, leaving.signal);
  const runId = reply.headers.get('x-run-id') ?? '';
  await until('the run to continue', async () => (await server.call(getRun, { params: { id: runId } })).status === 'running');
  leaving.abort();
  expect((await ended(server, runId)).status).toBe('succeeded');
});

test('a caller chooses the stream with ?mode=stream if allowed, and rejected requests never start it', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph('{{ trigger.query }}'));
  expect(await readEvents(await post(`${url}?mode=stream&lang=de`))).toMatchObject([{ event: 'done', data: { value: { lang: 'de' } } }]);
  const refused = await post(`${url}?mode=stream`, { wrong: true });
  expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ code: 'bad-input' })]);
  await server.call(updateWebhook, { params: { id }, body: { callerMayChoose: false } });
  expect(await (await post(`${url}?mode=stream`)).json()).toEqual({ mode: 'stream' });
  expect((await server.call(listRuns, {})).items).toHaveLength(2);
});

test('events arrive as they happen, not all at the end', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '1500' } });
  const { url } = await publishedWorkflow(server, modelGraph(), STREAM);
  const reply = await post(url);
  const runId = reply.headers.get('x-run-id') ?? '';
  let seen = '';
  let wasRunning = false;
  for await (const chunk of reply.body ?? []) {
    seen += Buffer.from(chunk).toString('utf8');
    if (eventsIn(seen).length === 1) wasRunning ||= (await server.call(getRun, { params: { id: runId } })).status === 'running';
  }
  expect(wasRunning).toBe(true);
  expect(eventsIn(seen).at(-1)?.event).toBe('done');
});
