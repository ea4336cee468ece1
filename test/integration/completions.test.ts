import { signatureFault, signingKey } from '@switchyard/server/services/webhooks/signatures.ts';
import { DEFAULT_WORKSPACE } from '@switchyard/server/store/collections.ts';
import { completions } from '@switchyard/server/store/triggers/completion-collection.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { type Completion, listCompletions, makeCompletionSecret, resendCompletion } from '@switchyard/shared/contracts/triggers/completions.ts';
import { signatureSettingsSchema, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { expect, test } from 'vitest';
import { type ReceivedAlert, startAlertReceiver } from '../kit/alert-receiver.ts';
import type { TestApi } from '../kit/api.ts';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const env = { EGRESS_ALLOW: '127.0.0.1' };
const MESSAGE = { message: 'Where is my order?' };

const completionsOf = async (api: TestApi, id: string): Promise<Completion[]> => (await api.call(listCompletions, { params: { id } })).items;
const settled = (api: TestApi, id: string, status: Completion['status']) =>
  until(`a completion that is ${status}`, async () => (await completionsOf(api, id)).find((one) => one.status === status));

function expectSigned({ headers, raw }: ReceivedAlert, secret: string): void {
  const key = signingKey('standard', secret);
  const settings = signatureSettingsSchema.parse({ scheme: 'standard' });
  expect(signatureFault(settings, key ? [{ key, validUntil: null }] : [], { headers, raw: Buffer.from(raw), now: Date.now() })).toBeUndefined();
}

test('the end of a run that was accepted is sent to the URL of the settings, signed, with its output', async () => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env });
  const { id, url } = await publishedWorkflow(server, echoGraph(), { mode: 'accepted', completion: { url: receiver.url, fromRequest: false } });
  const { secret } = await server.call(makeCompletionSecret, { params: { id } });
  const { runId, statusUrl } = (await server.send('POST', url, { body: MESSAGE })).json as { runId: string; statusUrl: string };
  const completion = await settled(server, id, 'delivered');
  expect(completion).toMatchObject({ runId, url: receiver.url, attempts: 1, dueAt: null, last: { status: 200, error: null } });
  const [first, ...others] = receiver.received;
  expect(others).toEqual([]);
  expect(first?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': runId });
  expect(first?.json).toEqual({
    type: 'run.ended',
    timestamp: expect.any(String),
    data: { runId, workflowId: id, status: 'succeeded', output: MESSAGE, error: null, statusUrl },
  });
  if (first) expectSigned(first, secret);
  // Only in mode “accepted”, and an invalid request leaves nothing behind.
  expect((await server.send('POST', `${url}?mode=finished`, { body: MESSAGE })).status).toBe(200);
  expect((await server.send('POST', url, { body: { wrong: true } })).status).toBe(400);
  expect(await completionsOf(server, id)).toHaveLength(1);
});

test('a failed call is tried again, listed, and sent again on request', async () => {
  await using receiver = await startAlertReceiver();
  receiver.answer(500);
  await using server = await startTestServer({ env });
  const { id, url } = await publishedWorkflow(server, echoGraph(), { mode: 'accepted', completion: { url: receiver.url, fromRequest: false } });
  const { runId } = (await server.send('POST', url, { body: MESSAGE })).json as { runId: string };
  const failing = await until('the first attempt', async () => (await completionsOf(server, id)).find(({ last }) => last !== null));
  expect(failing).toMatchObject({ status: 'sending', attempts: 1, last: { status: 500, error: 'The URL returned 500.' }, dueAt: expect.any(String) });
  receiver.answer(200);
  await server.call(resendCompletion, { params: { id, runId } });
  await settled(server, id, 'delivered');
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([runId]));
  receiver.answer(410);
  await server.call(resendCompletion, { params: { id, runId } });
  expect(await settled(server, id, 'failed')).toMatchObject({ last: { status: 410 } });
  expect(await server.refused(resendCompletion, { params: { id, runId: 'run_none' } })).toMatchObject({ code: 'not-found' });
});

test('a caller may name the URL if the settings allow it, and a private address is not called', async () => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env });
  const { id, url } = await publishedWorkflow(server, echoGraph());
  const call = (target: string, mode = 'accepted') =>
    server.send('POST', `${url}?mode=${mode}`, { body: MESSAGE, headers: { 'content-type': 'application/json', 'x-callback-url': target } });
  expect((await call(receiver.url)).status).toBe(202);
  expect(await completionsOf(server, id)).toEqual([]);
  await server.call(updateWebhook, { params: { id }, body: { completion: { url: null, fromRequest: true } } });
  expect((await call(receiver.url)).status).toBe(202);
  await settled(server, id, 'delivered');
  for (const target of ['ftp://example.com', 'https://name:password@example.com', 'nothing'])
    expect(await call(target)).toMatchObject({ status: 400, json: { code: 'bad-request' } });
  expect(await call(receiver.url, 'finished')).toMatchObject({ status: 400, json: { detail: expect.stringContaining('mode=accepted') } });
  expect((await call('http://10.1.2.3/')).status).toBe(202);
  const refused = await until('the attempt', async () =>
    (await completionsOf(server, id)).find(({ url: to, last }) => to.includes('10.1.2.3') && last !== null),
  );
  expect(refused.last?.error).toContain('private address');
});

test('a run that ends after a restart is still announced, and so is one whose attempt was cut off', async () => {
  await using receiver = await startAlertReceiver();
  await using folder = await temporaryDir();
  const ids = { workflow: '', run: '', cut: '' };
  {
    await using server = await startTestServer({ env, dataDir: folder.path });
    const { id, url } = await publishedWorkflow(server, reviewGraph(), { mode: 'accepted', completion: { url: receiver.url, fromRequest: false } });
    ids.workflow = id;
    for (const which of ['run', 'cut'] as const) ids[which] = ((await server.send('POST', url, { body: MESSAGE })).json as { runId: string }).runId;
    const task = await openTask(server, ids.cut);
    await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
    await settled(server, id, 'delivered');
  }
  const store = await openStoreOf(folder.path);
  await store.in(DEFAULT_WORKSPACE).update(completions, ids.cut, { status: 'sending', dueAt: new Date().toISOString() });
  await store.close();
  await using server = await startTestServer({ env, dataDir: folder.path });
  const task = await openTask(server, ids.run);
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
  await until('both', async () => (await completionsOf(server, ids.workflow)).every(({ status }) => status === 'delivered'));
  expect(receiver.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual([ids.cut, ids.cut, ids.run].sort());
});

test('with logging “metadata”, the output is sent once and stored nowhere', async () => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env });
  const { id, url } = await publishedWorkflow(server, echoGraph(), { mode: 'accepted', completion: { url: receiver.url, fromRequest: false } });
  await server.call(putPolicies, { params: { id }, body: { logging: 'metadata' } });
  await server.send('POST', url, { body: MESSAGE });
  await settled(server, id, 'delivered');
  expect(receiver.received[0]?.json.data).toMatchObject({ output: MESSAGE });
  expect(JSON.stringify(await completionsOf(server, id))).not.toContain(MESSAGE.message);
});
