import { AppError } from '@switchyard/shared/errors.ts';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../../../test/kit/fake-provider/fake-provider.ts';
import { broken, type Fault, overloaded, rateLimited } from '../../../test/kit/fake-provider/fault.ts';
import { createEgress } from '../../egress/egress.ts';
import type { ModelProvider, ProviderRequest } from '../provider.ts';
import { createAnthropicProvider } from './anthropic.ts';
import { createOpenAiProvider } from './openai.ts';

const egress = createEgress({ allow: [] });
afterAll(() => egress.close());
const fetch = egress.fetchFor({ allowLoopback: true });
const apiKey = 'sk-very-secret-0123456789';
const idle = new AbortController().signal;

const request: ProviderRequest = { model: 'fake-small', messages: [textMessage('system', 'Be kind.'), textMessage('user', 'Hello out there')] };
const schema = { type: 'object', properties: { label: { enum: ['a', 'b'] } }, required: ['label'], additionalProperties: false };

type Make = (fake: FakeProvider) => ModelProvider;
const kinds: [string, Make][] = [
  ['OpenAI', (fake) => createOpenAiProvider({ kind: 'openai', apiKey, baseUrl: fake.openAiUrl, fetch })],
  ['an OpenAI-compatible server', (fake) => createOpenAiProvider({ kind: 'openai-compatible', apiKey, baseUrl: fake.openAiUrl, fetch })],
  ['Azure OpenAI', (fake) => createOpenAiProvider({ kind: 'azure-openai', apiKey, baseUrl: fake.url, fetch, apiVersion: '2024-10-21' })],
  ['Anthropic', (fake) => createAnthropicProvider({ apiKey, baseUrl: fake.url, fetch, structured: 'tool' })],
  ['an Anthropic-compatible server', (fake) => createAnthropicProvider({ apiKey, baseUrl: fake.url, fetch })],
];

const failure = async (work: Promise<unknown>): Promise<AppError> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error(`expected an AppError, got ${String(thrown)}`);
  return thrown;
};

describe.each(kinds)('%s', (_name, make) => {
  test('streams an answer in chunks and returns it in full, with usage and the model that served it', async () => {
    await using fake = await startFakeProvider();
    const pieces: string[] = [];
    const answer = await make(fake).chat({ ...request, temperature: 0.5, maxTokens: 50 }, idle, (text) => pieces.push(text));
    expect(answer.content).toBe('You said: Hello out there');
    expect(pieces.join('')).toBe(answer.content);
    expect(pieces.length).toBeGreaterThan(3);
    expect(answer).toMatchObject({ model: 'fake-small', finishReason: 'stop', usage: { inputTokens: 6, outputTokens: 7 } });
    expect(fake.calls[0]?.messages).toEqual([
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: 'Hello out there' },
    ]);
  });

  test('reports what a response used that broke off', async () => {
    await using fake = await startFakeProvider();
    fake.failNext({ kind: 'cut', afterWords: 3 });
    const lost: Usage[] = [];
    await failure(
      make(fake).chat(
        request,
        idle,
        () => undefined,
        (usage) => lost.push(usage),
      ),
    );
    expect(lost).toHaveLength(1);
    expect(lost[0]?.inputTokens).toBeGreaterThan(4);
    expect(lost[0]?.outputTokens).toBe(Math.ceil('You said: Hello'.length / 4));
  });

  test('sends the schema, and returns its JSON', async () => {
    await using fake = await startFakeProvider({ answer: () => '{"label": "b"}' });
    const answer = await make(fake).chat({ ...request, schema, schemaName: 'sort it' }, idle, () => undefined);
    expect(JSON.parse(answer.content)).toEqual({ label: 'b' });
    expect(JSON.stringify(fake.calls[0]?.body)).toContain('label');
  });

  test('lists models', async () => {
    await using fake = await startFakeProvider({ models: ['one', 'two'] });
    expect(await make(fake).listModels(idle)).toEqual(['one', 'two']);
  });

  const refusals: [Fault, string, object][] = [
    [rateLimited(3), 'provider-rate-limited', { retryAfterMs: 3000, beforeEffect: true }],
    [overloaded, 'provider-overloaded', {}],
    [{ kind: 'status', status: 503 }, 'provider-overloaded', {}],
    [broken, 'provider-unavailable', {}],
    [{ kind: 'status', status: 401, message: `Incorrect API key provided: ${apiKey}` }, 'provider-auth', {}],
    [{ kind: 'status', status: 403 }, 'provider-auth', {}],
    [{ kind: 'status', status: 404, message: 'no such model' }, 'provider-refused', {}],
    [{ kind: 'status', status: 400, message: 'too long' }, 'provider-refused', {}],
    [{ kind: 'malformed' }, 'provider-unavailable', {}],
    [{ kind: 'cut' }, 'provider-unavailable', {}],
  ];
  test.each(refusals)('turns %o into %s, after one call and without the key', async (fault, code, more) => {
    await using fake = await startFakeProvider();
    fake.failNext(fault);
    const error = await failure(make(fake).chat(request, idle, () => undefined));
    expect(error).toMatchObject({ code, ...more });
    expect(error.message).not.toContain('0123456789');
    if (fault.kind === 'status' && fault.message && fault.status !== 401) expect(error.message).toContain(fault.message);
    expect(fake.calls).toHaveLength(1);
  });

  test('reports a server that is down as unavailable, before any effect', async () => {
    const fake = await startFakeProvider();
    await fake.close();
    expect(await failure(make(fake).chat(request, idle, () => undefined))).toMatchObject({ code: 'provider-unavailable', beforeEffect: true });
  });

  test.each<[string, Fault]>([
    ['before the first word', { kind: 'hang' }],
    ['between two words', { kind: 'slow', delayMs: 50 }],
  ])('closes the socket on an abort %s and rejects with its reason', async (when, fault) => {
    await using fake = await startFakeProvider({ answer: () => 'word '.repeat(1000) });
    fake.failNext(fault);
    const controller = new AbortController();
    const reason = new Error('stopped by a person');
    const [called, closed] = [fake.nextCall(), fake.nextClose()];
    const chat = make(fake).chat(request, controller.signal, () => when === 'between two words' && controller.abort(reason));
    chat.catch(() => undefined);
    await called;
    if (when === 'before the first word') controller.abort(reason);
    await expect(chat).rejects.toBe(reason);
    await closed;
    expect(fake.closedSockets).toBe(1);
  });
});

test('sends OpenAI’s own name for the limit, and the old one to others', async () => {
  await using fake = await startFakeProvider();
  for (const kind of ['openai', 'openai-compatible'] as const) {
    await createOpenAiProvider({ kind, apiKey, baseUrl: fake.openAiUrl, fetch }).chat({ ...request, maxTokens: 9 }, idle, () => undefined);
  }
  expect(fake.calls.map(({ body }) => [body.max_completion_tokens, body.max_tokens])).toEqual([
    [9, undefined],
    [undefined, 9],
  ]);
});

test('omits a parameter that a server doesn’t know, and never sends it again', async () => {
  await using fake = await startFakeProvider({ answer: () => '{"label":"a"}' });
  const provider = createOpenAiProvider({ kind: 'openai', apiKey, baseUrl: fake.openAiUrl, fetch });
  const asked = { ...request, schema, maxTokens: 9, temperature: 0.2 };
  for (const message of [
    "Unsupported parameter: 'max_completion_tokens'",
    'response_format json_schema is not supported',
    "Unsupported value: 'temperature' does not support 0.2",
  ]) {
    fake.failNext({ kind: 'status', status: 400, message });
    expect((await provider.chat(asked, idle, () => undefined)).content).toBe('{"label":"a"}');
  }
  expect(fake.calls).toHaveLength(6);
  await provider.chat(asked, idle, () => undefined);
  expect(fake.calls).toHaveLength(7);
  expect(fake.calls[6]?.body).not.toHaveProperty('response_format');
  expect(fake.calls[6]?.body).not.toHaveProperty('temperature');
  expect(fake.calls[6]?.body).toMatchObject({ max_tokens: 9 });
  expect(fake.calls[6]?.messages.at(-1)?.text).toContain('JSON Schema');
});

test('uses strict mode only for a closed and complete schema', async () => {
  await using fake = await startFakeProvider({ answer: () => '{}' });
  const provider = createOpenAiProvider({ kind: 'openai', apiKey, baseUrl: fake.openAiUrl, fetch });
  await provider.chat({ ...request, schema }, idle, () => undefined);
  await provider.chat({ ...request, schema: { ...schema, required: [] } }, idle, () => undefined);
  const strict = fake.calls.map(({ body }) => (body.response_format as { json_schema: { strict: boolean } }).json_schema.strict);
  expect(strict).toEqual([true, false]);
});

test('sends an answer that is not an object through a tool and unwraps it', async () => {
  await using fake = await startFakeProvider({ answer: () => '{"answer": ["x", "y"]}' });
  const provider = createAnthropicProvider({ apiKey, baseUrl: fake.url, fetch, structured: 'tool' });
  const answer = await provider.chat({ ...request, schema: { type: 'array', items: { type: 'string' } } }, idle, () => undefined);
  expect(JSON.parse(answer.content)).toEqual(['x', 'y']);
});

test('sends the key with either protocol', async () => {
  await using fake = await startFakeProvider();
  for (const [, make] of kinds) await make(fake).chat(request, idle, () => undefined);
  for (const { headers } of fake.calls) expect(headers.authorization ?? headers['x-api-key'] ?? headers['api-key']).toContain(apiKey);
  expect(fake.calls).toHaveLength(kinds.length);
});

test('does not follow a redirect, which would forward the key', async () => {
  await using fake = await startFakeProvider();
  fake.failNext({ kind: 'status', status: 307 });
  const provider = createOpenAiProvider({ kind: 'openai', apiKey, baseUrl: fake.openAiUrl, fetch });
  expect(await failure(provider.chat(request, idle, () => undefined))).toMatchObject({ code: 'egress-refused' });
  expect(fake.calls).toHaveLength(1);
});

test('Azure OpenAI gets the deployment and the version of its API in the URL, and the key in its own header', async () => {
  await using fake = await startFakeProvider();
  const urls: string[] = [];
  const watched: typeof fetch = (input, init) => {
    urls.push(String(input instanceof Request ? input.url : input));
    return fetch(input, init);
  };
  const azure = createOpenAiProvider({ kind: 'azure-openai', apiKey, baseUrl: `${fake.url}/openai/`, fetch: watched, apiVersion: '2025-04-01-preview' });
  await azure.chat({ ...request, maxTokens: 9 }, idle, () => undefined);
  expect(urls).toEqual([`${fake.url}/openai/deployments/fake-small/chat/completions?api-version=2025-04-01-preview`]);
  expect(fake.calls[0]?.headers).toMatchObject({ 'api-key': apiKey });
  expect(fake.calls[0]?.headers).not.toHaveProperty('authorization');
  expect(fake.calls[0]?.body).toMatchObject({ max_completion_tokens: 9 });
});
