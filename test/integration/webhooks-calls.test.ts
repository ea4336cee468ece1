import { getRun, listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { getWebhook, listDeliveries, resendDelivery, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { createWorkflow, pauseWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph, modelGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

const callsOf = async (server: Pick<TestServer, 'call'>, id: string, query = {}) => (await server.call(listDeliveries, { params: { id }, query })).items;
const ask = async (server: TestServer, query: Parameters<typeof server.call<typeof listRuns>>[1]['query']) =>
  (await server.call(listRuns, query ? { query } : {})).items;

test('each request is listed with its outcome, newest first', async () => {
  await using server = await startTestServer();
  const { id, url, testUrl } = await publishedWorkflow(server, echoGraph(), { maxBodyBytes: 1_000 });
  const send = (method: string, to: string, body?: unknown) => server.send(method, to, body === undefined ? {} : { body });
  await send('POST', url, { message: 'one' });
  await send('POST', testUrl, { message: 'two' });
  await send('POST', url, { wrong: true });
  await send('POST', url, '{"broken');
  await send('POST', url, { message: 'x'.repeat(2_000) });
  await send('GET', url);
  await server.call(pauseWorkflow, { params: { id }, body: {} });
  await send('POST', url, { message: 'three' });
  const calls = await callsOf(server, id);
  expect(calls.map(({ kind, method, status, code }) => `${kind} ${method} ${status} ${code}`).sort()).toEqual(
    [
      'live POST 200 null',
      'test POST 200 null',
      'live POST 400 bad-input',
      'live POST 400 bad-input',
      'live POST 413 too-large',
      'live GET 405 method-not-allowed',
      'live POST 503 paused',
    ].sort(),
  );
  expect(calls.map(({ at }) => at)).toEqual(
    calls
      .map(({ at }) => at)
      .sort()
      .reverse(),
  );
  const accepted = calls.filter(({ runId }) => runId !== null);
  expect(new Set(accepted.map(({ runId }) => runId))).toEqual(new Set((await ask(server, undefined)).map(({ id }) => id)));
  expect(accepted.every(({ bytes, durationMs }) => bytes > 10 && durationMs !== null)).toBe(true);
  // Their content is not stored here.
  expect(JSON.stringify(calls)).not.toContain('three');
});

test('the list is paged, and survives a restart', async () => {
  await using folder = await temporaryDir();
  await using server = await startTestServer({ dataDir: folder.path });
  const { id, url } = await publishedWorkflow(server, echoGraph());
  for (let number = 0; number < 7; number++) await server.send('POST', url, { body: number % 2 ? { message: 'fits' } : { wrong: 1 } });
  const whole = await callsOf(server, id);
  const pages: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page: { items: { id: string }[]; nextCursor: string | null } = await server.call(listDeliveries, {
      params: { id },
      query: { limit: 3, ...(cursor && { cursor }) },
    });
    pages.push(...page.items.map((call) => call.id));
    cursor = page.nextCursor;
  } while (cursor);
  expect(pages).toEqual(whole.map((call) => call.id));
  expect(pages).toHaveLength(7);
  await server.stop();
  await using again = await startTestServer({ dataDir: folder.path });
  expect(await callsOf(again, id)).toEqual(whole);
  expect(await again.refused(listDeliveries, { params: { id }, query: { cursor: 'nonsense' } })).toMatchObject({ code: 'bad-request' });
});

test('a crash removes no accepted request from the list', async () => {
  await using folder = await temporaryDir();
  const first = await startServerProcess({ dataDir: folder.path });
  const { id, url } = await publishedWorkflow(first, echoGraph(), { mode: 'accepted' });
  const runIds = new Set<string>();
  for (let number = 0; number < 20; number++) runIds.add((await first.send('POST', url, { body: { message: 'kept' } })).headers.get('x-run-id') ?? '');
  await first.kill();
  await using second = await startServerProcess({ dataDir: folder.path });
  expect(new Set((await callsOf(second, id)).map(({ runId }) => runId))).toEqual(runIds);
});

test('a pending request is listed without a status', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '1000' } });
  const { id, url } = await publishedWorkflow(server, modelGraph());
  const answering = server.send('POST', url, { body: { message: 'slow' } });
  const open = await until('the request to be listed', async () => (await callsOf(server, id))[0]);
  expect(open).toMatchObject({ status: null, durationMs: null, runId: expect.stringMatching(/^run_/) });
  expect((await answering).status).toBe(200);
  expect(await callsOf(server, id)).toMatchObject([{ status: 200, runId: open.runId }]);
});

test('at most the last 1,000 requests are kept', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph());
  for (let round = 0; round < 23; round++) await Promise.all(Array.from({ length: 50 }, () => server.send('POST', url, { body: { wrong: round } })));
  expect(await callsOf(server, id, { limit: 1000 })).toHaveLength(1_000);
});

test('resending starts a new run with the request’s content, on what its URL runs now', async () => {
  await using server = await startTestServer();
  const { id, url, testUrl } = await publishedWorkflow(server, echoGraph({ said: '{{ input.message }}', by: '{{ trigger.headers["x-from"] }}' }));
  const headers = { 'content-type': 'application/json', 'x-from': 'shop', 'idempotency-key': 'k1' };
  const first = await server.send('POST', `${url}?page=2`, { body: { message: 'again' }, headers });
  const [call] = await callsOf(server, id);
  const run = await server.call(resendDelivery, { params: { id, deliveryId: call?.id ?? '' } });
  expect(run.id).not.toBe(first.headers.get('x-run-id'));
  expect(await ended(server, run.id)).toMatchObject({ status: 'succeeded', trigger: 'webhook', version: 1, output: { said: 'again', by: 'shop' } });
  expect((await callsOf(server, id)).filter(({ resent }) => resent)).toMatchObject([{ runId: run.id, status: 202 }]);

  await server.send('POST', testUrl, { body: { message: 'draft' }, headers });
  await server.call(saveDraft, { params: { id }, body: { graph: echoGraph('the new draft'), revision: 1 } });
  const tested = (await callsOf(server, id)).find(({ kind }) => kind === 'test');
  const second = await server.call(resendDelivery, { params: { id, deliveryId: tested?.id ?? '' } });
  expect((await ended(server, second.id)).output).toBe('the new draft');
});

test('a rejected request, or one of another workflow, can’t be resent', async () => {
  await using server = await startTestServer();
  const one = await publishedWorkflow(server, echoGraph());
  const two = await publishedWorkflow(server, echoGraph());
  await server.send('POST', one.url, { body: { wrong: 1 } });
  await server.send('POST', two.url, { body: { message: 'theirs' } });
  const resend = (id: string, deliveryId: string) => server.refused(resendDelivery, { params: { id, deliveryId } });
  const [refused] = await callsOf(server, one.id);
  const [theirs] = await callsOf(server, two.id);
  expect(await resend(one.id, refused?.id ?? '')).toMatchObject({ code: 'not-found', detail: expect.stringContaining('rejected') });
  expect(await resend(one.id, theirs?.id ?? '')).toMatchObject({ code: 'not-found' });
  expect(await resend(one.id, theirs?.runId ?? '')).toMatchObject({ code: 'not-found' });
  const elsewhere = await server.call(startRun, { params: { id: one.id }, body: { input: { message: 'by hand' } } });
  expect(await resend(one.id, elsewhere.id)).toMatchObject({ code: 'not-found' });
  await server.call(pauseWorkflow, { params: { id: two.id }, body: {} });
  expect(await resend(two.id, theirs?.id ?? '')).toMatchObject({ code: 'paused' });
});

test('labels are read from the request, found by filter and search, and kept by reruns', async () => {
  await using server = await startTestServer();
  const labels = {
    tenant: '{{ trigger.headers["x-tenant"] }}',
    channel: '{{ trigger.query.channel }}',
    language: '{{ trigger.body.?language.orValue("en") }}',
    order_kind: '{{ trigger.body.message.startsWith("refund") ? "refund" : "other" }}',
  };
  const { id, url } = await publishedWorkflow(server, echoGraph('{{ run.labels }}'), { labels });
  expect((await server.call(getWebhook, { params: { id } })).labels).toEqual(labels);
  const headers = { 'content-type': 'application/json', 'x-tenant': 'Acme: North' };
  const acme = await server.send('POST', `${url}?channel=chat`, { body: { message: 'refund me' }, headers });
  expect(acme.json).toEqual({ tenant: 'Acme: North', channel: 'chat', language: 'en', order_kind: 'refund' });
  const other = await server.send('POST', url, { body: { message: 'hello', language: 'de' } });
  expect(other.json).toEqual({ language: 'de', order_kind: 'other' });
  const runId = acme.headers.get('x-run-id') ?? '';
  expect((await server.call(getRun, { params: { id: runId } })).labels).toEqual(acme.json);

  const found = async (query: NonNullable<Parameters<typeof ask>[1]>) => (await ask(server, query)).map((run) => run.id);
  expect(await found({ label: 'tenant:Acme: North' })).toEqual([runId]);
  expect(await found({ label: 'tenant:acme' })).toEqual([]);
  expect(await found({ search: 'acme: north' })).toEqual([runId]);
  expect(await found({ label: 'language:de' })).toEqual([other.headers.get('x-run-id')]);

  const call = (await callsOf(server, id)).find((listed) => listed.runId === runId);
  const again = await server.call(resendDelivery, { params: { id, deliveryId: call?.id ?? '' } });
  expect(again.labels).toEqual(acme.json);
});

test('invalid label templates are rejected when set, each with its path', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'New', graph: echoGraph() } });
  const set = (labels: Record<string, string>) => server.refused(updateWebhook, { params: { id }, body: { labels } });
  expect(await set({ tenant: '{{ trigger. }}' })).toMatchObject({ code: 'bad-request', errors: [{ path: 'labels.tenant' }] });
  expect(await set({ tenant: '{{ input.tenant }}' })).toMatchObject({ errors: [{ path: 'labels.tenant', message: expect.stringContaining('trigger') }] });
  expect(await set({ 'Not a name': 'x' })).toMatchObject({ code: 'bad-request' });
  expect(await set(Object.fromEntries(Array.from({ length: 13 }, (_, number) => [`l${number}`, 'x'])))).toMatchObject({ code: 'bad-request' });
});
