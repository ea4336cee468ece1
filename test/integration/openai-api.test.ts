import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createKillSwitch, deleteKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { createToken } from '@switchyard/shared/contracts/sign-in.ts';
import {
  createWorkflow,
  deleteWorkflow,
  pauseWorkflow,
  publishWorkflow,
  resumeWorkflow,
  saveDraft,
  undeleteWorkflow,
} from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi, type TestApi } from '../kit/api.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, edge, graphOf, messageInput, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { PASSWORD, signedIn } from '../kit/signed-in.ts';
import { until } from '../kit/until.ts';

let server: TestServer;
let fake: FakeProvider;
let client: OpenAI;
beforeAll(async () => {
  fake = await startFakeProvider();
  server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '100' } });
  client = clientOf(server.base);
  await routeTo(server, 'good', fakeTarget(fake));
  await routeTo(server, 'chain', fakeTarget(fake), fakeTarget(fake, { model: 'fake-large' }));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const clientOf = (base: string, apiKey = 'unused'): OpenAI => new OpenAI({ apiKey, baseURL: `${base}/v1`, maxRetries: 0, logLevel: 'off' });
const asking = (text: string) => [{ role: 'user' as const, content: text }];

async function published(api: TestApi, graph: Graph, name = 'A workflow'): Promise<{ id: string; model: string }> {
  const { id, slug } = await api.call(createWorkflow, { body: { name, graph } });
  await api.call(publishWorkflow, { params: { id } });
  return { id, model: `workflow/${slug}` };
}

const promptGraph = (value: string, route: string): Graph =>
  graphOf(
    [messageInput(), node('prompt', 'ask', { route, message: '{{ input.message }}' }), node('output', 'reply', { value })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );

async function textsIn(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<{ chunks: OpenAI.ChatCompletionChunk[]; texts: string[] }> {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return { chunks, texts: chunks.flatMap(({ choices }) => choices[0]?.delta.content || []) };
}

test('a route answers, with usage', async () => {
  const answer = await client.chat.completions.create({ model: 'route/good', messages: asking('ping'), temperature: 0.5, top_p: 0.9, max_tokens: 50 });
  expect(answer).toMatchObject({
    object: 'chat.completion',
    model: 'route/good',
    choices: [{ message: { role: 'assistant', content: 'You said: ping' }, finish_reason: 'stop' }],
  });
  expect(answer.usage).toEqual({ prompt_tokens: 1, completion_tokens: 4, total_tokens: 5 });
  expect(fake.calls.at(-1)?.body).toMatchObject({ temperature: 0.5, top_p: 0.9, max_tokens: 50 });
});

test('a route streams its text, then usage if asked for', async () => {
  const stream = await client.chat.completions.create({
    model: 'route/good',
    messages: asking('one two'),
    stream: true,
    stream_options: { include_usage: true },
  });
  const { chunks, texts } = await textsIn(stream);
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.join('')).toBe('You said: one two');
  expect(new Set(chunks.map(({ object, id }) => `${object} ${id}`)).size).toBe(1);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
  const raw = await server.send('POST', '/v1/chat/completions', { body: { model: 'route/good', messages: asking('x'), stream: true } });
  expect(raw.headers.get('content-type')).toContain('text/event-stream');
  expect(raw.text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(raw.text).not.toContain('"usage"');
});

test('a route falls back before any text was sent, and fails after it', async () => {
  fake.failNext({ kind: 'status', status: 400 });
  const { texts } = await textsIn(await client.chat.completions.create({ model: 'route/chain', messages: asking('hi'), stream: true }));
  expect(texts.join('')).toBe('You said: hi');
  expect(fake.calls.at(-1)?.model).toBe('fake-large');
  const before = fake.calls.length;
  fake.failNext({ kind: 'cut', afterWords: 2 });
  const stream = await client.chat.completions.create({ model: 'route/chain', messages: asking('a longer message'), stream: true });
  await expect(textsIn(stream)).rejects.toThrow(/^The model provider is unavailable$/);
  expect(fake.calls.length - before).toBe(1);
  fake.failNext({ kind: 'cut', afterWords: 2 });
  const types: string[] = [];
  const events = await client.responses.create({ model: 'route/chain', input: 'a longer message', stream: true });
  const reading = (async () => {
    for await (const { type } of events) types.push(type);
  })();
  await expect(reading).rejects.toThrow(/^The model provider is unavailable$/);
  expect(types.at(-1)).toBe('response.output_text.delta');
  fake.failNext({ kind: 'cut', afterWords: 2 });
  const whole = await client.chat.completions.create({ model: 'route/chain', messages: asking('whole') });
  expect(whole.choices[0]?.message.content).toBe('You said: whole');
});

test('a caller who disconnects cancels the call of a route', async () => {
  fake.failNext({ kind: 'hang' });
  const closed = fake.nextClose();
  const arrived = fake.nextCall();
  const leaving = new AbortController();
  const answer = client.chat.completions.create({ model: 'route/good', messages: asking('bye') }, { signal: leaving.signal });
  await arrived;
  leaving.abort();
  await expect(answer).rejects.toThrow(/abort/i);
  await closed;
});

test('a schema is enforced, and its JSON arrives in one piece', async () => {
  const response_format = {
    type: 'json_schema' as const,
    json_schema: { name: 'city', schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } },
  };
  fake.answerWith(() => '```json\n{"city": "Rome", "extra": 1}\n```');
  try {
    const answer = await client.chat.completions.create({ model: 'route/good', messages: asking('where?'), response_format });
    expect(answer.choices[0]?.message.content).toBe('{"city":"Rome"}');
    const { texts } = await textsIn(await client.chat.completions.create({ model: 'route/good', messages: asking('where?'), response_format, stream: true }));
    expect(texts).toEqual(['{"city":"Rome"}']);
  } finally {
    fake.answerWith(({ messages }) => `You said: ${messages.at(-1)?.text}`);
  }
});

test('a workflow gets the last user text and all messages, and answers with its output', async () => {
  const { model } = await published(server, echoGraph('{{ input }}'));
  const messages = [{ role: 'system' as const, content: 'Be brief.' }, ...asking('first'), { role: 'assistant' as const, content: 'Hm.' }, ...asking('second')];
  const { data: answer, response } = await client.chat.completions.create({ model, messages }).withResponse();
  expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({ message: 'second', messages });
  const runId = response.headers.get('x-run-id') ?? '';
  expect(answer).toMatchObject({ switchyard: { runId, statusUrl: expect.stringContaining('/hooks/status/') } });
  expect(await ended(server, runId)).toMatchObject({ trigger: 'openai', status: 'succeeded' });
  expect((await server.call(listRuns, { query: { trigger: 'openai' } })).items.map(({ id }) => id)).toContain(runId);
});

test('a workflow is called as it is now, whatever was changed since the last call', async () => {
  const { id, model } = await published(server, echoGraph('Old: {{ input.message }}'));
  const params = { id };
  const said = async (): Promise<unknown> =>
    client.chat.completions.create({ model, messages: asking('from ada@example.com') }).then(
      ({ choices }) => choices[0]?.message.content,
      (error: unknown) => (error instanceof OpenAI.APIError ? error.code : error),
    );
  expect(await said()).toBe('Old: from ada@example.com');
  await server.call(saveDraft, { params, body: { graph: echoGraph('New: {{ input.message }}'), revision: 1 } });
  expect(await said()).toBe('Old: from ada@example.com');
  await server.call(publishWorkflow, { params });
  expect(await said()).toBe('New: from ada@example.com');
  await server.call(putPolicies, { params, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  expect(await said()).toBe('New: from [email]');
  await server.call(pauseWorkflow, { params, body: {} });
  expect(await said()).toBe('paused');
  await server.call(resumeWorkflow, { params });
  expect(await said()).toBe('New: from [email]');
  await server.call(deleteWorkflow, { params });
  expect(await said()).toBe('model_not_found');
  await server.call(undeleteWorkflow, { params });
  expect(await said()).toBe('New: from [email]');
});

test('a workflow whose input has no other fields gets only the text', async () => {
  const schema = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'], additionalProperties: false };
  const graph = graphOf([node('input', 'start', { schema }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);
  const { model } = await published(server, graph);
  const answer = await client.chat.completions.create({ model, messages: asking('hi') });
  expect(answer.choices[0]?.message.content).toBe('{"message":"hi"}');
});

test('a workflow streams the text of the node whose text is its output', async () => {
  const graph = graphOf(
    [
      messageInput(),
      node('prompt', 'draft', { route: 'good', message: 'draft' }),
      node('prompt', 'ask', { route: 'good', message: '{{ input.message }}' }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'draft'), edge('draft', 'ask'), edge('ask', 'reply')],
  );
  const { model } = await published(server, graph);
  fake.failNext(undefined, { kind: 'slow', delayMs: 60 });
  const stream = await client.chat.completions.create({ model, messages: asking('one two three four'), stream: true, stream_options: { include_usage: true } });
  const { chunks, texts } = await textsIn(stream);
  expect(texts.join('')).toBe('You said: one two three four');
  expect(texts.length).toBeGreaterThan(1);
  expect(chunks.at(-1)).toMatchObject({ usage: { total_tokens: expect.any(Number) }, switchyard: { runId: expect.stringMatching(/^run_/) } });
});

test('a workflow’s stream fails if its text starts again, and its run still succeeds', async () => {
  const { id, model } = await published(server, promptGraph('{{ steps.ask.text }}', 'chain'));
  fake.failNext({ kind: 'cut', afterWords: 2, delayMs: 100 });
  const stream = await client.chat.completions.create({ model, messages: asking('a longer message'), stream: true });
  await expect(textsIn(stream)).rejects.toThrow(/restarted after part/);
  expect((await server.call(listRuns, { query: { workflowId: id } })).items).toMatchObject([{ status: 'succeeded' }]);
});

test('text that isn’t the output is not streamed', async () => {
  const { model } = await published(server, promptGraph('Re: {{ steps.ask.text }}', 'good'));
  const { texts } = await textsIn(await client.chat.completions.create({ model, messages: asking('one two three'), stream: true }));
  expect(texts).toEqual(['Re: You said: one two three']);
});

test('a wait for a person answers with the status URL', async () => {
  const { model } = await published(server, reviewGraph());
  const answer = await client.chat.completions.create({ model, messages: asking('hi') });
  expect(answer).toMatchObject({ switchyard: { statusUrl: expect.stringContaining('/hooks/status/') } });
  const { statusUrl } = (answer as unknown as { switchyard: { statusUrl: string } }).switchyard;
  expect(answer.choices[0]?.message.content).toBe(`A person has to review this first. The result will be at ${statusUrl}`);
  expect((await server.send('GET', statusUrl)).json).toMatchObject({ status: 'waiting' });
  const { chunks, texts } = await textsIn(await client.chat.completions.create({ model, messages: asking('hi'), stream: true }));
  expect(texts.join('')).toContain('A person has to review this first.');
  expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }], switchyard: { statusUrl: expect.any(String) } });
});

test('a caller who disconnects cancels nothing of a workflow', async () => {
  const { id, model } = await published(server, modelGraph());
  const leaving = new AbortController();
  const answer = client.chat.completions.create({ model, messages: asking('bye') }, { signal: leaving.signal });
  const runs = () => server.call(listRuns, { query: { workflowId: id } });
  await until('the run to start', async () => (await runs()).items.length === 1);
  leaving.abort();
  await expect(answer).rejects.toThrow(/abort/i);
  expect((await ended(server, (await runs()).items[0]?.id ?? '')).status).toBe('succeeded');
});

test('a failed workflow is an error that clients don’t repeat', async () => {
  const failing = await published(server, echoGraph('{{ input.missing }}'));
  const error = await client.chat.completions.create({ model: failing.model, messages: asking('hi') }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.APIError);
  expect(error).toMatchObject({ status: 500, code: 'expression-failed', type: 'server_error' });
  expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('x-should-retry')).toBe('false');
  const refusing = graphOf([messageInput(), node('output', 'reply', { value: 'Not today', status: '422' })], [edge('start', 'reply')]);
  const { model } = await published(server, refusing);
  await expect(client.chat.completions.create({ model, messages: asking('hi') })).rejects.toMatchObject({
    status: 422,
    error: { message: 'Not today', code: 'output-failure' },
  });
});

test('errors have OpenAI’s shape', async () => {
  const { id, model } = await published(server, echoGraph());
  await server.call(pauseWorkflow, { params: { id }, body: {} });
  const ask = { model: 'route/good', messages: asking('hi') };
  const cases: [body: unknown, status: number, error: object][] = [
    ['{"model": ', 400, { code: 'bad-json' }],
    ['[]', 400, { code: 'bad-request' }],
    [{ messages: asking('hi') }, 400, { code: 'bad-request', param: 'model', message: 'Invalid “model”: is missing.' }],
    [{ ...ask, messages: [{ role: 'user', content: 5 }] }, 400, { code: 'bad-request', param: 'messages[0].content' }],
    [{ ...ask, model: 'gpt-4o' }, 404, { code: 'model_not_found', param: 'model' }],
    [{ ...ask, model: 'route/none' }, 404, { code: 'model_not_found', param: 'model' }],
    [{ ...ask, model: 'workflow/none' }, 404, { code: 'model_not_found', param: 'model' }],
    [{ ...ask, model }, 503, { code: 'paused', type: 'server_error' }],
    [{ ...ask, n: 2 }, 400, { code: 'unsupported', param: 'n' }],
    [{ ...ask, n: 1, frequency_penalty: 0, user: 'me', seed: 1, stop: null }, 200, {}],
    [
      { ...ask, messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
      400,
      { code: 'unsupported', param: 'messages[0].content[0].type' },
    ],
    [
      { ...ask, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://x/y.png' } }] }] },
      400,
      { code: 'unsupported', param: 'messages[0].content[0]' },
    ],
    [
      { ...ask, response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'nothing' } } } },
      400,
      { code: 'bad-request', param: 'response_format.json_schema.schema' },
    ],
    ['x'.repeat(10_000_001), 413, { code: 'too-large', type: 'invalid_request_error' }],
  ];
  for (const [body, status, error] of cases) {
    const headers = { 'content-type': 'application/json' };
    const reply = await server.send('POST', '/v1/chat/completions', { body, headers });
    expect([reply.status, reply.json], reply.text.slice(0, 300)).toMatchObject([
      status,
      status === 200 ? {} : { error: { message: expect.any(String), param: null, type: 'invalid_request_error', ...error } },
    ]);
    expect(reply.headers.get('content-type')).toContain('application/json');
  }
  expect((await server.send('GET', '/v1/chat/completions')).status).toBe(405);
  expect(await server.send('GET', '/v1/nothing')).toMatchObject({ status: 404, json: { error: { code: 'not-found' } } });
});

test('a provider’s failure keeps its status', async () => {
  fake.failNext({ kind: 'status', status: 401 });
  await expect(client.chat.completions.create({ model: 'route/good', messages: asking('hi'), stream: true })).rejects.toMatchObject({
    status: 502,
    code: 'provider-auth',
  });
});

test('a kill switch stops workflows and routes here too', async () => {
  const { id, model } = await published(server, echoGraph());
  const scopes = [
    { model, scope: { kind: 'workflow', id } },
    { model: 'route/good', scope: { kind: 'route', id: 'good' } },
  ] as const;
  for (const { model: stopped, scope } of scopes) {
    const { id: switchId } = await server.call(createKillSwitch, { body: { scope, mode: 'refuse', reason: 'incident 7' } });
    const refused = client.chat.completions.create({ model: stopped, messages: asking('hi') });
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 503, code: 'killed', message: expect.stringContaining('incident 7') });
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('x-should-retry')).toBe('false');
    await server.call(deleteKillSwitch, { params: { id: switchId } });
  }
});

test('calls of routes count in the usage', async () => {
  await client.chat.completions.create({ model: 'route/good', messages: asking('hi') });
  await until('the usage', async () => (await server.send('GET', '/api/usage?by=route&bucket=day')).text.includes('good'));
});

test('lists routes and published workflows', async () => {
  const { model } = await published(server, echoGraph(), 'Listed');
  await server.call(createWorkflow, { body: { name: 'Only a draft', graph: echoGraph() } });
  const listed: string[] = [];
  for await (const { id } of client.models.list()) listed.push(id);
  expect(listed).toEqual(expect.arrayContaining(['route/fast', 'route/careful', 'route/good', model]));
  expect(listed).not.toContain('workflow/only-a-draft');
  expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model', owned_by: 'switchyard' });
  await expect(client.models.retrieve('route/none')).rejects.toMatchObject({ status: 404 });
});

test('works with the AI SDK', async () => {
  const provider = createOpenAICompatible({ name: 'switchyard', baseURL: `${server.base}/v1`, apiKey: 'unused', includeUsage: true });
  const whole = await generateText({ model: provider('route/good'), prompt: 'ping', maxRetries: 0 });
  expect([whole.text, whole.finishReason]).toEqual(['You said: ping', 'stop']);
  const { model } = await published(server, echoGraph('{{ input.message }}'));
  const streamed = streamText({ model: provider(model), prompt: 'pong', maxRetries: 0 });
  let text = '';
  for await (const part of streamed.textStream) text += part;
  expect(text).toBe('pong');
});

test('needs an API token with the run scope where there is a sign-in', async () => {
  await using locked = await startTestServer({ env: { SWITCHYARD_PASSWORD: PASSWORD } });
  const owner = createApi(locked.base, { cookie: (await signedIn(locked)).cookie });
  const { model } = await published(owner, echoGraph('{{ input.message }}'));
  const tokenFor = async (scope: 'run' | 'read') => (await owner.call(createToken, { body: { name: scope, scopes: [scope] } })).token;
  const ask = { model, messages: asking('hi') };
  await expect(clientOf(locked.base, 'wrong').chat.completions.create(ask)).rejects.toMatchObject({
    status: 401,
    code: 'invalid_api_key',
    type: 'authentication_error',
  });
  await expect(clientOf(locked.base, await tokenFor('read')).chat.completions.create(ask)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
  const answer = await clientOf(locked.base, await tokenFor('run')).chat.completions.create(ask);
  expect(answer.choices[0]?.message.content).toBe('hi');
});
