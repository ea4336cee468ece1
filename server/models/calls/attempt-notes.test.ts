import { AppError } from '@switchyard/shared/errors.ts';
import { costOfCall } from '@switchyard/shared/run/cost.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { expect, test } from 'vitest';
import { chatWith, request, scripted } from '../chat.fixture.ts';
import { NO_SPENDING } from '../spending.ts';

const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };
const USAGE = { inputTokens: 100, outputTokens: 10 };
const COST = 100 * 2 + 10 * 8;

/** The record of a call whose targets all fail, and its error. */
async function failed(chat: ReturnType<typeof chatWith>, asked = request): Promise<{ record: ModelCallRecord | undefined; error: AppError }> {
  const records: ModelCallRecord[] = [];
  const error = await chat(asked, { onFailed: (record) => void records.push(record) }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error('expected a failure');
  return { record: records[0], error };
}

test('an answer that doesn’t fit stays with its attempt, also if it is repaired', async () => {
  const { record } = await chatWith({ only: scripted('{"n": "x"}', '{"n": 1}') })({ ...request, schema, temperature: 0 });
  const [misfit, repaired] = record.attempts;
  expect(misfit).toMatchObject({ error: { code: 'bad-answer' }, answer: '{"n": "x"}', finishReason: 'stop', usage: USAGE, costMicros: COST });
  expect(misfit?.request).toEqual({ model: 'gpt-4.1', temperature: 0 });
  expect(repaired).toMatchObject({ usage: USAGE, costMicros: COST });
  expect(repaired).not.toHaveProperty('answer');
  expect(repaired).not.toHaveProperty('request');
  expect(record).toMatchObject({ answer: '{"n": 1}', usage: { inputTokens: 200, outputTokens: 20 }, costMicros: 2 * COST });
});

test('a call whose targets all fail has a record with everything that was sent and received; its error stays brief', async () => {
  const broken = { text: 'Hel', error: new AppError('provider-unavailable', 'cut off'), usage: { inputTokens: 40, outputTokens: 7 } };
  const chat = chatWith({ first: scripted(broken), second: scripted('{"n": "x"}', 'nonsense') });
  const { record, error } = await failed(chat, { ...request, schema });
  expect(record).toMatchObject({
    kind: 'model',
    route: 'fast',
    routeVersion: 3,
    connection: 'second',
    provider: 'openai',
    model: 'gpt-4.1',
    answer: '',
    finishReason: 'error',
    usage: { inputTokens: 240, outputTokens: 27 },
    costMicros: 40 * 2 + 7 * 8 + 2 * COST,
    attempts: [
      { connection: 'first', error: { code: 'provider-unavailable' }, answer: 'Hel', usage: broken.usage, costMicros: 136 },
      { connection: 'second', error: { code: 'bad-answer' }, answer: '{"n": "x"}' },
      { connection: 'second', error: { code: 'bad-answer' }, answer: 'nonsense', request: { messages: [{ role: 'assistant' }, { role: 'user' }] } },
    ],
  });
  expect(record?.attempts[0]?.firstTokenMs).toEqual(expect.any(Number));
  expect(record?.request).toMatchObject({ messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }] });
  const allowed = ['connection', 'model', 'latencyMs', 'queuedMs', 'error'];
  for (const attempt of error.details.attempts as object[]) expect(allowed).toEqual(expect.arrayContaining(Object.keys(attempt)));
});

test('only the beginning of a long text that could not be used is kept', async () => {
  const text = 'x'.repeat(25_000);
  const chat = chatWith({ only: scripted({ text, error: new AppError('provider-refused', 'content filter') }) });
  const { record } = await failed(chat);
  expect(record?.attempts[0]).toMatchObject({ answer: 'x'.repeat(10_000), answerLength: 25_000 });
});

test('what was never sent has no request, and a call of which nothing was sent has no record', async () => {
  const reserve = () => Promise.reject(new AppError('budget-exceeded', 'used up'));
  const { record, error } = await failed(chatWith({ only: scripted('never') }, {}, { spending: { ...NO_SPENDING, reserve } }));
  expect(error).toMatchObject({ code: 'budget-exceeded', details: { attempts: [{ connection: 'only' }] } });
  expect(record).toBeUndefined();
});

test('a model without a price costs an unknown amount in its attempt', async () => {
  const targets = [{ connectionId: 'only', model: 'unpriced' }];
  const { record } = await chatWith({ only: scripted('fine') }, { targets })();
  expect(record.attempts).toMatchObject([{ usage: USAGE, costMicros: null }]);
});

test('the cost of a priced target is kept if the one that answers has no price', async () => {
  const broken = { text: 'Hel', error: new AppError('provider-unavailable', 'cut off'), usage: { inputTokens: 40, outputTokens: 7 } };
  const targets = [
    { connectionId: 'first', model: 'gpt-4.1' },
    { connectionId: 'second', model: 'unpriced' },
  ];
  const noted: unknown[] = [];
  const spending = { ...NO_SPENDING, note: (call: unknown) => void noted.push(call) };
  const { record } = await chatWith({ first: scripted(broken), second: scripted('fine') }, { targets }, { spending })();
  expect(noted).toMatchObject([{ costMicros: null, knownMicros: 136 }]);
  expect(costOfCall(record)).toEqual({ costMicros: 136, unknownPrice: 1 });
});

test('the record has the request as sent, without rejected parameters', async () => {
  const provider = scripted('fine', new AppError('provider-refused'));
  const adapting: typeof provider = {
    ...provider,
    chat: ({ temperature: _rejected, ...sent }, signal, onDelta, onLost, onSent) => {
      onSent?.(sent);
      return provider.chat(sent, signal, onDelta, onLost);
    },
  };
  const chat = chatWith({ only: adapting });
  const asked = { ...request, temperature: 0.5, maxTokens: 9 };
  expect((await chat(asked)).record.request).toEqual({ model: 'gpt-4.1', messages: request.messages, maxTokens: 9 });
  const { record } = await failed(chat, asked);
  expect(record?.request).toEqual({ model: 'gpt-4.1', messages: request.messages, maxTokens: 9 });
  expect(record?.attempts[0]?.request).toEqual({ model: 'gpt-4.1', maxTokens: 9 });
});
