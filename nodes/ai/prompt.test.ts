import { textOf } from '@switchyard/shared/model/chat.ts';
import { describe, expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { prompt } from './prompt.ts';

const params = { route: 'careful', system: 'You answer for {{ vars.brand }}.', message: 'The customer writes: {{ input.message }}' };
const world = { body: { message: 'Hello' }, scope: { vars: { brand: 'Nordlicht' } } };

describe('prompt', () => {
  it('sends its route the filled templates, and outputs the text and the model that wrote it', async () => {
    const { result, context } = await runNode(
      prompt,
      { ...params, temperature: 0.3, maxTokens: 400 },
      { ...world, chat: () => ({ text: 'Dear Ada', demo: true }) },
    );
    expect(result).toEqual({ kind: 'done', output: { text: 'Dear Ada', model: 'test-model', demo: true, finishReason: 'stop' } });
    const [{ request, stream } = { request: undefined, stream: false }] = context.chats;
    expect(request).toMatchObject({ route: 'careful', temperature: 0.3, maxTokens: 400 });
    expect(request?.schema).toBeUndefined();
    expect(request?.messages.map((message) => [message.role, textOf(message)])).toEqual([
      ['system', 'You answer for Nordlicht.'],
      ['user', 'The customer writes: Hello'],
    ]);
    expect(stream).toBe(true);
  });

  it('keeps the text of a draft from the caller if told to', async () => {
    const streamOf = async (more: object) =>
      (await runNode(prompt, { ...params, ...more }, { ...world, chat: () => ({ text: 'Hi' }) })).context.chats[0]?.stream;
    expect(await streamOf({ streamToCaller: false })).toBe('watchers');
    expect(await streamOf({ streamToCaller: false, stream: false })).toBe(false);
  });

  it('requests JSON with the schema, and outputs the value', async () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false };
    const json = { ...params, answer: 'json', schema, stream: false } as const;
    const { result, context } = await runNode(prompt, json, { ...world, chat: () => ({ text: '{"title":"A"}', value: { title: 'A' } }) });
    expect(result).toEqual({ kind: 'done', output: { value: { title: 'A' }, model: 'test-model', demo: false, finishReason: 'stop' } });
    expect(context.chats[0]).toMatchObject({ request: { schema, schemaName: 'answer' }, stream: false });
    expect(prompt.output(json)).toMatchObject({ properties: { value: schema } });
  });

  it('requests what the output schema of a registry prompt says, whatever its output format', async () => {
    const [outputSchema, own] = [
      { type: 'object', properties: { title: { type: 'string' } } },
      { type: 'object', properties: { name: { type: 'string' } } },
    ];
    const content = { messages: [{ role: 'user' as const, content: 'Hello' }], variables: {}, variants: [], outputSchema };
    const ask = (more: object) =>
      runNode(
        prompt,
        { route: 'fast', prompt: { name: 'greet', version: 1 }, ...more },
        { ...world, prompts: { 'greet@1': content }, chat: () => ({ text: '{"title":"A"}', value: { title: 'A' } }) },
      );
    const { result, context } = await ask({});
    expect(context.chats[0]).toMatchObject({ request: { schema: outputSchema, schemaName: 'answer' } });
    expect(result).toMatchObject({ output: { text: '{"title":"A"}', value: { title: 'A' } } });
    expect(prompt.output({ route: 'fast', prompt: { name: 'greet', version: 1 } })).toMatchObject({ properties: { text: { type: 'string' }, value: {} } });
    const named = { route: 'fast', prompt: { name: 'greet', version: 1 } };
    expect(prompt.output(named, outputSchema)).toMatchObject({ properties: { text: { type: 'string' }, value: outputSchema } });
    expect(prompt.output({ ...named, answer: 'json' }, outputSchema)).toMatchObject({ properties: { value: outputSchema } });
    expect(prompt.output({ ...named, answer: 'json', schema: own }, outputSchema)).toMatchObject({ properties: { value: own } });
    expect((await ask({ answer: 'json' })).context.chats[0]?.request.schema).toEqual(outputSchema);
    expect((await ask({ answer: 'json', schema: own })).context.chats[0]?.request.schema).toEqual(own);
    expect((await ask({ answer: 'text', schema: own })).context.chats[0]?.request.schema).toEqual(outputSchema);
  });

  it('omits an empty system message, and accepts any value as the message', async () => {
    const { context } = await runNode(prompt, { route: 'fast', message: '{{ input }}' }, { ...world, chat: () => ({ text: 'x' }) });
    expect(context.chats[0]?.request.messages.map((message) => [message.role, textOf(message)])).toEqual([['user', '{"message":"Hello"}']]);
  });

  it('does not treat outside text as a template', async () => {
    const { context } = await runNode(prompt, params, { ...world, body: { message: '{{ vars.brand }}' }, chat: () => ({ text: 'x' }) });
    expect(textOf(context.chats[0]?.request.messages[1] ?? { role: 'user', content: [] })).toBe('The customer writes: {{ vars.brand }}');
  });

  it('marks values from outside as data if told to, as new nodes are, and tells the model', async () => {
    const sent = async (markData?: boolean) => {
      const { context } = await runNode(prompt, { ...params, ...(markData && { markData }) }, { ...world, chat: () => ({ text: 'x' }) });
      return context.chats[0]?.request.messages.map(textOf);
    };
    expect(await sent()).toEqual(['You answer for Nordlicht.', 'The customer writes: Hello']);
    expect(await sent(true)).toEqual([
      expect.stringMatching(/^You answer for Nordlicht\.\n\nText between tags such as <data-…>/),
      expect.stringMatching(/^The customer writes: <(data-[a-z]{6})>Hello<\/\1>$/),
    ]);
    expect(prompt.defaults.markData).toBe(true);
  });

  it('fails with a message when the model returns nothing', async () => {
    const failed = runNode(prompt, params, { ...world, chat: () => ({ text: '  \n' }) });
    await expect(failed).rejects.toMatchObject({ code: 'empty-answer', message: expect.stringContaining('“careful”') });
  });

  it('reports what is missing', () => {
    expect(prompt.check({ route: '', message: ' ' }).map(({ message }) => message)).toEqual(['Choose a model route', 'Enter a message, or choose a prompt']);
    expect(prompt.check({ route: 'fast', message: 'x', answer: 'json' })).toMatchObject([{ path: ['schema'] }]);
    expect(prompt.check({ route: 'fast', message: 'x', answer: 'json', schema: { type: 'text' } })).toMatchObject([{ path: ['schema', 'type'] }]);
    expect(prompt.check({ route: 'fast', message: 'x', schema: { type: 'text' } })).toEqual([]);
  });

  it('counts its variables on the card', () => {
    expect(prompt.line({ route: 'fast', message: '{{ input.a }} {{input.a}} {{ input.b }}' })).toBe('route **fast** · 2 variables');
  });
});
