import { getRun, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { getWebhook, listenWebhook, rotateWebhook, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { createWorkflow, deleteWorkflow, pauseWorkflow, publishWorkflow, resumeWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph, edge, graphOf, messageInput, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const runsOf = async (server: TestServer) => (await server.call(listRuns, {})).items;

test('finished returns the Output node’s status, headers, and body, with the run’s ID', async () => {
  await using server = await startTestServer();
  const graph = echoGraph({ said: '{{ input.message }}' }, { status: '201', headers: [{ name: 'x-topic', value: 'greeting' }] });
  const { url } = await publishedWorkflow(server, graph);
  const reply = await server.send('POST', url, { body: { message: 'hi' } });
  expect(reply.status).toBe(201);
  expect(reply.json).toEqual({ said: 'hi' });
  expect(reply.headers.get('x-topic')).toBe('greeting');
  const run = await ended(server, reply.headers.get('x-run-id') ?? '');
  expect(run).toMatchObject({ status: 'succeeded', trigger: 'webhook', version: 1, input: { message: 'hi' }, output: { said: 'hi' } });
});

test.each([
  ['JSON', '{"message": "hi"}', JSON_TYPE, { message: 'hi' }],
  ['JSON under curl’s default content type', '{"message": "hi"}', FORM_TYPE, { message: 'hi' }],
  ['JSON with a suffix type', '{"message": "hi"}', { 'content-type': 'application/cloudevents+json' }, { message: 'hi' }],
  ['a form', 'message=hi+there&tag=a&tag=b', FORM_TYPE, { message: 'hi there', tag: ['a', 'b'] }],
])('a body as %s reaches the workflow', async (_what, body, headers, output) => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph());
  expect((await server.send('POST', url, { body, headers })).json).toEqual(output);
});

test('multipart fields and a text body reach the workflow, and text is returned as text', async () => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph());
  const form = new FormData();
  form.set('message', 'from a form');
  expect((await server.send('POST', url, { body: form })).json).toEqual({ message: 'from a form' });

  const anything = graphOf([node('input', 'start', { schema: {}, samples: [] }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);
  const text = await publishedWorkflow(server, anything);
  const reply = await server.send('POST', text.url, { body: 'plain words', headers: { 'content-type': 'text/plain' } });
  expect(reply.text).toBe('plain words');
  expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8');
});

test.each([
  ['broken JSON', '{"message": }', JSON_TYPE, 400, 'bad-json'],
  ['broken JSON under curl’s default content type', '{"message": ', FORM_TYPE, 400, 'bad-json'],
  ['an invalid body', '{"massage": "hi"}', JSON_TYPE, 400, 'bad-input'],
  ['an empty body', '', JSON_TYPE, 400, 'bad-input'],
  ['nesting too deep', `{"message": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`, JSON_TYPE, 400, 'bad-request'],
  ['a body over the limit', JSON.stringify({ message: 'x'.repeat(2_000) }), JSON_TYPE, 413, 'too-large'],
  ['an image', 'GIF89a', { 'content-type': 'image/gif' }, 415, 'unsupported-media-type'],
  ['a body in an unknown encoding', 'abc', { ...JSON_TYPE, 'content-encoding': 'zstd' }, 415, 'unsupported-media-type'],
  ['a body that is not gzip as claimed', 'abc', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 400, 'bad-request'],
  ['a body in an unknown charset', '{}', { 'content-type': 'application/json; charset=klingon' }, 415, 'unsupported-media-type'],
  ['a form with too many pairs', 'a&'.repeat(20_000), { 'content-type': 'application/x-www-form-urlencoded' }, 400, 'bad-request'],
  ['a multipart body without its boundary', 'abc', { 'content-type': 'multipart/form-data' }, 400, 'bad-request'],
])('%s is rejected and starts nothing', async (_what, body, headers, status, code) => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph(), { maxBodyBytes: code === 'too-large' ? 1_000 : 1_000_000 });
  const reply = await server.send('POST', url, { body, headers });
  expect(reply.json).toMatchObject({ status, code });
  expect(await runsOf(server)).toEqual([]);
  expect((await server.send('POST', url, { body: { message: 'still there' } })).status).toBe(200);
});

test('accepted returns 202 with a URL that tells how the run ended', async () => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph(), { mode: 'accepted' });
  const reply = await server.send('POST', url, { body: { message: 'later' } });
  expect(reply.status).toBe(202);
  const { runId, statusUrl } = reply.json as { runId: string; statusUrl: string };
  expect(reply.headers.get('x-run-id')).toBe(runId);
  const status = await until('the end of the run', async () => {
    const seen = (await server.send('GET', statusUrl)).json as { status: string };
    return seen.status === 'succeeded' && seen;
  });
  expect(status).toEqual({ runId, status: 'succeeded', output: { message: 'later' }, error: null });
  expect((await server.send('GET', new URL('/hooks/status/missing', server.base).href)).status).toBe(404);
});

test('callers choose the mode by header or query only if allowed', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph('{{ trigger.query }}'));
  const body = { message: 'hi' };
  expect((await server.send('POST', url, { body, headers: { prefer: 'wait=5, respond-async' } })).status).toBe(202);
  expect((await server.send('POST', `${url}?mode=accepted`, { body })).status).toBe(202);
  expect((await server.send('POST', `${url}?mode=finished&lang=de`, { body })).json).toEqual({ lang: 'de' });
  await server.call(updateWebhook, { params: { id }, body: { callerMayChoose: false } });
  expect((await server.send('POST', `${url}?mode=accepted`, { body })).json).toEqual({ mode: 'accepted' });
});

test('a run that waits for a person, or misses the deadline, returns 202 with its status URL', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '2000' } });
  const review = await publishedWorkflow(server, reviewGraph());
  const waiting = await server.send('POST', review.url, { body: { message: 'Refund me' } });
  expect(waiting.status).toBe(202);
  expect(waiting.json).toEqual({ runId: waiting.headers.get('x-run-id'), statusUrl: expect.stringContaining('/hooks/status/'), status: 'waiting' });

  const slow = await publishedWorkflow(server, modelGraph(), { deadlineMs: 200 });
  const late = await server.send('POST', slow.url, { body: { message: 'hi' } });
  expect(late.status).toBe(202);
  expect(late.json).toMatchObject({ status: 'waiting' });
});

test('null is 204, a failure output keeps its own reply, and a failed run is a problem with code and run ID', async () => {
  await using server = await startTestServer();
  const nothing = await publishedWorkflow(server, echoGraph('{{ null }}'));
  expect((await server.send('POST', nothing.url, { body: { message: 'hi' } })).status).toBe(204);

  const refusing = await publishedWorkflow(server, echoGraph({ sorry: true }, { status: '422', outcome: 'failure' }));
  const refused = await server.send('POST', refusing.url, { body: { message: 'hi' } });
  expect([refused.status, refused.json]).toEqual([422, { sorry: true }]);
  await until('the failed run', async () => (await server.call(getRun, { params: { id: refused.headers.get('x-run-id') ?? '' } })).status === 'failed');

  const graph = graphOf(
    [
      messageInput(),
      node('transform', 'shape', { fields: [{ name: 'x', value: 'input.missing' }] }),
      node('output', 'reply', { value: '{{ steps.shape.x }}' }),
    ],
    [edge('start', 'shape'), edge('shape', 'reply')],
  );
  const failing = await publishedWorkflow(server, graph);
  const failed = await server.send('POST', failing.url, { body: { message: 'hi' } });
  expect(failed.json).toMatchObject({
    status: 500,
    code: 'expression-failed',
    runId: failed.headers.get('x-run-id'),
    detail: 'Expression failed: “missing” is missing from the input',
  });
});

test('a request’s secrets and connection headers are not stored, and a reply can’t set ours', async () => {
  await using server = await startTestServer();
  const graph = echoGraph('<b>{{ trigger.headers }}</b>', {
    headers: [
      { name: 'Content-Type', value: 'text/html' },
      { name: 'Set-Cookie', value: 'session=stolen' },
      { name: 'X-Run-Id', value: 'forged' },
    ],
  });
  const { url } = await publishedWorkflow(server, graph);
  const reply = await server.send('POST', url, {
    body: { message: 'hi' },
    headers: { authorization: 'Bearer s3cret', cookie: 'a=s3cret', 'x-tenant': 'acme' },
  });
  expect(reply.text).toContain('acme');
  expect(reply.text).not.toContain('s3cret');
  expect(reply.headers.get('set-cookie')).toBeNull();
  expect(reply.headers.get('x-run-id')).toMatch(/^run_/);
  expect(reply.headers.get('content-security-policy')).toContain('sandbox');
  const run = await server.send('GET', `/api/runs/${reply.headers.get('x-run-id')}/events`);
  expect(run.text).not.toContain('s3cret');
});

test('an unknown, an unpublished, a paused, and a deleted workflow each say so', async () => {
  await using server = await startTestServer();
  const body = { message: 'hi' };
  expect((await server.send('POST', '/hooks/missing', { body })).json).toMatchObject({ status: 404, code: 'not-found' });
  const { id } = await server.call(createWorkflow, { body: { name: 'New', graph: echoGraph() } });
  const { url, testUrl } = await server.call(getWebhook, { params: { id } });
  expect((await server.send('POST', url, { body })).json).toMatchObject({ status: 404, code: 'not-published' });
  expect((await server.send('POST', testUrl, { body })).status).toBe(200);

  await server.call(publishWorkflow, { params: { id } });
  expect((await server.send('POST', url, { body })).status).toBe(200);
  await server.call(pauseWorkflow, { params: { id }, body: { reason: 'Holidays' } });
  const paused = await server.send('POST', url, { body });
  expect(paused.json).toMatchObject({ status: 503, code: 'paused', detail: expect.stringContaining('Holidays') });
  expect(Number(paused.headers.get('retry-after'))).toBeGreaterThan(0);
  await server.call(resumeWorkflow, { params: { id } });
  expect((await server.send('POST', url, { body })).status).toBe(200);
  await server.call(deleteWorkflow, { params: { id } });
  expect((await server.send('POST', url, { body })).status).toBe(404);
});

test('a request runs what is live now: publishing, rotating, and the method setting apply at once', async () => {
  await using server = await startTestServer();
  const { id, url, testUrl } = await publishedWorkflow(server, echoGraph('first'));
  const body = { message: 'hi' };
  expect((await server.send('POST', url, { body })).text).toBe('first');
  await server.call(saveDraft, { params: { id }, body: { graph: echoGraph('second'), revision: 1 } });
  expect((await server.send('POST', url, { body })).text).toBe('first');
  expect((await server.send('POST', testUrl, { body })).text).toBe('second');
  await server.call(publishWorkflow, { params: { id } });
  expect((await server.send('POST', url, { body })).text).toBe('second');

  const get = await server.send('GET', `${url}?message=hi`);
  expect(get.json).toMatchObject({ status: 405, code: 'method-not-allowed' });
  expect(get.headers.get('allow')).toBe('POST, OPTIONS');
  await server.call(updateWebhook, { params: { id }, body: { methods: ['GET'] } });
  expect((await server.send('GET', `${url}?message=hi`)).text).toBe('second');

  const rotated = await server.call(rotateWebhook, { params: { id } });
  expect((await server.send('POST', url, { body })).status).toBe(404);
  expect((await server.send('POST', testUrl, { body })).status).toBe(404);
  expect((await server.send('POST', rotated.url, { body })).text).toBe('second');
});

test('a listener gets the next test request, including rejected ones with the error', async () => {
  await using server = await startTestServer();
  const { id, testUrl } = await publishedWorkflow(server, echoGraph());
  const listen = () => server.call(listenWebhook, { params: { id }, body: { timeoutMs: 20_000 } });
  const captured = async (body: unknown) => {
    const listening = listen();
    let done = false;
    listening.finally(() => {
      done = true;
    });
    // The listener may not have arrived by the first request.
    await until('the request to be captured', async () => {
      await server.send('POST', `${testUrl}?from=curl`, { body });
      return done;
    });
    return (await listening).call;
  };
  const caught = await captured({ message: 'caught' });
  expect(caught).toMatchObject({
    method: 'POST',
    contentType: 'application/json',
    bytes: 20,
    body: { message: 'caught' },
    query: { from: 'curl' },
    runId: expect.stringMatching(/^run_/),
  });
  const wrong = await captured({ text: 'no message' });
  expect(wrong).toMatchObject({ body: { text: 'no message' }, errors: [{ path: 'message', message: 'is missing' }] });
  expect(wrong?.runId).toBeUndefined();
  expect(await server.call(listenWebhook, { params: { id }, body: { timeoutMs: 100 } })).toEqual({ call: null });
});
