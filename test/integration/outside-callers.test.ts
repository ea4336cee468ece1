import { createKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { listConnections } from '@switchyard/shared/contracts/models.ts';
import { getReviewByLink, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { getRun } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/*
 * What callers outside the workspace learn when a run fails: the code and its title, nothing about what was called, and of values only what
 * their own input lacks.
 */

const PROVIDER_TEXT = 'Quota of project atlas-7 on cluster eu-3 is used up';

let server: TestServer;
let fake: FakeProvider;
/** Nothing of this may reach a caller. */
let secrets: readonly string[];
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  fake.failAlways({ kind: 'status', status: 400, message: PROVIDER_TEXT });
  await routeTo(server, 'outside', fakeTarget(fake));
  secrets = [PROVIDER_TEXT, 'atlas', new URL(fake.url).host, 'outside 1', 'fake-small'];
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const modelCall = () =>
  graphOf(
    [messageInput(), node('prompt', 'ask', { route: 'outside', message: '{{ input.message }}' }), node('output', 'reply', { value: 'never' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
const post = (url: string, body: unknown = { message: 'Hi' }) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

function expectNothingInside(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

test.each(['finished', 'stream'] as const)('a webhook with the response mode %s, and the status URL', async (mode) => {
  const { url } = await publishedWorkflow(server, modelCall(), { mode });
  const reply = await post(url);
  const text = await reply.text();
  expectNothingInside(text);
  expect(text).toContain('"detail":"The model provider rejected the request"');
  const runId = reply.headers.get('x-run-id') ?? '';
  const { statusUrl } = JSON.parse(text.slice(text.lastIndexOf('{"type"')).split('\n')[0] ?? '') as { statusUrl: string };
  const status = await (await fetch(statusUrl)).text();
  expectNothingInside(status);
  expect(JSON.parse(status)).toMatchObject({ status: 'failed', error: { code: 'provider-refused', message: 'The model provider rejected the request' } });
  // The workspace sees everything.
  expect((await server.call(getRun, { params: { id: runId } })).error?.message).toContain(PROVIDER_TEXT);
});

test('an HTTP call whose address is blocked, or whose URL is invalid', async () => {
  for (const [address, secret] of [
    ['http://169.254.169.254/internal-name', '169.254'],
    ['{{ "ftp:" }}//secret-host.example/x', 'secret-host'],
  ] as const) {
    const { url } = await publishedWorkflow(server, requestGraph(address), { mode: 'finished' });
    const reply = await post(url);
    const text = await reply.text();
    expect(reply.status, text).toBeGreaterThanOrEqual(500);
    expect(text).not.toContain(secret);
    const run = await ended(server, reply.headers.get('x-run-id') ?? '');
    expect(run.error?.message, address).toContain(secret);
  }
});

test('clients of /v1, of workflows and of routes, streamed and not', async () => {
  const { id } = await publishedWorkflow(server, modelCall());
  const { slug } = await server.call(getWorkflow, { params: { id } });
  const messages = [{ role: 'user', content: 'Hi' }];
  for (const model of [`workflow/${slug}`, 'route/outside']) {
    for (const stream of [false, true]) {
      const reply = await post(`${server.base}/v1/chat/completions`, { model, messages, stream });
      const text = await reply.text();
      expectNothingInside(text);
      expect(text, `${model} ${stream}`).toContain('The model provider rejected the request');
      const response = await (await post(`${server.base}/v1/responses`, { model, input: 'Hi', stream })).text();
      expectNothingInside(response);
      expect(response).toContain('The model provider rejected the request');
    }
  }
});

test('a reviewer with a link sees that a step failed, but not why', async () => {
  const work = node('prompt', 'ask', { route: 'outside', message: '{{ input.message }}' }, { policy: { onError: 'branch' } });
  const { nodes, edges } = reviewGraph();
  const graph = graphOf([...nodes, work], [...edges.filter(({ source }) => source !== 'start'), edge('start', 'ask'), edge('ask.error', 'check')]);
  const { url } = await publishedWorkflow(server, graph, { mode: 'accepted' });
  await post(url);
  await expect.poll(async () => (await server.call(listReviews, { query: {} })).items.length).toBe(1);
  const [review] = (await server.call(listReviews, { query: {} })).items;
  const token = review?.link?.split('/').at(-1) ?? '';
  const seen = await server.call(getReviewByLink, { params: { token } });
  expectNothingInside(JSON.stringify(seen.story));
  expect(seen.story.happened.map(({ detail }) => detail)).toContain('The model provider rejected the request');
});

test('clients of /v1 whose call is stopped on the connection behind the route', async () => {
  const { items } = await server.call(listConnections, {});
  const id = items.find(({ name }) => name === 'outside 1')?.id ?? '';
  await server.call(createKillSwitch, { body: { scope: { kind: 'connection', id }, mode: 'refuse', reason: 'atlas is down' } });
  const reply = await post(`${server.base}/v1/chat/completions`, { model: 'route/outside', messages: [{ role: 'user', content: 'Hi' }] });
  const text = await reply.text();
  expectNothingInside(text);
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'killed', message: 'Stopped by a kill switch' } });
});

test('a caller whose input lacks something, but nothing about other values', async () => {
  const prompt = (text: string) =>
    graphOf([node('input', 'start', { schema: {}, samples: [] }), node('output', 'reply', { value: text })], [edge('start', 'reply')]);
  for (const [template, detail] of [
    ['{{ input.customer.name }}', 'Expression failed: “customer.name” is missing from the input'],
    ['{{ [1][size(input.customer) + 7] }}', 'Expression failed'],
  ] as const) {
    const { url } = await publishedWorkflow(server, prompt(template), { mode: 'finished' });
    const reply = await post(url, { customer: {} });
    expect(await reply.json()).toMatchObject({ code: 'expression-failed', detail });
  }
});
