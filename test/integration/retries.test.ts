import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Policy } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { begin, runOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

/* What a retry must do: call the server again, and wait as long as it was told to (S11, S12). */

const policy: Policy = { retry: { max: 2, backoffMs: 1, factor: 1, jitter: 0 } };
const env = { EGRESS_ALLOW: '127.0.0.1' };

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

/** Returns these answers in turn, the last one from then on, and keeps the paths of the requests. */
async function startAnswering(...answers: readonly Answer[]) {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { status, body, headers } = answers[Math.min(paths.push(request.url), answers.length) - 1] ?? { status: 500, body: '' };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    paths,
    requests: () => paths.length,
    [Symbol.asyncDispose]: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

test('a response with an unexpected status, or one that can’t be parsed, is requested again', async () => {
  await using other = await startAnswering({ status: 500, body: '{}' }, { status: 200, body: '<html>' }, { status: 200, body: '{"ok":true}' });
  await using server = await startTestServer({ env });
  const run = await runOf(server, requestGraph(other.url, 'GET', policy));
  expect(run).toMatchObject({ status: 'succeeded', output: { ok: true } });
  const step = stepOf(run, 'fetch');
  expect(step.attempts.map(({ error }) => error?.code)).toEqual(['unexpected-status', 'bad-response', undefined]);
  expect(other.requests()).toBe(3);
});

test('a UUID stays the same when a step is repeated, and differs in the next run', async () => {
  await using other = await startAnswering({ status: 500, body: '{}' }, { status: 200, body: '{"ok":true}' });
  await using server = await startTestServer({ env });
  for (let times = 0; times < 2; times++) await runOf(server, requestGraph(`${other.url}{{ uuid("a") }}`, 'GET', policy));
  const [first, second, third] = other.paths;
  expect(first).toMatch(/^\/[0-9a-f-]{36}$/);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('an unsafe request is sent again only after 429, which means that nothing was done', async () => {
  await using server = await startTestServer({ env });
  await using busy = await startAnswering({ status: 429, body: '{}' }, { status: 200, body: '{"ok":true}' });
  expect(await runOf(server, requestGraph(busy.url, 'POST', policy))).toMatchObject({ status: 'succeeded', output: { ok: true } });
  expect(busy.requests()).toBe(2);
  await using broken = await startAnswering({ status: 500, body: '{}' }, { status: 200, body: '{"ok":true}' });
  const failed = await runOf(server, requestGraph(broken.url, 'POST', policy));
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'unexpected-status' } });
  expect(stepOf(failed, 'fetch').calls).toMatchObject([{ status: 'failed', record: { status: 500 } }]);
  expect(broken.requests()).toBe(1);
});

test('an empty response of a model is requested again', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failNext({ kind: 'empty' });
  const draft = node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }, { policy });
  const run = await runOf(
    server,
    graphOf([messageInput(), draft, node('output', 'reply', { value: 'done' })], [edge('start', 'draft'), edge('draft', 'reply')]),
  );
  expect(run.status).toBe('succeeded');
  expect(stepOf(run, 'draft').attempts.map(({ error }) => error?.code)).toEqual(['empty-answer', undefined]);
  expect(fake.calls).toHaveLength(2);
});

test('a failed classification continues on the branch of its fallback label, and on no other', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failAlways({ kind: 'empty' });
  const labels = [{ name: 'Billing' }, { name: 'Technical' }];
  const continueWith = { label: 'Technical', confidence: 0, reason: 'The model is unavailable.' };
  const sort = node('classify', 'sort', { text: '{{ input.message }}', route: 'fast', labels }, { policy: { onError: 'continue-with', continueWith } });
  const ends = ['billing', 'technical', 'unsure'];
  const graph = graphOf(
    [messageInput(), sort, ...ends.map((key) => node('output', key, { value: key }))],
    [edge('start', 'sort'), ...ends.map((key) => edge(`sort.${key}`, key))],
  );
  const run = await runOf(server, graph);
  expect(run).toMatchObject({ status: 'succeeded', output: 'technical' });
  expect(stepOf(run, 'sort').recovered?.code).toBe('empty-answer');
  expect(ends.map((key) => stepOf(run, key).status)).toEqual(['skipped', 'succeeded', 'skipped']);
});

test('a fallback value that the step could not have returned is not used', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failAlways({ kind: 'empty' });
  const continueWith = { text: 5, model: 'none', demo: false, finishReason: 'stop' };
  const draft = node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }, { policy: { onError: 'continue-with', continueWith } });
  const graph = graphOf([messageInput(), draft, node('output', 'reply', { value: 'done' })], [edge('start', 'draft'), edge('draft', 'reply')]);
  expect(await runOf(server, graph)).toMatchObject({ status: 'failed', error: { code: 'empty-answer' } });
});

test('a disabled step evaluates nothing and passes its input through', async () => {
  await using server = await startTestServer();
  const off = node('prompt', 'draft', { message: '{{ input.nothing }}', route: 'fast' }, { disabled: true });
  const run = await runOf(
    server,
    graphOf([messageInput(), off, node('output', 'reply', { value: '{{ steps.draft.message }}' })], [edge('start', 'draft'), edge('draft', 'reply')]),
  );
  expect(run).toMatchObject({ status: 'succeeded', output: 'Hello' });
});

test('a Retry-After of a billion years is retried within a day', async () => {
  await using other = await startAnswering({ status: 429, body: '{}', headers: { 'retry-after': '99999999999999999' } });
  await using server = await startTestServer({ env });
  const { id } = await begin(server, await workflowOf(server, requestGraph(other.url, 'GET', policy)));
  const { wait } = stepOf(await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting'), 'fetch');
  expect(Date.parse(wait?.kind === 'retry' ? wait.dueAt : '') - Date.now()).toBeLessThanOrEqual(86_400_000);
});
