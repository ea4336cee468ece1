import type { ErrorCode } from '@switchyard/shared/errors.ts';
import type { Policy } from '@switchyard/shared/graph/graph.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { broken, type Fault, NONSENSE, overloaded, rateLimited } from '../kit/fake-provider/fault.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, type ModelServer, routeTo } from '../kit/model-route.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { begin, ended, runOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { startSilentServer } from '../kit/silent-server.ts';

/* Whatever fails outside, the run says what and where in plain words, and nothing is called more often than it should be. */

const FAULTS: readonly { readonly name: string; readonly fault: Fault; readonly code: ErrorCode; readonly words: RegExp; readonly calls: number }[] = [
  { name: 'a rate limit (429)', fault: rateLimited(0), code: 'provider-rate-limited', words: /127\.0\.0\.1:\d+” is rate limiting requests/, calls: 3 },
  { name: 'an overloaded provider (529)', fault: overloaded, code: 'provider-overloaded', words: /is overloaded/, calls: 3 },
  { name: 'a broken provider (500)', fault: broken, code: 'provider-unavailable', words: /failed with status 500/, calls: 3 },
  { name: 'a provider that hangs', fault: { kind: 'hang' }, code: 'provider-timeout', words: /timed out after 0\.4 s/, calls: 1 },
  { name: 'a stream that breaks off', fault: { kind: 'cut', afterWords: 2 }, code: 'provider-unavailable', words: /127\.0\.0\.1/, calls: 1 },
  { name: 'malformed JSON', fault: { kind: 'malformed' }, code: 'provider-unavailable', words: /127\.0\.0\.1/, calls: 3 },
  { name: 'an empty answer', fault: { kind: 'empty' }, code: 'empty-answer', words: /returned an empty response/, calls: 1 },
];

const PROTOCOLS = ['openai-compatible', 'anthropic'] as const;
const target = (fake: FakeProvider, kind: ModelServer['kind'], more: Partial<ModelServer> = {}): ModelServer =>
  fakeTarget(fake, { ...(kind === 'anthropic' && { kind, baseUrl: fake.url }), ...more });
/** A timeout for servers that never respond. Others get all the time a busy machine needs. */
const limitFor = (fault: Fault): Partial<ModelServer> => (fault.kind === 'hang' ? { timeoutMs: 400 } : {});

const SCHEMA = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false };

function promptGraph(policy: Policy = {}, more: Record<string, unknown> = {}) {
  const draft = node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast', ...more }, { policy });
  return graphOf([messageInput(), draft, node('output', 'reply', { value: '{{ steps.draft }}' })], [edge('start', 'draft'), edge('draft', 'reply')]);
}

const classifyGraph = () =>
  graphOf(
    [
      messageInput(),
      node('classify', 'sort', { text: '{{ input.message }}', route: 'fast', labels: [{ name: 'billing' }, { name: 'technical' }] }),
      node('output', 'money', { value: '{{ steps.sort.label }}' }),
      node('output', 'other', { value: 'somewhere else' }),
    ],
    [edge('start', 'sort'), edge('sort.billing', 'money'), edge('sort.technical', 'other'), edge('sort.unsure', 'other')],
  );

const recordOf = (run: Awaited<ReturnType<typeof runOf>>, key = 'draft'): ModelCallRecord | undefined => {
  const record = stepOf(run, key).calls[0]?.record;
  return record?.kind === 'model' ? record : undefined;
};

describe.for(PROTOCOLS)('with a provider that speaks like %s', (kind) => {
  test.for(FAULTS)('$name fails the run with its code, message, and place, after $calls calls', async ({ fault, code, words, calls }) => {
    await using fake = await startFakeProvider();
    await using server = await startTestServer();
    await routeTo(server, 'fast', target(fake, kind, limitFor(fault)));
    fake.failAlways(fault);
    const run = await runOf(server, promptGraph());
    const error = { code, message: expect.stringMatching(words), nodeKey: 'draft', stepId: 'draft#1' };
    expect(run).toMatchObject({ status: 'failed', output: null, error });
    const step = stepOf(run, 'draft');
    expect(step).toMatchObject({ status: 'failed', error, attempts: [{ number: 1, error }] });
    const attempt = { connection: 'fast 1', model: 'fake-small', error: { code } };
    expect(step.calls).toMatchObject([{ status: 'failed', error: { code, details: { attempts: Array(calls).fill(attempt) } } }]);
    expect(run.steps.some(({ nodeKey }) => nodeKey === 'reply')).toBe(false);
    expect(fake.calls).toHaveLength(calls);
    expect(JSON.stringify(run)).not.toContain('key-of-the-test');
  });

  test.for(FAULTS)('after $name the next target of the route responds, and the record has every attempt', async ({ fault, code, calls }) => {
    await using first = await startFakeProvider();
    await using second = await startFakeProvider({ answer: () => 'From the second' });
    await using server = await startTestServer();
    await routeTo(server, 'fast', target(first, kind, limitFor(fault)), target(second, kind, { model: 'fake-large' }));
    first.failAlways(fault);
    const run = await runOf(server, promptGraph());
    expect(run).toMatchObject({ status: 'succeeded', error: null, output: { text: 'From the second', model: 'fake-large', demo: false } });
    expect(recordOf(run)).toMatchObject({
      connection: 'fast 2',
      model: 'fake-large',
      answer: 'From the second',
      attempts: [...Array(calls).fill({ connection: 'fast 1', model: 'fake-small', error: { code } }), { connection: 'fast 2', model: 'fake-large' }],
    });
    expect(recordOf(run)?.attempts.at(-1)).not.toHaveProperty('error');
    expect([first.calls.length, second.calls.length]).toEqual([calls, 1]);
  });

  test('an answer that doesn’t match its schema is repaired once, and both calls are paid', async () => {
    await using fake = await startFakeProvider({ answer: () => '{"title": "Good"}' });
    await using server = await startTestServer();
    await routeTo(server, 'fast', target(fake, kind));
    fake.failNext({ kind: 'nonsense' });
    const run = await runOf(server, promptGraph({}, { answer: 'json', schema: SCHEMA }));
    expect(run).toMatchObject({ status: 'succeeded', output: { value: { title: 'Good' } } });
    expect(fake.calls).toHaveLength(2);
    const record = recordOf(run);
    expect(record?.attempts).toMatchObject([{ error: { code: 'bad-answer' } }, {}]);
    const repaired = fake.calls[1]?.messages.at(-1)?.text ?? '';
    expect(repaired).toMatch(/does not match the schema/);
    expect(run.usage).toEqual(record?.usage);
    expect(record?.usage.outputTokens).toBeGreaterThan(Math.ceil('{"title": "Good"}'.length / 4));
  });

  test('nonsense from a classification is repaired once; after a second time, the branch is unsure', async () => {
    await using fake = await startFakeProvider({ answer: () => '{"label": "billing", "confidence": 0.9, "reason": "Money."}' });
    await using server = await startTestServer();
    await routeTo(server, 'fast', target(fake, kind));
    fake.failNext({ kind: 'nonsense' });
    expect(await runOf(server, classifyGraph())).toMatchObject({ status: 'succeeded', output: 'billing' });
    fake.failAlways({ kind: 'nonsense' });
    const unsure = await runOf(server, classifyGraph());
    expect(unsure).toMatchObject({ status: 'succeeded', output: 'somewhere else' });
    expect(stepOf(unsure, 'sort')).toMatchObject({ port: 'unsure', calls: [{ status: 'failed', error: { code: 'bad-answer' } }] });
    expect(fake.calls).toHaveLength(4);
  });
});

test('continued nonsense fails the step, and the error says what didn’t match', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', target(fake, 'openai-compatible'));
  fake.failAlways({ kind: 'nonsense' });
  const run = await runOf(server, promptGraph({}, { answer: 'json', schema: SCHEMA }));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'bad-answer', message: expect.stringContaining('is not JSON'), nodeKey: 'draft' } });
  expect(fake.calls).toHaveLength(2);
  // It had a cost all the same.
  expect(run.usage.outputTokens).toBe(2 * Math.ceil(NONSENSE.length / 4));
  expect(run.usage).toEqual(stepOf(run, 'draft').usage);
  // As plain text, it is an answer like any other.
  expect(await runOf(server, promptGraph())).toMatchObject({ status: 'succeeded', output: { text: NONSENSE } });
});

test('when every target fails, the error is the last one and names all attempts', async () => {
  await using first = await startFakeProvider();
  await using second = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', target(first, 'openai-compatible'), target(second, 'anthropic'));
  first.failAlways(broken);
  second.failAlways(overloaded);
  const run = await runOf(server, promptGraph());
  expect(run).toMatchObject({ status: 'failed', error: { code: 'provider-overloaded' } });
  const attempts = [...Array(3).fill({ error: { code: 'provider-unavailable' } }), ...Array(3).fill({ error: { code: 'provider-overloaded' } })];
  expect(stepOf(run, 'draft').calls).toMatchObject([{ error: { details: { attempts } } }]);
});

test('after a 429 the next attempt waits as long as the provider asked, and so does the run', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', target(fake, 'openai-compatible'));
  fake.failNext(rateLimited(0), rateLimited(0), rateLimited(1));
  const policy = { retry: { max: 1, backoffMs: 1, factor: 1, jitter: 0 } };
  const { id } = await begin(server, await workflowOf(server, promptGraph(policy)));
  const waiting = await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  expect(stepOf(waiting, 'draft')).toMatchObject({ status: 'waiting', wait: { kind: 'retry' }, attempts: [{ error: { code: 'provider-rate-limited' } }] });
  const run = await ended(server, id);
  expect(run.status).toBe('succeeded');
  const [first, second] = stepOf(run, 'draft').attempts;
  expect(Date.parse(second?.startedAt ?? '') - Date.parse(first?.endedAt ?? '')).toBeGreaterThanOrEqual(990);
  expect(fake.calls).toHaveLength(4);
});

test('retries stop at their maximum, and each failure is kept', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', target(fake, 'openai-compatible'));
  // Five failures in a row would open the circuit of the model.
  fake.failNext(...Array(3).fill(overloaded), { kind: 'empty' }, ...Array(3).fill(broken));
  const run = await runOf(server, promptGraph({ retry: { max: 2, backoffMs: 1, factor: 1, jitter: 0 } }));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'provider-unavailable' } });
  expect(stepOf(run, 'draft').attempts.map(({ error }) => error?.code)).toEqual(['provider-overloaded', 'empty-answer', 'provider-unavailable']);
  expect(fake.calls).toHaveLength(7);
});

test('a failure takes a connected error branch, and later nodes can read it', async () => {
  await using fake = await startFakeProvider();
  await using server = await startTestServer();
  await routeTo(server, 'fast', target(fake, 'openai-compatible'));
  fake.failAlways(broken);
  const graph = promptGraph({ onError: 'branch' });
  graph.nodes.push(node('output', 'sorry', { value: '{{ steps.draft.error.code }}', status: '503' }));
  graph.edges.push(edge('draft.error', 'sorry'));
  const run = await runOf(server, graph);
  expect(run).toMatchObject({ status: 'succeeded', error: null, output: 'provider-unavailable' });
  expect(stepOf(run, 'reply').status).toBe('skipped');
});

const RETRIES = { retry: { max: 3, backoffMs: 1, factor: 1, jitter: 0 } };

test.for(['http://127.0.0.1:PORT/', 'http://localhost:PORT/', 'http://[::1]:PORT/', 'http://2130706433:PORT/', 'http://169.254.169.254/latest/meta-data/'])(
  'an HTTP request to %s is rejected without being sent or retried',
  async (address) => {
    await using silent = await startSilentServer();
    await using server = await startTestServer();
    const url = address.replace('PORT', new URL(silent.url).port);
    const run = await runOf(server, requestGraph(url, 'GET', RETRIES));
    const error = { code: 'egress-refused', nodeKey: 'fetch', stepId: 'fetch#1' };
    expect(run).toMatchObject({ status: 'failed', error });
    const step = stepOf(run, 'fetch');
    expect(step).toMatchObject({ status: 'failed', error });
    expect(step.error?.message).toMatch(/EGRESS_ALLOW/);
    expect(step.attempts).toHaveLength(1);
    expect(step.calls).toMatchObject([{ status: 'failed', record: { kind: 'http', method: 'GET', url: new URL(url).href } }]);
    expect(silent.requests).toHaveLength(0);
  },
);

test('a password in the URL of a rejected request is not stored', async () => {
  await using server = await startTestServer();
  const run = await runOf(server, requestGraph('http://me:planted@127.0.0.1:9/private?x=1'));
  expect(stepOf(run, 'fetch').calls).toMatchObject([{ record: { method: 'GET', url: 'http://127.0.0.1:9/private?x=1' } }]);
  expect(JSON.stringify(stepOf(run, 'fetch').calls)).not.toContain('planted');
});

test('an HTTP request that found no connection is retried, even if it isn’t safe to repeat', async () => {
  await using server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const closed = await startSilentServer();
  await closed[Symbol.asyncDispose]();
  const run = await runOf(server, requestGraph(closed.url, 'POST', RETRIES));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'connect-failed' } });
  expect(stepOf(run, 'fetch').attempts).toHaveLength(4);
});

test('an HTTP request that hangs ends at the timeout of its step, and is retried only if it is safe to repeat', async () => {
  await using silent = await startSilentServer();
  await using server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const limited = { timeoutMs: 1_000, retry: { ...RETRIES.retry, max: 1 } };
  const run = await runOf(server, requestGraph(silent.url, 'POST', limited));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'timeout', message: expect.stringContaining('timed out after 1 s') } });
  expect(silent.requests).toHaveLength(1);
  await runOf(server, requestGraph(silent.url, 'GET', limited));
  expect(silent.requests).toHaveLength(3);
});
