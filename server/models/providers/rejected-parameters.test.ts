import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { createEgress } from '../../egress/egress.ts';
import type { ModelProvider, ProviderRequest } from '../provider.ts';
import { createAnthropicProvider } from './anthropic.ts';
import { createOpenAiProvider } from './openai.ts';

/** Models that reject parameters (S56), over real sockets. */

const egress = createEgress({ allow: [] });
afterAll(() => egress.close());
const fetch = egress.fetchFor({ allowLoopback: true });
const idle = new AbortController().signal;
const request: ProviderRequest = { model: 'm', messages: [textMessage('system', 'Be kind.'), textMessage('user', 'Hi')], temperature: 0.2, maxTokens: 9 };

type Body = Record<string, unknown>;

/** Rejects a request for which `rejects` returns an error, and answers any other. */
async function serving(rejects: (body: Body) => object | string | undefined) {
  const bodies: Body[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let text = '';
    for await (const piece of incoming) text += piece;
    const body = JSON.parse(text);
    bodies.push(body);
    const rejected = rejects(body);
    const error = typeof rejected === 'string' ? { type: 'invalid_request_error', message: rejected } : rejected;
    const answer = incoming.url?.endsWith('/messages')
      ? { model: 'm', content: [{ type: 'text', text: 'Yes' }], stop_reason: 'end_turn', usage: { input_tokens: 1, output_tokens: 1 } }
      : { model: 'm', choices: [{ message: { content: 'Yes' }, finish_reason: 'stop' }] };
    outgoing.writeHead(error ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(error ? { error } : answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, bodies, [Symbol.asyncDispose]: async () => void server.close() };
}

const openAi = ({ url }: { url: string }): ModelProvider => createOpenAiProvider({ kind: 'openai-compatible', apiKey: 'key', baseUrl: `${url}/v1`, fetch });
const anthropic = ({ url }: { url: string }): ModelProvider => createAnthropicProvider({ apiKey: 'key', baseUrl: url, fetch, structured: 'tool' });

const ask = (provider: ModelProvider, more: Partial<ProviderRequest> = {}, onSent?: (sent: ProviderRequest) => void) =>
  provider.chat({ ...request, ...more }, idle, () => undefined, undefined, onSent);

describe('a parameter that a model rejects is omitted from then on', () => {
  test('Anthropic: temperature', async () => {
    await using server = await serving((body) => ('temperature' in body ? '`temperature` is deprecated for this model' : undefined));
    const provider = anthropic(server);
    expect(await ask(provider)).toMatchObject({ content: 'Yes', adjusted: ['temperature'] });
    await ask(provider);
    expect(server.bodies.map((body) => 'temperature' in body)).toEqual([true, false, false]);
  });

  test.each<[string, object | string]>([
    ['code', { code: 'unsupported_value', param: 'temperature', message: 'Only the default (1) value is supported.' }],
    ['words', "Unsupported value: 'temperature' does not support 0.2 with this model."],
    ['other words', 'temperature is not supported with this model'],
    ['a gateway', 'litellm.BadRequestError: OpenAIException - Unrecognized request argument supplied: temperature'],
    ['the model first', 'm does not support temperature'],
    ['a validator', 'temperature: Extra inputs are not permitted'],
  ])('OpenAI-compatible: temperature, by %s', async (_how, error) => {
    await using server = await serving((body) => ('temperature' in body ? error : undefined));
    expect(await ask(openAi(server))).toMatchObject({ content: 'Yes', adjusted: ['temperature'] });
  });

  test.each([
    ['System role not supported', {}],
    ['', { code: 'unsupported_value', param: 'messages[0].role' }],
  ])('OpenAI-compatible: the system role %s', async (message, more) => {
    const hasSystem = ({ messages }: Body): boolean => JSON.stringify(messages).includes('"system"');
    await using server = await serving((body) => (hasSystem(body) ? { message, ...more } : undefined));
    expect(await ask(openAi(server))).toMatchObject({ content: 'Yes', adjusted: ['system'] });
    expect(server.bodies[1]?.messages).toEqual([{ role: 'user', content: 'Be kind.\n\nHi' }]);
  });
});

test('a model that rejects two parameters is asked once more per call', async () => {
  await using server = await serving((body) => {
    const name = ['temperature', 'top_p'].find((parameter) => parameter in body);
    return name && { code: 'unsupported_parameter', param: name, message: 'No.' };
  });
  const provider = openAi(server);
  await expect(ask(provider, { topP: 0.5 })).rejects.toMatchObject({ code: 'provider-refused' });
  expect(server.bodies).toHaveLength(2);
  expect(await ask(provider, { topP: 0.5 })).toMatchObject({ adjusted: ['temperature', 'top_p'] });
});

test.each([
  ['a long context', "'max_tokens' or 'max_completion_tokens' is too large: 9. This model's maximum context length is 4096 tokens"],
  ['a long context with a code', { code: 'context_length_exceeded', param: 'max_tokens', message: 'max_tokens is not supported' }],
  ['a value out of range', 'temperature must be between 0 and 1'],
  ['a limit that is too high', { code: 'invalid_value', param: 'max_tokens', message: 'max_tokens is too large' }],
  ['a quoted prompt', 'Invalid prompt: your prompt was flagged: "temperature is not supported, max_tokens"'],
  ['the prompt itself', 'temperature is not supported'],
  ['the request', 'bad input {"model":"m","temperature":0.2,"max_tokens":9}'],
])('an error about %s rejects no parameter', async (_what, error) => {
  let fails = true;
  await using server = await serving(() => (fails ? error : undefined));
  const provider = openAi(server);
  const messages = [textMessage('user', 'temperature is not supported, max_tokens')];
  await expect(ask(provider, { messages })).rejects.toMatchObject({ code: 'provider-refused' });
  expect(server.bodies).toHaveLength(1);
  fails = false;
  expect(await ask(provider, { messages })).not.toHaveProperty('adjusted');
  expect(server.bodies[1]).toMatchObject({ temperature: 0.2, max_tokens: 9 });
});

test('nothing is remembered if the repeated call fails', async () => {
  let status = 'rejecting';
  await using server = await serving(() => {
    if (status === 'working') return undefined;
    const first = status === 'rejecting';
    status = 'failing';
    return first ? { code: 'unsupported_parameter', param: 'temperature', message: 'No.' } : 'Something else.';
  });
  const provider = openAi(server);
  await expect(ask(provider)).rejects.toMatchObject({ code: 'provider-refused' });
  status = 'working';
  await ask(provider);
  expect(server.bodies.map((body) => 'temperature' in body)).toEqual([true, false, true]);
});

test('the output limit is translated but never left out', async () => {
  const rejected = new Set(['max_tokens']);
  await using server = await serving((body) => {
    const name = [...rejected].find((limit) => limit in body);
    return name && `Unsupported parameter: '${name}' is not supported with this model.`;
  });
  const provider = openAi(server);
  expect(await ask(provider)).toMatchObject({ adjusted: ['max_tokens'] });
  rejected.add('max_completion_tokens');
  await expect(ask(provider)).rejects.toMatchObject({ code: 'provider-refused' });
  expect(server.bodies.map((body) => [body.max_tokens, body.max_completion_tokens])).toEqual([
    [9, undefined],
    [undefined, 9],
    [undefined, 9],
  ]);
});

test('one odd schema is described in the prompt, and the next one is enforced again', async () => {
  const isOdd = (body: Body): boolean => JSON.stringify(body.response_format ?? '').includes('odd');
  await using server = await serving((body) => (isOdd(body) ? "Invalid schema for response_format 'answer': no." : undefined));
  const provider = openAi(server);
  expect(await ask(provider, { schema: { title: 'odd' } })).toMatchObject({ adjusted: ['response_format'] });
  await ask(provider, { schema: { title: 'usual' } });
  expect(server.bodies.map((body) => 'response_format' in body)).toEqual([true, false, true]);
});

test('tells what each request sends', async () => {
  await using server = await serving((body) => ('temperature' in body ? 'temperature is not supported' : undefined));
  for (const make of [openAi, anthropic]) {
    const sent: ProviderRequest[] = [];
    await ask(make(server), {}, (one) => sent.push(one));
    expect(sent.map(({ temperature, maxTokens }) => [temperature, maxTokens])).toEqual([
      [0.2, 9],
      [undefined, 9],
    ]);
  }
});
