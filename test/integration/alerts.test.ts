import { signatureFault, signingKey } from '@switchyard/server/services/webhooks/signatures.ts';
import { alertCauses, alertSettings } from '@switchyard/server/store/alert-collections.ts';
import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { getAlert, makeAlertSecret, putAlert, testAlert } from '@switchyard/shared/contracts/alerts.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { signatureSettingsSchema } from '@switchyard/shared/contracts/webhooks.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type ReceivedAlert, startAlertReceiver } from '../kit/alert-receiver.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { startMailServer } from '../kit/mail-server.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { everythingReadable, openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const ALLOWED = { EGRESS_ALLOW: '127.0.0.1' };

/** Its step “Cut” fails for every message but a number. */
function failingGraph(): Graph {
  const cut = node('transform', 'cut', { fields: [{ name: 'number', value: 'int(input.message)' }] }, { title: 'Cut' });
  return graphOf([messageInput(), cut, node('output', 'reply', { value: '{{ steps.cut }}' })], [edge('start', 'cut'), edge('cut', 'reply')]);
}

/** Runs the live version with this message. The usual one fails. */
const runLive = async (server: TestServer, id: string, message = 'a secret order') =>
  ended(server, (await server.call(startRun, { params: { id }, body: { input: { message }, version: 'live' } })).id);

const toWebhook = (server: TestServer, id: string, url: string) =>
  server.call(putAlert, { params: { id }, body: { enabled: true, channel: { kind: 'webhook', url } } });

function signatureOf({ headers, raw }: ReceivedAlert, secret: string): string | undefined {
  const key = signingKey('standard', secret);
  const call = { headers, raw: Buffer.from(raw), now: Date.now() };
  return signatureFault(signatureSettingsSchema.parse({ scheme: 'standard' }), key ? [{ key, validUntil: null }] : [], call);
}

test('a webhook is told once when live runs fail for one cause, signed and without any value of the run', async () => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env: ALLOWED });
  const { id } = await publishedWorkflow(server, failingGraph());
  await toWebhook(server, id, receiver.url);
  const { secret } = await server.call(makeAlertSecret, { params: { id } });
  // Neither a failed draft run nor a successful live run sends a message.
  await ended(server, (await server.call(startRun, { params: { id }, body: { input: { message: 'x' } } })).id);
  await runLive(server, id, '12');
  const run = await runLive(server, id);
  expect(run).toMatchObject({ status: 'failed', error: { nodeKey: 'cut', code: 'expression-failed' } });
  const [first] = await until('the alert', () => receiver.received.length > 0 && receiver.received);
  expect(first?.json).toMatchObject({
    type: 'workflow.failed',
    data: {
      workflow: { id, name: 'A workflow', url: `${server.base}/workflows/${id}` },
      node: { key: 'cut', title: 'Cut' },
      error: { code: 'expression-failed', title: 'Expression failed' },
      count: 1,
      latestRun: { id: run.id, url: `${server.base}/runs/${run.id}` },
    },
  });
  if (!first) return;
  expect(signatureOf(first, secret)).toBeUndefined();
  expect(signatureOf(first, `whsec_${Buffer.alloc(32).toString('base64')}`)).toContain('doesn’t match');
  expect(first.headers['idempotency-key']).toBe(first.headers['webhook-id']);
  expect(first.raw).not.toContain('secret order');
  await until('the delivery', async () => (await server.call(getAlert, { params: { id } })).lastDelivery?.error === null);

  // The same cause waits for its hour.
  await runLive(server, id, 'y');
  const test = await server.call(testAlert, { params: { id } });
  expect(test.lastDelivery).toMatchObject({ kind: 'test', channel: 'webhook', error: null });
  expect(receiver.received.map(({ json }) => json.type)).toEqual(['workflow.failed', 'alert.test']);
});

test('an email is sent through the mail server of SMTP_URL', async () => {
  await using mail = await startMailServer();
  await using server = await startTestServer({ env: { SMTP_URL: mail.url, SMTP_FROM: 'Switchyard <alerts@flow.example.com>' } });
  const { id } = await publishedWorkflow(server, failingGraph());
  const to = 'ada@example.com';
  expect(await server.call(putAlert, { params: { id }, body: { enabled: true, channel: { kind: 'email', to } } })).toMatchObject({ canEmail: true });
  const run = await runLive(server, id);
  const [first] = await until('the email', () => mail.received.length > 0 && mail.received);
  expect(first?.to).toEqual([to]);
  const decoded = Buffer.from(
    (first?.text ?? '').replaceAll(/=\r\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();
  expect(decoded).toMatch(/From: Switchyard <alerts@flow\.example\.com>/);
  expect(decoded).toContain('Step: Cut');
  expect(decoded).toContain('Error: Expression failed (expression-failed)');
  expect(decoded).toContain(`${server.base}/runs/${run.id}`);
  expect(decoded).toMatch(/Message-ID: <alc_\w+_1@flow\.example\.com>/);
  expect(decoded).not.toContain('secret order');
});

test('the last delivery says why a message was not delivered', async () => {
  await using mail = await startMailServer();
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env: { ...ALLOWED, SMTP_URL: mail.url.replace('correct', 'wrong') } });
  const { id } = await publishedWorkflow(server, echoGraph());
  const outcome = async (channel: Parameters<typeof server.call<typeof putAlert>>[1]['body']['channel']) => {
    await server.call(putAlert, { params: { id }, body: { enabled: true, channel } });
    return (await server.call(testAlert, { params: { id } })).lastDelivery?.error;
  };
  expect(await outcome({ kind: 'email', to: 'ada@example.com' })).toContain('rejected the user name or password in SMTP_URL');
  receiver.answer(500);
  expect(await outcome({ kind: 'webhook', url: receiver.url })).toBe('The webhook returned 500.');
  receiver.answer(302);
  expect(await outcome({ kind: 'webhook', url: receiver.url })).toContain('redirects to /elsewhere. Enter the final URL.');
  expect(await outcome({ kind: 'webhook', url: 'http://10.1.2.3/alerts' })).toContain('EGRESS_ALLOW=10.1.2.3');
  expect(await outcome({ kind: 'webhook', url: receiver.url.replace(/:\d+/, ':1') })).toContain('port');
  expect(receiver.received).toHaveLength(2);
});

test('a rejected recipient is named', async () => {
  await using mail = await startMailServer();
  await using server = await startTestServer({ env: { SMTP_URL: mail.url } });
  const { id } = await publishedWorkflow(server, echoGraph());
  await server.call(putAlert, { params: { id }, body: { enabled: true, channel: { kind: 'email', to: 'unknown@example.com' } } });
  expect((await server.call(testAlert, { params: { id } })).lastDelivery?.error).toContain('No such mailbox');
});

test('settings are checked, recorded without secrets, and protected against a change made elsewhere', async () => {
  await using server = await startTestServer({ env: ALLOWED });
  const { id } = await publishedWorkflow(server, echoGraph());
  const put = (body: object) => server.send('PUT', `/api/workflows/${id}/alert`, { body });
  expect(await server.call(getAlert, { params: { id } })).toMatchObject({ enabled: false, channel: null, lastDelivery: null, canEmail: false, revision: 0 });
  expect((await put({ enabled: true, channel: null })).json).toMatchObject({ status: 400, errors: [{ path: 'channel' }] });
  expect((await put({ enabled: true, channel: { kind: 'email', to: 'ada@example.com' } })).json).toMatchObject({
    status: 400,
    detail: expect.stringContaining('SMTP_URL'),
  });
  for (const url of ['ftp://example.com', 'https://me:horse@example.com'])
    expect((await put({ enabled: true, channel: { kind: 'webhook', url } })).json).toMatchObject({ status: 400 });
  for (const call of [testAlert, makeAlertSecret]) expect(await server.refused(call, { params: { id } })).toMatchObject({ status: 400 });

  await server.call(putAlert, {
    params: { id },
    body: { enabled: true, channel: { kind: 'webhook', url: 'https://hooks.example.com/T0/secret-path' }, reason: 'On call' },
  });
  const { secret } = await server.call(makeAlertSecret, { params: { id } });
  const stale = { params: { id }, body: { enabled: false, channel: null, revision: 1 } } as const;
  expect(await server.refused(putAlert, stale)).toMatchObject({ code: 'revision-conflict' });
  const off = await server.call(putAlert, { params: { id }, body: { enabled: false, channel: null, revision: 2 } });
  expect(off).toMatchObject({ enabled: false, channel: null, revision: 3 });
  const { items } = await server.call(listChanges, { query: { subject: `alert:${id}` } });
  expect(items).toMatchObject([
    { action: 'update', after: { enabled: false, channel: null }, applied: true },
    { action: 'create-secret', applied: true },
    {
      action: 'create',
      before: null,
      after: { enabled: true, channel: { kind: 'webhook', url: 'https://hooks.example.com' } },
      reason: 'On call',
      applied: true,
    },
  ]);
  expect(JSON.stringify(items)).not.toMatch(/secret-path|whsec_/);
  await server.stop();
  expect(await everythingReadable(server.dataDir)).not.toContain(secret);
});

test('an undelivered message survives a restart, and is sent again under the same ID', async () => {
  await using folder = await temporaryDir();
  await using receiver = await startAlertReceiver();
  receiver.answer(503);
  await using before = await startTestServer({ env: ALLOWED, dataDir: folder.path });
  const { id } = await publishedWorkflow(before, failingGraph());
  await toWebhook(before, id, receiver.url);
  await runLive(before, id);
  await until('the first attempt', async () => (await before.call(getAlert, { params: { id } })).lastDelivery?.error === 'The webhook returned 503.');
  await before.stop();
  const store = await openStoreOf(folder.path);
  const here = store.in(DEFAULT_WORKSPACE);
  for (const cause of (await here.find(alertCauses)).items) await here.update(alertCauses, cause.id, { dueAt: new Date().toISOString() });
  await store.close();
  receiver.answer(200);
  await using after = await startTestServer({ env: ALLOWED, dataDir: folder.path });
  await until('the delivery', async () => (await after.call(getAlert, { params: { id } })).lastDelivery?.error === null);
  const [first, second] = receiver.received;
  expect(receiver.received).toHaveLength(2);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.json.data.count).toBe(1);
});

test('a run that failed just before a crash is told after the restart', async () => {
  await using folder = await temporaryDir();
  await using receiver = await startAlertReceiver();
  await using before = await startTestServer({ env: ALLOWED, dataDir: folder.path });
  const { id } = await publishedWorkflow(before, failingGraph());
  await before.call(putAlert, { params: { id }, body: { enabled: false, channel: { kind: 'webhook', url: receiver.url } } });
  const run = await runLive(before, id);
  await before.stop();
  const store = await openStoreOf(folder.path);
  // As if the process had ended before it counted the run.
  await store.in(DEFAULT_WORKSPACE).update(runs, run.id, { uncountedSince: run.endedAt });
  await store.in(DEFAULT_WORKSPACE).update(alertSettings, id, { enabled: true });
  await store.close();
  await using after = await startTestServer({ env: ALLOWED, dataDir: folder.path });
  await until('the alert', () => receiver.received.length > 0);
  expect(receiver.received[0]?.json.data).toMatchObject({ latestRun: { id: run.id, url: `${after.base}/runs/${run.id}` } });
});

test('failures at the same time make one message, and each is counted once', async () => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env: ALLOWED });
  const { id, url } = await publishedWorkflow(server, failingGraph(), { mode: 'finished' });
  await toWebhook(server, id, receiver.url);
  const post = () => server.send('POST', url, { body: { message: 'x' } });
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let call = 0; call < 10; call++) await post();
    }),
  );
  await until('the alert', () => receiver.received.length > 0);
  await server.stop();
  const store = await openStoreOf(server.dataDir);
  const here = store.in(DEFAULT_WORKSPACE);
  const uncounted = (await here.find(runs, { range: { field: 'uncountedSince', from: '' }, limit: 1_000 })).items.length;
  const { items } = await here.find(alertCauses);
  await store.close();
  expect(items).toHaveLength(1);
  expect((items[0]?.total ?? 0) + uncounted).toBe(200);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test.for(['redacted', 'metadata'] as const)('a run logged as %s is told by its node and error', async (logging) => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env: ALLOWED });
  const { id, url } = await publishedWorkflow(server, failingGraph(), { mode: 'finished' });
  await server.call(putPolicies, { params: { id }, body: { logging } });
  await toWebhook(server, id, receiver.url);
  expect((await server.send('POST', url, { body: { message: 'a secret order' } })).status).toBe(500);
  await until('the alert', () => receiver.received.length > 0);
  expect(receiver.received[0]?.json.data).toMatchObject({ node: { key: 'cut', title: 'Cut' }, error: { code: 'expression-failed' } });
  expect(receiver.received[0]?.raw).not.toContain('secret order');
});
