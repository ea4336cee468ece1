import { createKillSwitch, deleteKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { createBudget, deleteBudget, getUsage, setPrice } from '@switchyard/shared/contracts/money.ts';
import { createPrompt } from '@switchyard/shared/contracts/prompts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let fake: FakeProvider;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  await routeTo(server, 'good', fakeTarget(fake));
  await routeTo(server, 'chain', fakeTarget(fake), fakeTarget(fake, { model: 'fake-large' }));
  await server.call(setPrice, { params: { model: 'fake-small' }, body: { input: 100, output: 1_000 } });
  const variables = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
  const german = { name: 'German', when: { language: 'de' }, messages: [{ role: 'user' as const, content: 'Hallo {{ name }}' }] };
  await server.call(createPrompt, { body: { name: 'greet', messages: [{ role: 'user', content: 'Hello {{ name }}' }], variables, variants: [german] } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

interface Event {
  readonly name: string;
  readonly data: Record<string, unknown>;
}

const eventsIn = (text: string): Event[] =>
  [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => ({ name, data: JSON.parse(data) as Record<string, unknown> }));
const tried = async (body: object) => {
  const reply = await server.send('POST', '/api/prompts/greet/try', { body });
  return { reply, events: eventsIn(reply.text), last: eventsIn(reply.text).at(-1) };
};
const textOf = (events: readonly Event[]) => events.map(({ name, data }) => (name === 'delta' ? data.text : '')).join('');

test('a version is streamed, then its usage, cost, and times', async () => {
  const { reply, events, last } = await tried({ version: 1, variables: { name: 'Ada {{ name }}' }, route: 'good' });
  expect(reply.headers.get('content-type')).toContain('text/event-stream');
  expect(events.filter(({ name }) => name === 'delta').length).toBeGreaterThan(2);
  expect(textOf(events)).toBe('You said: Hello Ada {{ name }}');
  const served = { route: 'good', routeVersion: 1, connection: 'good 1', model: 'fake-small', cached: false, demo: false };
  expect(last).toMatchObject({
    name: 'done',
    data: { text: textOf(events), version: 1, variant: null, ...served, usage: { inputTokens: expect.any(Number) }, finishReason: 'stop' },
  });
  expect(last?.data.costMicros).toBeGreaterThan(0);
  expect(last?.data.ms).toBeGreaterThanOrEqual(Number(last?.data.firstTokenMs));
});

test('unsaved text is tried with its own schema and parameters, and labels choose the variant', async () => {
  const messages = [{ role: 'user', content: 'Draft for {{ who }}' }];
  const draft = await tried({ messages, variables: { who: 'Bo' }, parameters: { temperature: 0.5, maxTokens: 7 }, route: 'good' });
  expect(draft.last?.data).toMatchObject({ text: 'You said: Draft for Bo', version: null });
  expect(fake.calls.at(-1)?.body).toMatchObject({ temperature: 0.5, max_tokens: 7 });
  const marked = await tried({ messages, variables: { who: 'Bo' }, markData: true, route: 'good' });
  expect(marked.last?.data.text).toMatch(/Draft for <(data-[a-z]{6})>Bo<\/\1>/);
  const german = await tried({ variables: { name: 'Ada' }, labels: { language: 'de' }, route: 'good' });
  expect(german.last?.data).toMatchObject({ text: 'You said: Hallo Ada', version: 1, variant: 'German' });
});

test('what is wrong before the call is a response with its status, and calls no model', async () => {
  const before = fake.calls.length;
  const statusOf = async (body: object) => (await tried(body)).reply.json;
  expect(await statusOf({ variables: {}, route: 'good' })).toMatchObject({ status: 422, code: 'prompt-variables', detail: expect.stringContaining('name') });
  expect(await statusOf({ version: 9, variables: { name: 'x' }, route: 'good' })).toMatchObject({ status: 404, code: 'not-found' });
  expect(await statusOf({ variables: { name: 'x' }, route: 'nowhere' })).toMatchObject({ code: 'unknown-route' });
  expect(await statusOf({ messages: [{ role: 'user', content: '{{ ' }], route: 'good' })).toMatchObject({ status: 400, code: 'bad-request' });
  expect(await statusOf({ messages: [{ role: 'user', content: '{{ nmae }}' }], variables: { name: 'x' }, route: 'good' })).toMatchObject({
    status: 400,
    errors: [{ path: 'messages.0.content', message: expect.stringContaining('Did you mean “name”?') }],
  });
  expect(await statusOf({ version: 1, messages: [{ role: 'user', content: 'x' }], route: 'good' })).toMatchObject({ status: 400, code: 'bad-request' });
  expect(fake.calls.length).toBe(before);
});

test('text that a failing target sent is retracted, and a failure of every target is the last event', async () => {
  fake.failNext({ kind: 'cut', afterWords: 2 });
  const { events, last } = await tried({ variables: { name: 'Ada' }, route: 'chain' });
  const restart = events.findIndex(({ name }) => name === 'restart');
  expect(restart).toBeGreaterThan(0);
  expect(textOf(events.slice(restart))).toBe('You said: Hello Ada');
  expect(last).toMatchObject({ name: 'done', data: { model: 'fake-large', attempts: [{ model: 'fake-small', error: {} }, { model: 'fake-large' }] } });
  fake.failAlways({ kind: 'cut', afterWords: 2 });
  const failed = await tried({ variables: { name: 'Ada' }, route: 'good' });
  fake.failAlways(undefined);
  expect(failed.last).toMatchObject({ name: 'error', data: { code: expect.stringContaining('provider-'), attempts: [{}] } });
});

test('the call ends when the caller leaves', async () => {
  fake.failNext({ kind: 'hang' });
  const leave = new AbortController();
  const asked = fake.nextCall();
  const closed = fake.nextClose();
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ variables: { name: 'Ada' }, route: 'good' });
  const reply = fetch(`${server.base}/api/prompts/greet/try`, { method: 'POST', headers, body, signal: leave.signal });
  await asked;
  leave.abort();
  await expect(reply).rejects.toThrow();
  await closed;
});

test('kill switches and budgets apply', async () => {
  const killSwitch = await server.call(createKillSwitch, { body: { scope: { kind: 'route', id: 'good' }, mode: 'refuse', reason: 'test' } });
  const body = { variables: { name: 'Ada' }, route: 'good' };
  expect((await tried(body)).reply.json).toMatchObject({ status: 503, code: 'killed' });
  await server.call(deleteKillSwitch, { params: { id: killSwitch.id } });
  const budget = await server.call(createBudget, { body: { scope: { kind: 'route', id: 'good' }, period: 'day', hardMicros: 1, onHard: 'stop' } });
  expect((await tried(body)).reply.json).toMatchObject({ code: 'budget-exceeded' });
  await server.call(deleteBudget, { params: { id: budget.id } });
});

test('the usage shows tries as a source of their own, under their prompt', async () => {
  const usageBy = async (by: 'source' | 'prompt') => (await server.call(getUsage, { query: { by } })).items;
  await tried({ variables: { name: 'Ada' }, route: 'good' });
  await expect.poll(() => usageBy('prompt')).toContainEqual(expect.objectContaining({ key: 'greet@1' }));
  expect(await usageBy('source')).toMatchObject([{ key: 'playground', name: 'Playground' }]);
  // The name of a prompt matches all its versions.
  const { items, values } = await server.call(getUsage, { query: { by: 'prompt', prompt: 'greet' } });
  expect(items.map(({ key }) => key)).toContain('greet@1');
  expect(values.prompt).toContainEqual({ key: 'greet', name: 'greet' });
});
