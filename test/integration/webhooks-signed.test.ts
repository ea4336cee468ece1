import { createHmac } from 'node:crypto';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { getWebhook, listDeliveries, makeWebhookSecret, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { type PublishedWorkflow, publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { everythingReadable } from '../kit/store.ts';

const BODY = '{"message": "signed",  "n": 1.0}';
const keyOf = (secret: string): Buffer => Buffer.from(secret.slice('whsec_'.length), 'base64');
const now = (): number => Math.floor(Date.now() / 1_000);

function signedBy(secret: string, body = BODY, { id = 'evt_1', at = now() } = {}): Record<string, string> {
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${at}.${body}`).digest('base64');
  return { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
}

const makeSecret = async (server: TestServer, id: string, body = {}): Promise<string> =>
  (await server.call(makeWebhookSecret, { params: { id }, body })).secret;

/** A workflow that requires signed requests, and the secret. */
async function signedWorkflow(server: TestServer): Promise<PublishedWorkflow & { readonly secret: string }> {
  const workflow = await publishedWorkflow(server, echoGraph());
  const secret = await makeSecret(server, workflow.id);
  await server.call(updateWebhook, { params: { id: workflow.id }, body: { signature: { scheme: 'standard' } } });
  return { ...workflow, secret };
}

test('requests with a Standard Webhooks signature run; any other is 401, starts nothing, and uses nothing up', async () => {
  await using server = await startTestServer();
  const { id, url, testUrl, secret } = await signedWorkflow(server);
  await server.call(updateWebhook, { params: { id }, body: { requestsPerMinute: 2 } });
  const other = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const forged: readonly [string, Record<string, string>][] = [
    [BODY, {}],
    [BODY, signedBy(other)],
    [`${BODY} `, signedBy(secret)],
    [JSON.stringify(JSON.parse(BODY)), signedBy(secret)],
    [BODY, signedBy(secret, BODY, { at: now() - 400 })],
    [BODY, signedBy(secret, BODY, { at: now() + 400 })],
    [BODY, { ...signedBy(secret), 'webhook-id': 'evt_2' }],
    ['{"broken', signedBy(other, '{"broken')],
  ];
  for (const [body, headers] of forged) {
    const reply = await server.send('POST', url, { body, headers });
    expect(reply.json, JSON.stringify(headers)).toMatchObject({ status: 401, code: 'bad-signature', detail: expect.stringContaining('No run was started') });
  }
  expect((await server.call(listRuns, {})).items).toEqual([]);
  // None of them used up the key or the rate.
  expect((await server.send('POST', url, { body: BODY, headers: signedBy(secret) })).json).toEqual({ message: 'signed', n: 1 });
  expect((await server.send('POST', testUrl, { body: BODY })).status).toBe(401);
  const names = { 'Content-Type': 'application/json', 'Webhook-Id': 'evt_9', 'WEBHOOK-TIMESTAMP': String(now()) };
  const signature = signedBy(secret, BODY, { id: 'evt_9' })['webhook-signature'] ?? '';
  const capitals = await server.send('POST', url, { body: BODY, headers: { ...names, 'Webhook-Signature': `v1,AAAA ${signature}` } });
  expect(capitals.status).toBe(200);
  expect((await server.send('POST', url, { body: BODY, headers: signedBy(secret, BODY, { id: 'evt_10' }) })).status).toBe(429);
});

test('a rotated secret stays valid until it is told to stop', async () => {
  await using server = await startTestServer();
  const { id, url, secret: first } = await signedWorkflow(server);
  const call = async (secret: string) => (await server.send('POST', url, { body: BODY, headers: signedBy(secret, BODY, { id: crypto.randomUUID() }) })).status;
  const second = await makeSecret(server, id, { keepOldMs: 60_000 });
  expect([await call(first), await call(second)]).toEqual([200, 200]);
  const third = await makeSecret(server, id, { keepOldMs: 0 });
  expect([await call(first), await call(second), await call(third)]).toEqual([401, 401, 200]);
  expect((await server.call(getWebhook, { params: { id } })).signature.secrets).toHaveLength(1);
});

test('plain HMAC works with the sender’s secret, under its own header', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph());
  const secret = 'made by the shop';
  await makeSecret(server, id, { secret });
  const signature = { scheme: 'hmac', header: 'X-Hub-Signature-256', prefix: 'sha256=' } as const;
  await server.call(updateWebhook, { params: { id }, body: { signature } });
  const hash = createHmac('sha256', secret).update(BODY).digest('hex');
  const send = async (headers: Record<string, string>, body = BODY) =>
    (await server.send('POST', url, { body, headers: { 'content-type': 'application/json', ...headers } })).status;
  expect(await send({ 'x-hub-signature-256': `sha256=${hash}` })).toBe(200);
  expect(await send({ 'x-hub-signature-256': `sha256=${hash}` }, '{"message":"other"}')).toBe(401);
  expect(await send({ 'x-hub-signature-256': hash })).toBe(401);
  expect(await send({})).toBe(401);
});

test('a GET has no body to sign, so it is rejected if signatures are required', async () => {
  await using server = await startTestServer();
  const { id, url, secret } = await signedWorkflow(server);
  await server.call(updateWebhook, { params: { id }, body: { methods: ['GET'] } });
  const reply = await server.send('GET', `${url}?message=hi`, { headers: signedBy(secret, '') });
  expect(reply.json).toMatchObject({ status: 401, code: 'bad-signature' });
});

test('a signature can’t be required before there is a secret for it', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, echoGraph());
  const ask = () => server.refused(updateWebhook, { params: { id }, body: { signature: { scheme: 'standard' } } });
  expect(await ask()).toMatchObject({ code: 'bad-request', errors: [{ path: 'signature.scheme' }] });
  await makeSecret(server, id, { secret: 'no base64 of any kind!' });
  expect(await ask()).toMatchObject({ code: 'bad-request' });
  expect(await server.refused(makeWebhookSecret, { params: { id }, body: { secret: 'whsec_AAAA not base64' } })).toMatchObject({ code: 'bad-request' });
});

test('a secret is returned once: neither settings, requests, nor the database contain it', async () => {
  await using server = await startTestServer();
  const { id, url, secret } = await signedWorkflow(server);
  await server.send('POST', url, { body: BODY, headers: signedBy(secret) });
  await server.send('POST', url, { body: BODY, headers: { 'webhook-signature': 'v1,x' } });
  const seen = JSON.stringify([await server.call(getWebhook, { params: { id } }), await server.call(listDeliveries, { params: { id } })]);
  expect(seen).not.toContain(secret.slice('whsec_'.length, 20));
  await server.stop();
  const kept = await everythingReadable(server.dataDir);
  expect(kept).toContain(id);
  expect(kept).not.toContain(secret.slice('whsec_'.length));
});

test('with another secret key, signed requests get 503 and start nothing until a secret is entered again', async () => {
  await using folder = await temporaryDir();
  const env = (digit: string) => ({ SWITCHYARD_SECRET_KEY: digit.repeat(64) });
  const first = await startTestServer({ dataDir: folder.path, env: env('a') });
  const { id, url, secret } = await signedWorkflow(first);
  const path = new URL(url).pathname;
  expect((await first.send('POST', path, { body: BODY, headers: signedBy(secret) })).status).toBe(200);
  await first.stop();
  await using second = await startTestServer({ dataDir: folder.path, env: env('b') });
  const again = () => second.send('POST', path, { body: BODY, headers: signedBy(secret, BODY, { id: crypto.randomUUID() }) });
  expect((await again()).json).toMatchObject({ status: 503, code: 'secret-unreadable' });
  expect((await second.call(listRuns, { query: { workflowId: id } })).items).toHaveLength(1);
  await second.call(makeWebhookSecret, { params: { id }, body: { secret } });
  expect((await again()).status).toBe(200);
});
