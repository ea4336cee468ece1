import { getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { getUsage, listPrices, setPrice } from '@switchyard/shared/contracts/money.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { cancelRun } from '@switchyard/shared/contracts/runs.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { describe, expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { begin, ended, journalOf, readRun, runOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { everythingReadable } from '../kit/store.ts';
import { until } from '../kit/until.ts';

/* Every attempt of a model call is in the ledger, failed ones too (S60). */

const SCHEMA = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
const graph = graphOf(
  [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'fast', answer: 'json', schema: SCHEMA })],
  [edge('start', 'ask')],
);
const MAIL = 'jane.roe@example.com';

const recordOf = (run: Awaited<ReturnType<typeof runOf>>): ModelCallRecord | undefined => {
  const record = stepOf(run, 'ask').calls[0]?.record;
  return record?.kind === 'model' ? record : undefined;
};

describe.for(['openai-compatible', 'anthropic'] as const)('a provider that speaks like %s', (kind) => {
  test('reports cached input and reasoning, which are priced, shown, and part of the usage and its CSV', async () => {
    await using fake = await startFakeProvider({ answer: () => '{"title": "Good"}' });
    await using server = await startTestServer();
    await routeTo(server, 'fast', fakeTarget(fake, kind === 'anthropic' ? { kind, baseUrl: fake.url } : {}));
    await server.call(setPrice, { params: { model: 'fake-small' }, body: { input: 100, cachedInput: 10, output: 1_000 } });
    const reasoning = kind === 'anthropic' ? undefined : 2;
    fake.reportDetails({ cached: 5, reasoning: 2 });
    const run = await runOf(server, graph, 'Please write a good title for this text');
    const { inputTokens, outputTokens } = run.usage;
    expect(run.usage).toEqual({ inputTokens, outputTokens, cachedInputTokens: 5, ...(reasoning !== undefined && { reasoningTokens: 2 }) });
    expect(run.costMicros).toBe((inputTokens - 5) * 100 + 5 * 10 + outputTokens * 1_000);
    expect(recordOf(run)?.attempts).toMatchObject([{ usage: run.usage, costMicros: run.costMicros, firstTokenMs: expect.any(Number) }]);
    const usage = () => server.call(getUsage, { query: { by: 'model' } });
    const row = await until('the usage', async () => (await usage()).items[0]);
    expect(row).toMatchObject({ inputTokens, outputTokens, cachedInputTokens: 5, reasoningTokens: reasoning ?? 0 });
    const csv = (await server.send('GET', '/api/usage?by=model&format=csv')).text;
    expect(csv).toMatch(/,cachedInputTokens,reasoningTokens\r\n/);
    expect(csv).toMatch(new RegExp(`,5,${reasoning ?? 0}\\r\\n$`));
  });
});

test('input that Anthropic writes to its cache has its own price, in the cost, the record, and the list of prices', async () => {
  await using fake = await startFakeProvider({ answer: () => '{"title": "Good"}' });
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake, { kind: 'anthropic', baseUrl: fake.url }));
  fake.reportDetails({ cached: 2, written: 3, reasoning: 0 });
  const costs = [];
  for (const cacheWrite of [undefined, 500]) {
    const price = { input: 100, cachedInput: 10, output: 1_000, ...(cacheWrite !== undefined && { cacheWrite }) };
    await server.call(setPrice, { params: { model: 'fake-small' }, body: price });
    const run = await runOf(server, graph, 'Please write a good title for this text');
    expect(run.usage).toMatchObject({ cachedInputTokens: 2, cacheWriteTokens: 3 });
    expect(recordOf(run)?.price).toEqual(price);
    costs.push((run.costMicros ?? 0) - (run.usage.inputTokens - 5) * 100 - 2 * 10 - run.usage.outputTokens * 1_000);
  }
  expect(costs).toEqual([3 * 125, 3 * 500]);
  expect((await server.call(listPrices, {})).items[0]).toMatchObject({ model: 'fake-small', cacheWrite: 500 });
});

test('a failed call keeps what each attempt sent and received, and what it cost', async () => {
  await using fake = await startFakeProvider({ answer: () => 'No JSON at all' });
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  const run = await runOf(server, graph);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'bad-answer' } });
  const record = recordOf(run);
  expect(record).toMatchObject({
    model: 'fake-small',
    finishReason: 'error',
    attempts: [
      { error: { code: 'bad-answer' }, answer: 'No JSON at all', request: { model: 'fake-small' }, costMicros: null },
      { error: { code: 'bad-answer' }, answer: 'No JSON at all', request: { messages: [{}, {}] } },
    ],
  });
  expect(run.usage).toEqual(record?.usage);
  expect(run.usage.outputTokens).toBeGreaterThan(0);
  expect(await server.call(getBillOfMaterials, { params: { id: run.id } })).toMatchObject({ models: [] });
});

/** At a word every 20 ms, takes longer than any test. */
const ENDLESS = `Hello ${MAIL} ${'and so on '.repeat(2_000)}`;

test.for([
  ['is canceled', undefined, 'cancelled'],
  ['times out', 2_000, 'timeout'],
] as const)('a call whose step %s keeps its request, the answer until then, and its cost', async ([, timeoutMs, code]) => {
  await using fake = await startFakeProvider({ answer: () => ENDLESS });
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  await server.call(setPrice, { params: { model: 'fake-small' }, body: { input: 1, output: 100 } });
  const ask = node('prompt', 'ask', { message: '{{ input.message }}', route: 'fast' });
  const id = await workflowOf(server, graphOf([messageInput(), { ...ask, data: { ...ask.data, policy: { timeoutMs } } }], [edge('start', 'ask')]));
  await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  fake.failAlways({ kind: 'slow', delayMs: 20 });
  const called = fake.nextCall();
  const { id: runId } = await begin(server, id);
  await called;
  await until('some words', async () => fake.sentWords > 10);
  if (code === 'cancelled') await server.call(cancelRun, { params: { id: runId } });
  const run = await ended(server, runId);
  const record = recordOf(run);
  expect(record).toMatchObject({ finishReason: 'error', request: { messages: [{}] }, attempts: [{ error: { code } }] });
  expect(record?.attempts).toHaveLength(1);
  expect(record?.attempts[0]?.answer).toMatch(/^Hello \[email\]/);
  expect(run.usage).toEqual(record?.usage);
  expect(run.usage.outputTokens).toBeGreaterThan(0);
  expect(run.costMicros).toBe(record?.costMicros);
  expect(JSON.stringify(await journalOf(server, runId))).not.toContain(MAIL);
});

describe('values that a policy protects', () => {
  test('are redacted in the attempts of failed and repaired calls', async () => {
    await using fake = await startFakeProvider({ answer: () => `Write to ${MAIL}` });
    await using server = await startTestServer();
    await routeTo(server, 'fast', fakeTarget(fake));
    const id = await workflowOf(server, graph);
    await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
    const failed = await ended(server, (await begin(server, id)).id);
    expect(recordOf(failed)?.attempts[0]?.answer).toMatch(/^Write to \[/);
    let answers = 0;
    fake.answerWith(() => (answers++ === 0 ? `Write to ${MAIL}` : '{"title": "Good"}'));
    const repaired = await ended(server, (await begin(server, id)).id);
    expect(repaired.status).toBe('succeeded');
    expect(JSON.stringify([failed, repaired, await journalOf(server, failed.id), await journalOf(server, repaired.id)])).not.toContain(MAIL);
    expect(await everythingReadable(server.dataDir)).not.toContain(MAIL);
  });

  test('are removed with the payloads of a run, and figures stay', async () => {
    await using fake = await startFakeProvider({ answer: () => `Write to ${MAIL}` });
    await using server = await startTestServer();
    await routeTo(server, 'fast', fakeTarget(fake));
    const id = await workflowOf(server, graph);
    await server.call(putPolicies, { params: { id }, body: { logging: 'metadata' } });
    const { id: runId } = await begin(server, id);
    const run = await whenRun(server, runId, 'without payloads', ({ payloadsRemovedAt }) => typeof payloadsRemovedAt === 'string');
    expect(recordOf(await readRun(server, runId))?.attempts).toMatchObject([{ error: { code: 'bad-answer' }, usage: {} }, {}]);
    expect(JSON.stringify([run, await journalOf(server, runId)])).not.toContain(MAIL);
    expect(await everythingReadable(server.dataDir)).not.toContain(MAIL);
  });
});
