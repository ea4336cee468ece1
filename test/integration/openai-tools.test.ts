import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWorkflow, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { type ModelServer, routeTo } from '../kit/model-route.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** A model server of either protocol that asks for a function until it gets a result. */
async function toolServer(): Promise<AsyncDisposable & { readonly url: string; readonly bodies: Record<string, unknown>[] }> {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const body = JSON.parse(text || '{}');
    bodies.push(body);
    const isDone = text.includes('12 degrees');
    const openAi = isDone
      ? { role: 'assistant', content: 'It is 12 degrees.' }
      : { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }] };
    const block = isDone ? { type: 'text', text: 'It is 12 degrees.' } : { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rome' } };
    const answer = request.url?.includes('/messages')
      ? {
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [block],
          stop_reason: isDone ? 'end_turn' : 'tool_use',
          usage: { input_tokens: 3, output_tokens: 4 },
        }
      : {
          id: 'x',
          model: 'm',
          choices: [{ index: 0, message: openAi, finish_reason: isDone ? 'stop' : 'tool_calls' }],
          usage: { prompt_tokens: 3, completion_tokens: 4 },
        };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let server: TestServer;
let models: Awaited<ReturnType<typeof toolServer>>;
let client: OpenAI;
beforeAll(async () => {
  models = await toolServer();
  server = await startTestServer();
  client = new OpenAI({ apiKey: 'unused', baseURL: `${server.base}/v1`, maxRetries: 0, logLevel: 'off' });
  const target = (kind: ModelServer['kind']): ModelServer => ({ kind, baseUrl: kind === 'anthropic' ? models.url : `${models.url}/v1`, model: 'm' });
  await routeTo(server, 'openai', target('openai-compatible'));
  await routeTo(server, 'claude', target('anthropic'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

async function published(graph = echoGraph('{{ input }}')): Promise<string> {
  const { id, slug } = await server.call(createWorkflow, { body: { name: 'A workflow', graph } });
  await server.call(publishWorkflow, { params: { id } });
  return `workflow/${slug}`;
}

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ type: 'function' as const, function: { name: 'weather', description: 'The weather of a city', parameters } }];
const QUESTION = { role: 'user' as const, content: 'How warm is Rome?' };

test.each(['openai', 'claude'])('a conversation with a tool works on the route “%s”', async (route) => {
  const model = `route/${route}`;
  const asked = await client.chat.completions.create({ model, messages: [QUESTION], tools, tool_choice: 'required', parallel_tool_calls: false });
  const [choice] = asked.choices;
  expect(choice).toMatchObject({
    finish_reason: 'tool_calls',
    message: { content: null, tool_calls: [{ type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }] },
  });
  const calls = choice?.message.tool_calls ?? [];
  const messages = [QUESTION, ...(choice ? [choice.message] : []), { role: 'tool' as const, tool_call_id: calls[0]?.id ?? '', content: '12 degrees' }];
  const answered = await client.chat.completions.create({ model, messages, tools });
  expect(answered.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'It is 12 degrees.' } });
  const [first, second] = models.bodies.slice(-2);
  expect(first).toMatchObject(
    route === 'openai'
      ? { tools, tool_choice: 'required', parallel_tool_calls: false }
      : { tools: [{ name: 'weather', input_schema: parameters }], tool_choice: { type: 'any', disable_parallel_tool_use: true } },
  );
  expect(second?.messages).toMatchObject(
    route === 'openai'
      ? [QUESTION, { role: 'assistant', tool_calls: calls }, { role: 'tool', tool_call_id: calls[0]?.id, content: '12 degrees' }]
      : [
          { role: 'user' },
          { role: 'assistant', content: [{ type: 'tool_use', name: 'weather', input: { city: 'Rome' } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: calls[0]?.id, content: '12 degrees' }] },
        ],
  );
});

test('a tool call is streamed in one piece', async () => {
  const stream = client.chat.completions.stream({ model: 'route/openai', messages: [QUESTION], tools });
  const { choices } = await stream.finalChatCompletion();
  expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { tool_calls: [{ id: 'call_1', function: { arguments: '{"city":"Rome"}' } }] } });
});

test('a workflow rejects tools and schemas', async () => {
  const model = await published();
  await expect(client.chat.completions.create({ model, messages: [QUESTION], tools })).rejects.toMatchObject({
    status: 400,
    code: 'unsupported',
    param: 'tools',
  });
  const format = client.chat.completions.create({ model, messages: [QUESTION], response_format: { type: 'json_object' } });
  await expect(format).rejects.toMatchObject({ code: 'unsupported', param: 'response_format' });
});

const responseTools = [{ type: 'function' as const, name: 'weather', parameters, strict: false }];

test('the Responses API carries a conversation with a tool', async () => {
  const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'How warm is Rome?' }];
  const asked = await client.responses.create({ model: 'route/openai', instructions: 'Be brief.', input, tools: responseTools });
  expect(asked).toMatchObject({
    object: 'response',
    status: 'completed',
    output: [{ type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Rome"}' }],
    usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
  });
  input.push(...(asked.output as OpenAI.Responses.ResponseInputItem[]), { type: 'function_call_output', call_id: 'call_1', output: '12 degrees' });
  const answered = await client.responses.create({ model: 'route/openai', instructions: 'Be brief.', input, tools: responseTools });
  expect(answered.output_text).toBe('It is 12 degrees.');
  expect(models.bodies.at(-1)?.messages).toMatchObject([{ role: 'system' }, { role: 'user' }, { role: 'assistant' }, { role: 'tool' }]);
});

test('the Responses API streams events that build the response', async () => {
  const stream = client.responses.stream({ model: 'route/openai', input: 'Is it 12 degrees?' });
  const types: string[] = [];
  const numbers: number[] = [];
  for await (const one of stream) {
    types.push(one.type);
    numbers.push(one.sequence_number);
  }
  expect(types.slice(0, 5)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
  ]);
  expect(types.at(-1)).toBe('response.completed');
  expect(numbers).toEqual(numbers.map((_, index) => index));
  expect((await stream.finalResponse()).output_text).toBe('It is 12 degrees.');
  const withTool = await client.responses.stream({ model: 'route/openai', input: 'How warm is Rome?', tools: responseTools }).finalResponse();
  expect(withTool.output).toMatchObject([{ type: 'function_call', arguments: '{"city":"Rome"}' }]);
});

test('the Responses API runs workflows', async () => {
  const answer = await client.responses.create({ model: await published(), instructions: 'Be brief.', input: 'hi' });
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'hi' },
  ];
  expect(JSON.parse(answer.output_text)).toEqual({ message: 'hi', messages });
  const waiting = await client.responses.create({ model: await published(reviewGraph()), input: 'hi' });
  expect(waiting).toMatchObject({ switchyard: { runId: expect.stringMatching(/^run_/), statusUrl: expect.any(String) } });
  expect(waiting.output_text).toContain('A person has to review this first.');
});

test('the Responses API rejects what it doesn’t support', async () => {
  const ask = { model: 'route/openai', input: 'hi' };
  const image = [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,AA==' }] }];
  const cases: [body: object, param: string][] = [
    [{ ...ask, previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ ...ask, store: true }, 'store'],
    [{ ...ask, background: true }, 'background'],
    [{ ...ask, tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    [{ ...ask, text: { format: { type: 'json_object' } } }, 'text.format.type'],
    [{ ...ask, input: image }, 'input[0].content[0].type'],
    [{ ...ask, input: [{ type: 'item_reference', id: 'x' }] }, 'input[0].type'],
  ];
  for (const [body, param] of cases) {
    const reply = await server.send('POST', '/v1/responses', { body });
    expect([reply.status, reply.json], reply.text).toMatchObject([400, { error: { code: 'unsupported', param, type: 'invalid_request_error' } }]);
  }
  expect(await server.send('GET', '/v1/responses/resp_1')).toMatchObject({ status: 400, json: { error: { code: 'unsupported' } } });
  expect((await server.send('POST', '/v1/responses', { body: { ...ask, input: 'Is it 12 degrees?', store: false, metadata: {} } })).status).toBe(200);
  expect(await server.send('POST', '/v1/responses', { body: { ...ask, input: undefined } })).toMatchObject({
    status: 400,
    json: { error: { code: 'bad-request', param: 'input' } },
  });
});
