import { gzipSync } from 'node:zlib';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { getWebhook, makeWebhookSecret, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { echoGraph, edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const ORIGIN = 'https://app.example.com';
const anyInput = () => graphOf([node('input', 'start', { schema: {} }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);
const runCount = async (workflowId: string) => (await server.call(listRuns, { query: { workflowId } })).items.length;

test('a page on an allowed origin may call: the preflight succeeds, and the header is on every response', async () => {
  const { id, url } = await publishedWorkflow(server, echoGraph(), { allowedOrigins: [ORIGIN], mode: 'accepted' });
  const preflight = { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type, x-tenant' };
  const asked = await server.send('OPTIONS', url, { headers: preflight });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
  expect(asked.headers.get('access-control-allow-headers')).toBe('content-type, x-tenant');
  expect(await runCount(id)).toBe(0);

  const headers = { origin: ORIGIN, 'content-type': 'application/json' };
  const accepted = await server.send('POST', url, { body: { message: 'hi' }, headers });
  const refused = await server.send('POST', url, { body: '{"broken', headers });
  const { statusUrl } = accepted.json as { statusUrl: string };
  const status = await server.send('GET', statusUrl, { headers });
  expect([accepted.status, refused.status, status.status]).toEqual([202, 400, 200]);
  for (const reply of [accepted, refused, status]) {
    expect(reply.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(reply.headers.get('vary')).toContain('origin');
    expect(reply.headers.get('access-control-expose-headers')).toContain('x-run-id');
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
    expect(reply.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  }

  const other = await server.send('OPTIONS', url, { headers: { ...preflight, origin: 'https://evil.example' } });
  expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([204, null]);
  await server.call(updateWebhook, { params: { id }, body: { allowedOrigins: ['*'] } });
  expect((await server.send('POST', url, { body: { message: 'hi' }, headers })).headers.get('access-control-allow-origin')).toBe('*');
  for (const wrong of ['app.example.com', 'https://app.example.com/', 'ftp://a', 'https://*.example.com/x', 'null']) {
    expect(await server.refused(updateWebhook, { params: { id }, body: { allowedOrigins: [wrong] } }), wrong).toMatchObject({ code: 'bad-request' });
  }
});

test('without allowed origins OPTIONS only names the methods', async () => {
  const { url } = await publishedWorkflow(server, echoGraph(), { methods: ['GET'] });
  const reply = await server.send('OPTIONS', url, { headers: { origin: ORIGIN, 'access-control-request-method': 'POST' } });
  expect([reply.status, reply.headers.get('allow'), reply.headers.get('access-control-allow-origin')]).toEqual([204, 'POST, GET, HEAD, OPTIONS', null]);
});

test('HEAD is answered like GET and starts no run', async () => {
  const on = await publishedWorkflow(server, anyInput(), { methods: ['GET'] });
  const off = await publishedWorkflow(server, anyInput());
  const [yes, no] = [await server.send('HEAD', on.url), await server.send('HEAD', off.url)];
  expect([yes.status, yes.text, no.status, no.headers.get('allow')]).toEqual([200, '', 405, 'POST, OPTIONS']);
  expect(await runCount(on.id)).toBe(0);
});

test('a compressed body is read, and its size after decompression counts', async () => {
  const { url } = await publishedWorkflow(server, anyInput(), { maxBodyBytes: 100_000 });
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const reply = await server.send('POST', url, { body: gzipSync('{"message": "small"}'), headers });
  expect(reply.json).toEqual({ message: 'small' });
  const bomb = await server.send('POST', url, { body: gzipSync(JSON.stringify('x'.repeat(5_000_000))), headers });
  expect(bomb.json).toMatchObject({ status: 413, code: 'too-large' });
});

test('Slack’s handshake returns its challenge as harmless text, and starts no run', async () => {
  const { id, url } = await publishedWorkflow(server, anyInput(), { challenge: 'slack' });
  const body = { type: 'url_verification', token: 'x', challenge: '<script>3eZbrw1aB</script>' };
  const reply = await server.send('POST', url, { body });
  expect([reply.status, reply.text, reply.headers.get('content-type')]).toEqual([200, body.challenge, 'text/plain; charset=utf-8']);
  expect([reply.headers.get('content-security-policy'), reply.headers.get('x-content-type-options')]).toEqual(["default-src 'none'; sandbox", 'nosniff']);
  expect(await runCount(id)).toBe(0);
  await server.call(makeWebhookSecret, { params: { id }, body: { secret: 'slack signing secret' } });
  await server.call(updateWebhook, { params: { id }, body: { signature: { scheme: 'slack' } } });
  expect((await server.send('POST', url, { body })).json).toMatchObject({ status: 401, code: 'bad-signature' });
});

test('Meta’s handshake succeeds if its token matches', async () => {
  const { id, url } = await publishedWorkflow(server, anyInput(), { challenge: 'meta', verifyToken: 'agreed' });
  const ask = (token: string, challenge = '1158201444') => server.send('GET', `${url}?hub.mode=subscribe&hub.challenge=${challenge}&hub.verify_token=${token}`);
  expect(await ask('agreed')).toMatchObject({ status: 200, text: '1158201444' });
  expect((await ask('other')).json).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await server.send('GET', url)).status).toBe(405);
  expect(await runCount(id)).toBe(0);
});

test('the header that deduplicates requests can be chosen', async () => {
  const { url } = await publishedWorkflow(server, anyInput(), { idempotencyHeader: 'X-GitHub-Delivery' });
  const send = async (headers: Record<string, string>) =>
    (await server.send('POST', url, { body: { a: 1 }, headers: { 'content-type': 'application/json', ...headers } })).headers.get('x-run-id');
  const first = await send({ 'x-github-delivery': 'd1' });
  expect(await send({ 'x-github-delivery': 'd1' })).toBe(first);
  expect(await send({ 'x-github-delivery': 'd2' })).not.toBe(first);
  expect(await send({ 'idempotency-key': 'd1' })).not.toBe(await send({ 'idempotency-key': 'd1' }));
});

test('a short secret is accepted with a warning, and a custom scheme must sign its body', async () => {
  const { id } = await publishedWorkflow(server, anyInput());
  expect((await server.call(makeWebhookSecret, { params: { id }, body: { secret: 'short' } })).warning).toContain('16 characters');
  expect((await server.call(makeWebhookSecret, { params: { id }, body: { secret: 'a secret that is long enough' } })).warning).toBeUndefined();
  const set = (signature: object) => server.refused(updateWebhook, { params: { id }, body: { signature: { scheme: 'hmac', ...signature } } });
  expect(await set({ content: 'nothing' })).toMatchObject({ errors: [{ path: 'signature.content' }] });
  expect(await set({ content: '{timestamp}{body}' })).toMatchObject({ errors: [{ path: 'signature.timestampHeader' }] });
  expect(await set({ timestampHeader: 'x-time' })).toMatchObject({ errors: [{ path: 'signature.timestampHeader' }] });
  expect(await server.call(getWebhook, { params: { id } })).toMatchObject({ allowedOrigins: [], idempotencyHeader: null, challenge: 'none', verifyToken: '' });
});
