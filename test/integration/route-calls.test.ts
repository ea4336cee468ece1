import { listRouteCalls } from '@switchyard/shared/contracts/calls/route-calls.ts';
import { createConnection } from '@switchyard/shared/contracts/models.ts';
import { setPrice } from '@switchyard/shared/contracts/money.ts';
import { createRoute, type RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readEvents } from '../kit/events.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

let server: TestServer;
let fake: FakeProvider;
let connectionId: string;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  const body = { name: 'Fake', kind: 'openai-compatible', baseUrl: fake.openAiUrl, secret: 'key-of-the-test' } as const;
  connectionId = (await server.call(createConnection, { body })).id;
  await server.call(setPrice, { params: { model: 'large' }, body: { input: 100, output: 1_000 } });
});
afterEach(() => fake.failAlways(undefined));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const target = (model: string, more: Partial<RouteTarget> = {}): RouteTarget => ({ connectionId, model, retries: 0, ...more });
const addRoute = (name: string, ...targets: RouteTarget[]) => server.call(createRoute, { body: { name, targets } });
const callsOf = async (name: string, query = {}) => (await server.call(listRouteCalls, { params: { name }, query })).items;
/** The ledger is written after the call. */
const whenCalls = (name: string, count: number) =>
  until(`${count} calls`, async () => {
    const items = await callsOf(name);
    return items.length >= count ? items : undefined;
  });

async function runWith(route: string) {
  const graph = graphOf(
    [messageInput(), node('prompt', 'ask', { route, message: '{{ input.message }}' }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
  const { id } = await server.call(createWorkflow, { body: { name: `Uses ${route}`, graph } });
  await server.call(publishWorkflow, { params: { id } });
  return { workflowId: id, run: await server.call(startRun, { params: { id }, body: { input: { message: 'Hi' }, version: 'live', wait: 20_000 } }) };
}

async function tried(name: string, body: object) {
  const reply = await fetch(`${server.base}/api/routes/${name}/try`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (reply.headers.get('content-type')?.startsWith('text/event-stream')) return { status: reply.status, events: await readEvents(reply) };
  return { status: reply.status, events: [], problem: (await reply.json()) as { code: string } };
}

describe('the calls of a route', () => {
  test('have their step, target, outcome, and what they cost, and can be filtered', async () => {
    await addRoute('listed', target('large'), target('small/vendor'));
    const { workflowId, run } = await runWith('listed');
    await whenCalls('listed', 1);
    fake.failNext({ kind: 'status', status: 400 });
    await runWith('listed');
    await whenCalls('listed', 2);
    fake.failAlways({ kind: 'status', status: 400 });
    await runWith('listed');
    const [failed, fallback, first] = await whenCalls('listed', 3);
    expect(first).toMatchObject({
      runId: run.id,
      stepId: 'ask#1',
      nodeKey: 'ask',
      workflow: { id: workflowId, name: 'Uses listed' },
      source: 'run',
      routeVersion: 1,
      connectionId,
      model: 'large',
      outcome: 'first',
      fallbackReason: null,
      error: null,
      attempts: 1,
      latencyMs: expect.any(Number),
      costMicros: run.costMicros,
    });
    expect(fallback).toMatchObject({ model: 'small/vendor', outcome: 'fallback', fallbackReason: 'provider-refused', error: null, attempts: 2 });
    expect(failed).toMatchObject({ model: 'small/vendor', outcome: 'failed', error: 'provider-refused', attempts: 2 });
    const idsOf = async (query: object) => (await callsOf('listed', query)).map(({ id }) => id);
    expect(await idsOf({ outcome: 'fallback' })).toEqual([fallback?.id]);
    expect(await idsOf({ target: `${connectionId}/small/vendor` })).toEqual([failed?.id, fallback?.id]);
    expect(await idsOf({ target: `${connectionId}/large`, outcome: 'failed' })).toEqual([]);
    const page = await server.call(listRouteCalls, { params: { name: 'listed' }, query: { limit: 2 } });
    const rest = await server.call(listRouteCalls, { params: { name: 'listed' }, query: { limit: 2, cursor: page.nextCursor ?? '' } });
    expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual([failed?.id, fallback?.id, first?.id]);
    expect(await server.refused(listRouteCalls, { params: { name: 'nowhere' } })).toMatchObject({ code: 'not-found' });
  });
});

describe('a test message', () => {
  test('is streamed through the route, with the target that served it, and listed among its calls', async () => {
    await addRoute('tried', target('large'), target('small'));
    fake.failNext({ kind: 'status', status: 400 });
    const { events } = await tried('tried', { message: 'Hello there', system: 'Be brief.' });
    const text = events.filter(({ event }) => event === 'delta').map(({ data }) => data.text);
    expect(text.join('')).toBe('You said: Hello there');
    const done = events.at(-1);
    expect(done).toMatchObject({
      event: 'done',
      data: { text: 'You said: Hello there', route: 'tried', routeVersion: 1, connection: 'Fake', model: 'small', demo: false, cached: false },
    });
    expect(done?.data.attempts).toMatchObject([
      { model: 'large', error: { code: 'provider-refused' } },
      { connection: 'Fake', model: 'small' },
    ]);
    expect(fake.calls.at(-1)?.messages.map(({ role, text: sent }) => [role, sent])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'Hello there'],
    ]);
    expect((await whenCalls('tried', 1))[0]).toMatchObject({ source: 'playground', runId: null, stepId: null, workflow: null, outcome: 'fallback' });
  });

  test('meets the conditions of targets with its labels', async () => {
    await addRoute('labeled', target('large', { when: 'labels.tier == "pro"' }), target('small'));
    const modelWith = async (labels: object) => (await tried('labeled', { message: 'Hi', labels })).events.at(-1)?.data.model;
    expect(await modelWith({ tier: 'pro' })).toBe('large');
    expect(await modelWith({})).toBe('small');
  });

  test('fails with the details of the provider, and is refused if the route doesn’t exist or the message is empty', async () => {
    await addRoute('broken', target('large'));
    fake.failAlways({ kind: 'status', status: 400, message: 'No such deployment' });
    expect(await tried('broken', { message: 'Hi' })).toMatchObject({
      status: 422,
      problem: { code: 'provider-refused', detail: expect.stringContaining('No such deployment') },
    });
    expect(await tried('nowhere', { message: 'Hi' })).toMatchObject({ status: 404 });
    expect(await tried('broken', { message: '' })).toMatchObject({ status: 400 });
  });
});
