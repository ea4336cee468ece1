import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@switchyard/shared/errors.ts';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { createEgress } from '../../egress/egress.ts';
import type { ModelProvider, ProviderRequest } from '../provider.ts';
import { createAnthropicProvider } from './anthropic.ts';
import { createOpenAiProvider } from './openai.ts';

/** Servers that respond in unusual ways, over real sockets. */

const egress = createEgress({ allow: [] });
afterAll(() => egress.close());
const fetch = egress.fetchFor({ allowLoopback: true });
const idle = new AbortController().signal;
const request: ProviderRequest = { model: 'm', messages: [textMessage('system', 'Be kind.'), textMessage('user', 'Hi')], temperature: 0, maxTokens: 9 };

interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
  /** Closes the socket after the body, without ending the response. */
  readonly reset?: boolean;
}

/** Serves these replies in turn, then the last one again, and keeps the JSON bodies it received. */
async function serving(...replies: readonly Reply[]) {
  const bodies: Record<string, unknown>[] = [];
  const paths: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let text = '';
    for await (const piece of incoming) text += piece;
    if (text !== '') bodies.push(JSON.parse(text));
    paths.push(incoming.url ?? '');
    const { status = 200, type = 'application/json', body, reset } = replies[Math.min(paths.length, replies.length) - 1] ?? { body: '' };
    outgoing.writeHead(status, { 'content-type': type });
    if (reset) outgoing.write(body || ' ', () => outgoing.destroy());
    else outgoing.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, bodies, paths, [Symbol.asyncDispose]: async () => void server.close() };
}

const openAi = (url: string): ModelProvider => createOpenAiProvider({ kind: 'openai-compatible', apiKey: 'key-of-a-test', baseUrl: `${url}/v1`, fetch });
const anthropic = (url: string): ModelProvider => createAnthropicProvider({ apiKey: 'key-of-a-test', baseUrl: url, fetch, structured: 'tool' });

async function asked(provider: ModelProvider, more: Partial<ProviderRequest> = {}) {
  const shown: string[] = [];
  const answer = await provider.chat({ ...request, ...more }, idle, (text) => shown.push(text));
  return { ...answer, shown: shown.join('') };
}

const failure = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('expected a failure')),
    (thrown) => (thrown instanceof AppError ? thrown : Promise.reject(thrown)),
  );

const openAiStream = (...deltas: readonly object[]): Reply => ({
  type: 'text/event-stream',
  body: [...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })), { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }]
    .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
    .join(''),
});
const anthropicEvents = (...events: readonly { type: string }[]): Reply => ({
  type: 'text/event-stream',
  body: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
});
const block = (index: number, start: object, delta: object) => [
  { type: 'content_block_start', index, content_block: start },
  { type: 'content_block_delta', index, delta },
  { type: 'content_block_stop', index },
];
const anthropicStream = (stopReason: string, ...blocks: readonly { type: string }[][]): Reply =>
  anthropicEvents(
    { type: 'message_start', message: { model: 'm', content: [], usage: { input_tokens: 1, output_tokens: 1 } } } as { type: string },
    ...blocks.flat(),
    { type: 'message_delta', delta: { stop_reason: stopReason }, usage: { output_tokens: 2 } } as { type: string },
    { type: 'message_stop' },
  );

describe('reasoning', () => {
  test('stays out of the answer in parts of a list', async () => {
    const thinking = [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hmm.' }] }];
    await using server = await serving(openAiStream({ content: thinking }, { content: [{ type: 'text', text: 'Hello' }] }, { content: ' there' }));
    expect(await asked(openAi(server.url))).toMatchObject({ content: 'Hello there', shown: 'Hello there', reasoning: 'Hmm.' });
  });

  test('stays out of the answer in its own field or in a block of text', async () => {
    await using server = await serving(openAiStream({ reasoning_content: 'First. ' }, { content: '<thi' }, { content: 'nk>Then.</think>\n\nYes' }));
    expect(await asked(openAi(server.url))).toMatchObject({ content: 'Yes', shown: 'Yes', reasoning: 'First. Then.' });
  });

  test('without an opening tag is not shown either, from the second response of the model on', async () => {
    await using server = await serving(openAiStream({ content: 'Let me see.\n' }, { content: '</think>\nYes' }));
    const provider = openAi(server.url);
    expect(await asked(provider)).toMatchObject({ content: 'Yes', reasoning: 'Let me see.' });
    expect(await asked(provider)).toMatchObject({ content: 'Yes', shown: 'Yes', reasoning: 'Let me see.' });
  });

  test('of Anthropic stays out of the answer', async () => {
    const thought = block(0, { type: 'thinking', thinking: '' }, { type: 'thinking_delta', thinking: 'Hmm.' });
    await using server = await serving(anthropicStream('end_turn', thought, block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'Yes' })));
    expect(await asked(anthropic(server.url))).toMatchObject({ content: 'Yes', shown: 'Yes', reasoning: 'Hmm.' });
  });
});

describe('tools that were not requested', () => {
  test.each(['tool_use', 'server_tool_use'])('do not hide the text after a %s block', async (type) => {
    const tool = block(0, { type, id: 't', name: 'search', input: {} }, { type: 'input_json_delta', partial_json: '{"a":1}' });
    await using server = await serving(anthropicStream('end_turn', tool, block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'Found it' })));
    expect(await asked(anthropic(server.url))).toMatchObject({ content: 'Found it', shown: 'Found it' });
  });
});

describe('a refusal after some text', () => {
  test('content filter', async () => {
    const end = {
      type: 'text/event-stream',
      body: 'data: {"choices":[{"delta":{"content":"Half"}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"content_filter"}]}\n\n',
    };
    await using server = await serving(end);
    expect(await failure(asked(openAi(server.url)))).toMatchObject({ code: 'provider-refused' });
  });

  test('Anthropic', async () => {
    await using server = await serving(anthropicStream('refusal', block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Half' })));
    expect(await failure(asked(anthropic(server.url)))).toMatchObject({ code: 'provider-refused' });
  });
});

describe('a server that ignores `stream`', () => {
  test('OpenAI-compatible: keeps the complete answer', async () => {
    const body = JSON.stringify({
      model: 'm-2',
      choices: [{ message: { role: 'assistant', content: 'Whole' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    });
    await using server = await serving({ body });
    expect(await asked(openAi(server.url))).toMatchObject({ content: 'Whole', model: 'm-2', usage: { inputTokens: 3, outputTokens: 1 } });
  });

  test('Anthropic-compatible: keeps the complete answer', async () => {
    const body = JSON.stringify({
      type: 'message',
      model: 'm-2',
      content: [{ type: 'text', text: 'Whole' }],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 3, output_tokens: 1 },
    });
    await using server = await serving({ body });
    expect(await asked(anthropic(server.url))).toMatchObject({ content: 'Whole', finishReason: 'length', usage: { inputTokens: 3, outputTokens: 1 } });
  });

  test('reads a stream with another content type as a stream', async () => {
    await using server = await serving({ ...openAiStream({ content: 'Hello' }), type: 'text/plain' });
    expect(await asked(openAi(server.url))).toMatchObject({ content: 'Hello' });
  });
});

test.each(['data: null\n\n', 'data: {"choices":[null]}\n\ndata: [DONE]\n\n', 'data: 5\n\n'])(
  'a stream without a model response is an error that says so: %j',
  async (body) => {
    await using server = await serving({ type: 'text/event-stream', body });
    const error = await failure(asked(openAi(server.url)));
    expect([error.code, error.message]).toEqual(['provider-unavailable', expect.stringMatching(/isn’t a model response/)]);
  },
);

describe('a response that isn’t quite OpenAI’s', () => {
  const whole = (more: object): string => JSON.stringify({ choices: [{ message: { content: 'Whole' }, finish_reason: 'stop' }], ...more });

  test.each([
    ['counts that are text', { prompt_tokens: 'abc', completion_tokens: 2 }, { inputTokens: 3, outputTokens: 2 }],
    ['counts that are missing', {}, { inputTokens: 3, outputTokens: 2 }],
    ['no object', 'many', { inputTokens: 3, outputTokens: 2 }],
  ])('has its usage estimated: %s', async (_what, usage, expected) => {
    await using server = await serving({ body: whole({ usage }) });
    expect(await asked(openAi(server.url))).toMatchObject({ content: 'Whole', usage: expected });
  });

  test('is read if it is complete although it is called a stream', async () => {
    await using server = await serving({ type: 'text/event-stream', body: whole({}) });
    expect(await asked(openAi(server.url))).toMatchObject({ content: 'Whole', shown: 'Whole' });
  });

  test.each([
    ['an object', { message: 'Not about weapons' }, /declined to answer: Not about weapons/],
    ['an object of another kind', { code: 7 }, /declined to answer: \{"code":7\}/],
  ])('is a refusal with its reason: %s', async (_what, refusal, words) => {
    await using server = await serving(openAiStream({ refusal }));
    const error = await failure(asked(openAi(server.url)));
    expect([error.code, error.message]).toEqual(['provider-refused', expect.stringMatching(words)]);
  });
});

test('Anthropic: counts of tokens that are text are not known', async () => {
  const usage = { input_tokens: 'abc', output_tokens: 'abc' };
  await using server = await serving({ body: JSON.stringify({ content: [{ type: 'text', text: 'Whole' }], stop_reason: 'end_turn', usage }) });
  expect(await asked(anthropic(server.url))).toMatchObject({ content: 'Whole', usage: { inputTokens: 0, outputTokens: 0 } });
});

describe.each([
  ['OpenAI-compatible', openAi],
  ['Anthropic', anthropic],
])('%s: errors name their cause', (_kind, make) => {
  test.each<[string, Reply, string, RegExp]>([
    ['status 200 with an error', { body: '{"error":{"message":"No endpoints found"}}' }, 'provider-refused', /No endpoints found/],
    ['a web page', { type: 'text/html', body: '<!doctype html><title>Hi</title>' }, 'provider-unavailable', /isn’t a model server.*base URL/],
    ['JSON of another kind', { body: '{"hello":1}' }, 'provider-unavailable', /isn’t a model response/],
    ['no content', { status: 204, body: '' }, 'provider-unavailable', /isn’t a model server: it returned an empty response/],
    ['choices without content', { body: '{"choices":[null]}' }, 'provider-unavailable', /isn’t a model response/],
    [
      'a web page as events',
      { type: 'text/event-stream', body: '<html><head><style>a{}</style><title>Sign in</title></head>Your key key-of-a-test is unknown</html>' },
      'provider-unavailable',
      /isn’t a model server: it returned a web page \(status 200, text\/event-stream\): “Sign in Your key … is unknown”/,
    ],
    [
      'an empty event stream',
      { type: 'text/event-stream', body: '' },
      'provider-unavailable',
      /returned an empty event stream \(status 200, text\/event-stream\)\./,
    ],
    [
      'an event stream of comments',
      { type: 'text/event-stream', body: ': ping\n\n: ping\n\n' },
      'provider-unavailable',
      /returned an event stream without events\./,
    ],
    ['text as events', { type: 'text/event-stream', body: 'Try again later' }, 'provider-unavailable', /returned an event stream without events\./],
    [
      'another JSON document',
      { status: 201, type: 'application/json; charset=utf-8', body: '{"id": "key-of-a-test", "items": []}' },
      'provider-unavailable',
      /returned JSON that isn’t a model response \(status 201, application\/json\): “\{"id": "…", "items": \[\]\}”\./,
    ],
    ['a reset', { type: 'text/event-stream', body: '', reset: true }, 'provider-unavailable', /closed the connection before/],
    ['404', { status: 404, body: '{"error":{"message":"no"}}' }, 'provider-refused', /model name and the connection’s base URL/],
    ['no quota', { status: 429, body: '{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}' }, 'provider-refused', /no quota left/],
  ])('%s', async (_what, reply, code, words) => {
    await using server = await serving(reply);
    const error = await failure(asked(make(server.url)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    expect(server.paths).toHaveLength(1);
  });

  test('a web page in place of the list of models', async () => {
    await using server = await serving({ type: 'text/html', body: '<!doctype html>' });
    expect((await failure(make(server.url).listModels(idle))).message).toMatch(/isn’t a model server/);
  });
});

test('accepts an Anthropic base URL that ends in /v1', async () => {
  await using server = await serving(anthropicStream('end_turn', block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Yes' })));
  await asked(anthropic(`${server.url}/v1`));
  expect(server.paths).toEqual(['/v1/messages']);
});

test('a connection serves the next call, although the SDK stops reading at [DONE]', async () => {
  let connections = 0;
  let end = (): void => {};
  const { body } = openAiStream({ content: 'Hello' });
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).write(`${body}data: [DONE]\n\n`);
    end = () => outgoing.end();
  }).on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider = openAi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (let call = 0; call < 20; call++) {
    expect(await asked(provider)).toMatchObject({ content: 'Hello' });
    end();
  }
  // The next call may begin before the end of the response has arrived.
  expect(connections).toBeLessThan(10);
  server.close();
});
