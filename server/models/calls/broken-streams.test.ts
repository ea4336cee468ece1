import { AppError } from '@switchyard/shared/errors.ts';
import type { ModelFallback } from '@switchyard/shared/run/events.ts';
import { expect, test } from 'vitest';
import { chatWith, request, scripted } from '../chat.fixture.ts';
import { NO_SPENDING, type SpentCall } from '../spending.ts';

const brokenOff = { text: 'Hel', error: new AppError('provider-unavailable', 'cut off') };
const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };

/** What a listener hears, with `↺` for a restart. */
function listener() {
  const heard: string[] = [];
  return { heard, onDelta: (text: string) => void heard.push(text), onRestart: () => void heard.push('↺') };
}

test('a route announces that the text starts again before the next target’s first words', async () => {
  const { heard, ...options } = listener();
  const { answer } = await chatWith({ first: scripted(brokenOff), second: scripted('Hello') })(request, { ...options, toCaller: true });
  expect(heard).toEqual(['Hel', '↺', 'Hello']);
  expect(answer.text).toBe('Hello');
});

test('a route announces nothing if a target failed before its first words', async () => {
  const { heard, ...options } = listener();
  await chatWith({ first: scripted(new AppError('provider-refused')), second: scripted('Hello') })(request, options);
  expect(heard).toEqual(['Hello']);
});

test('a call announces each target it falls back to, and why', async () => {
  const targets = {
    first: scripted(new AppError('provider-refused', 'No.')),
    second: scripted(new AppError('provider-auth', 'Bad key.')),
    third: scripted('Hello'),
  };
  const heard: ModelFallback[] = [];
  await chatWith(targets)(request, { onFallback: (fallback) => void heard.push(fallback) });
  const model = 'gpt-4.1';
  expect(heard).toEqual([
    { from: { connection: 'first', model }, to: { connection: 'second', model }, error: { code: 'provider-refused', message: 'No.' } },
    { from: { connection: 'second', model }, to: { connection: 'third', model }, error: { code: 'provider-auth', message: 'Bad key.' } },
  ]);
});

test('a repaired answer starts again, too', async () => {
  const { heard, ...options } = listener();
  await chatWith({ only: scripted('{"n": "x"}', '{"n": 1}') })({ ...request, schema }, options);
  expect(heard).toEqual(['{"n": "x"}', '↺', '{"n": 1}']);
});

test('a route that says so fails the call instead, if the text went to a caller', async () => {
  const route = () => chatWith({ first: scripted(brokenOff), second: scripted('Hello') }, { onBrokenStream: 'fail' });
  const { heard, ...options } = listener();
  await expect(route()(request, { ...options, toCaller: true })).rejects.toMatchObject({ code: 'provider-unavailable' });
  expect(heard).toEqual(['Hel']);
  expect((await route()(request, options)).answer.text).toBe('Hello');
});

test('a caller who can’t take text back gets no second answer', async () => {
  const { heard, ...options } = listener();
  const broken = chatWith({ first: scripted(brokenOff), second: scripted('Hello') });
  await expect(broken(request, { ...options, textIsFinal: true })).rejects.toMatchObject({ code: 'provider-unavailable' });
  const misfit = chatWith({ only: scripted('nonsense', '{"n": 1}') });
  await expect(misfit({ ...request, schema }, { ...options, textIsFinal: true })).rejects.toMatchObject({ code: 'bad-answer' });
  expect(heard).toEqual(['Hel', 'nonsense']);
});

test('a failed call pays for what was generated', async () => {
  const notes: SpentCall[] = [];
  const settled: unknown[] = [];
  const spending = {
    ...NO_SPENDING,
    reserve: async () => ({ settle: async (usage: unknown) => void settled.push(usage) }),
    note: (spent: SpentCall) => void notes.push(spent),
  };
  const usage = { inputTokens: 40, outputTokens: 7 };
  const call = chatWith({ only: scripted({ ...brokenOff, usage }) }, {}, { spending });
  await expect(call()).rejects.toMatchObject({ code: 'provider-unavailable', details: { usage, costMicros: 40 * 2 + 7 * 8 } });
  expect(settled).toEqual([usage]);
  expect(notes).toMatchObject([{ usage, costMicros: 136, error: 'provider-unavailable' }]);
});

test('a canceled call pays for what was generated', async () => {
  const notes: SpentCall[] = [];
  const canceled = new AbortController();
  const usage = { inputTokens: 40, outputTokens: 7 };
  const call = chatWith({ only: scripted({ ...brokenOff, usage }) }, {}, { spending: { ...NO_SPENDING, note: (spent) => void notes.push(spent) } });
  await expect(call(request, { signal: canceled.signal, onDelta: () => canceled.abort(new AppError('cancelled')) })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(notes).toMatchObject([{ usage, error: 'cancelled' }]);
});
