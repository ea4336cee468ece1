import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ChatRequest, textMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { chatWith, request, scripted } from './chat.fixture.ts';
import { createDemoProvider } from './demo.ts';
import type { ModelProvider } from './provider.ts';

const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };

/** The waits before retries in the current test. */
const waits: number[] = [];
beforeEach(() => {
  waits.length = 0;
});

function chatOver(providers: Record<string, ModelProvider>, targets?: RouteTarget[]) {
  const chat = chatWith(providers, targets ? { targets } : {}, { pause: async (ms) => void waits.push(ms) });
  return (asked: ChatRequest = request, signal: AbortSignal = new AbortController().signal, onDelta: (text: string) => void = () => undefined) =>
    chat(asked, { signal, onDelta });
}

describe('a route', () => {
  test.each(['provider-auth', 'provider-refused', 'egress-refused'] as const)('calls the next target at once on %s', async (code) => {
    const { answer, record } = await chatOver({ first: scripted(new AppError(code)), second: scripted('fine') })();
    expect(answer.text).toBe('fine');
    expect(record.connection).toBe('second');
    expect(record.attempts).toEqual([
      { connection: 'first', model: 'gpt-4.1', latencyMs: expect.any(Number), error: { code, message: expect.any(String) }, request: { model: 'gpt-4.1' } },
      {
        connection: 'second',
        model: 'gpt-4.1',
        latencyMs: expect.any(Number),
        usage: { inputTokens: 100, outputTokens: 10 },
        costMicros: 280,
        firstTokenMs: expect.any(Number),
      },
    ]);
  });

  test.each(['provider-unavailable', 'provider-rate-limited', 'provider-overloaded', 'provider-timeout'] as const)(
    'calls a target twice more on %s before the next one',
    async (code) => {
      const { record } = await chatOver({ first: scripted(new AppError(code), new AppError(code), new AppError(code)), second: scripted('fine') })();
      expect(record.attempts.map(({ connection, error }) => [connection, error?.code])).toEqual([
        ['first', code],
        ['first', code],
        ['first', code],
        ['second', undefined],
      ]);
      expect(waits[0]).toBeGreaterThanOrEqual(375);
      expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    },
  );

  test('leaves out targets whose condition is not met, and records why and which version it is', async () => {
    const targets = [
      { connectionId: 'first', model: 'small', when: 'size > 1000' },
      { connectionId: 'first', model: 'odd', when: 'labels.tier == "free"' },
      { connectionId: 'second', model: 'large', when: 'attempt == 1' },
    ];
    const { record } = await chatOver({ first: scripted('never'), second: scripted('fine') }, targets)();
    expect(record).toMatchObject({
      routeVersion: 3,
      connection: 'second',
      attempts: [{ model: 'large' }],
      leftOut: [
        { connectionId: 'first', model: 'small', reason: 'The condition is not met.' },
        { model: 'odd', reason: expect.stringContaining('tier') },
      ],
    });
  });

  test('fails if conditions leave out every target, naming them', async () => {
    const targets = [{ connectionId: 'first', model: 'small', when: 'false' }];
    await expect(chatOver({ first: scripted('never') }, targets)()).rejects.toMatchObject({
      code: 'no-target',
      message: 'The conditions of the route “fast” left out all of its targets. “small”: The condition is not met.',
      details: { route: 'fast@3', leftOut: [{ model: 'small' }] },
    });
  });

  test('waits a long Retry-After if conditions leave out all targets after it', async () => {
    const limited = new AppError('provider-rate-limited', 'slow down', { retryAfterMs: 5_000 });
    const targets = [
      { connectionId: 'first', model: 'a' },
      { connectionId: 'second', model: 'b', when: 'false' },
    ];
    await chatOver({ first: scripted(limited, 'fine'), second: scripted('never') }, targets)();
    expect(waits).toEqual([5_000]);
  });

  test('waits as long as Retry-After asks for', async () => {
    const limited = new AppError('provider-rate-limited', 'slow down', { retryAfterMs: 5_000 });
    const { answer } = await chatOver({ only: scripted(limited, 'fine') })();
    expect(answer.text).toBe('fine');
    expect(waits).toEqual([5_000]);
  });

  test('calls the next target instead of waiting long', async () => {
    const limited = new AppError('provider-rate-limited', 'slow down', { retryAfterMs: 5_000 });
    const { record } = await chatOver({ first: scripted(limited, 'late'), second: scripted('fine') })();
    expect(record.connection).toBe('second');
    expect(waits).toEqual([]);
  });

  test('does not wait beyond the target’s timeout', async () => {
    const limited = new AppError('provider-rate-limited', 'slow down', { retryAfterMs: 120_000 });
    await expect(chatOver({ only: scripted(limited, 'fine') })()).rejects.toMatchObject({ code: 'provider-rate-limited' });
    expect(waits).toEqual([]);
  });

  test('treats an empty answer as a failure, and counts its cost', async () => {
    const { answer, record } = await chatOver({ first: scripted(' \n'), second: scripted('fine') })();
    expect(record.attempts[0]?.error?.code).toBe('empty-answer');
    expect(answer.usage).toEqual({ inputTokens: 200, outputTokens: 20 });
    expect(answer.costMicros).toBe(2 * (100 * 2 + 10 * 8));
  });

  test('takes the next target if a model calls a tool that was not offered, and keeps a text that comes with such a call', async () => {
    const calling = (content: string): ModelProvider => ({
      chat: async ({ model }) => ({
        content,
        toolCalls: [{ id: 'c1', name: 'delete_all', arguments: '{}' }],
        usage: { inputTokens: 100, outputTokens: 10 },
        model,
        finishReason: 'tool_calls',
      }),
      listModels: async () => [],
    });
    const { answer, record } = await chatOver({ first: calling(''), second: scripted('Hello') })();
    expect([answer.text, answer.toolCalls]).toEqual(['Hello', undefined]);
    expect(record.attempts[0]?.error).toMatchObject({ code: 'empty-answer', message: expect.stringContaining('delete_all') });
    const { answer: texted } = await chatOver({ only: calling('Hi') })();
    expect([texted.text, texted.toolCalls]).toEqual(['Hi', undefined]);
  });

  test('aborts a target that takes too long, and calls the next one', async () => {
    const targets = [
      { connectionId: 'first', model: 'slow', timeoutMs: 20 },
      { connectionId: 'second', model: 'quick' },
    ];
    const { record } = await chatOver({ first: scripted(undefined), second: scripted('fine') }, targets)();
    expect(record.attempts[0]?.error?.code).toBe('provider-timeout');
  });

  test('records a deleted connection as an attempt', async () => {
    const targets = [
      { connectionId: 'gone', model: 'a' },
      { connectionId: 'second', model: 'b' },
    ];
    const { record } = await chatOver({ second: scripted('fine') }, targets)();
    expect(record.attempts.map(({ connection, error }) => [connection, error?.code])).toEqual([
      ['gone', 'not-found'],
      ['second', undefined],
    ]);
  });

  test('throws the last error with every attempt if all targets fail', async () => {
    const failed = chatOver({
      first: scripted(new AppError('provider-auth')),
      second: scripted(...Array(3).fill(new AppError('provider-rate-limited', 'later', { retryAfterMs: 500, beforeEffect: true }))),
    })();
    await expect(failed).rejects.toMatchObject({
      code: 'provider-rate-limited',
      retryAfterMs: 500,
      beforeEffect: true,
      details: { attempts: [{ error: { code: 'provider-auth' } }, ...Array(3).fill({ error: { code: 'provider-rate-limited' } })] },
    });
  });

  test('ends on the caller’s abort with its reason, and calls no other target', async () => {
    const controller = new AbortController();
    const second = scripted('fine');
    const first = scripted(undefined);
    const reason = new Error('cancelled');
    const asked = chatOver({ first, second })(request, controller.signal);
    await expect.poll(() => first.seen.length).toBe(1);
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(second.seen).toHaveLength(0);
  });

  test('says that a route has no target', async () => {
    await expect(chatOver({})()).rejects.toMatchObject({ code: 'no-target' });
  });

  test('uses the target’s parameters where the request has none', async () => {
    const first = scripted('fine', 'fine');
    const chat = chatOver({ first }, [{ connectionId: 'first', model: 'm', parameters: { temperature: 0.1, maxTokens: 7 } }]);
    await chat();
    await chat({ ...request, temperature: 0.9 });
    expect(first.seen.map(({ temperature, maxTokens }) => [temperature, maxTokens])).toEqual([
      [0.1, 7],
      [0.9, 7],
    ]);
  });
});

describe('a schema', () => {
  test('corrects small slips without a second call', async () => {
    const first = scripted('{"n": "3",}');
    const { answer } = await chatOver({ first })({ ...request, schema });
    expect(answer.value).toEqual({ n: 3 });
    expect(first.seen).toHaveLength(1);
  });

  test('checks less if the node accepts less', async () => {
    const { answer } = await chatOver({ first: scripted('{"other": 1}') })({ ...request, schema, accept: { type: 'object' } });
    expect(answer.value).toEqual({ other: 1 });
  });

  test('parses the answer, also from a code fence', async () => {
    const { answer } = await chatOver({ first: scripted('```json\n{"n": 3}\n```') })({ ...request, schema });
    expect(answer.value).toEqual({ n: 3 });
  });

  test('sends a bad answer back once to the same target, with what was wrong', async () => {
    const first = scripted('{"n": "three"}', '{"n": 3}');
    const { answer, record } = await chatOver({ first })({ ...request, schema });
    expect(answer.value).toEqual({ n: 3 });
    expect(answer.usage).toEqual({ inputTokens: 200, outputTokens: 20 });
    expect(first.seen[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(textOf(first.seen[1]?.messages[2] ?? textMessage('user', ''))).toContain('n must be a number');
    expect(record.attempts.map(({ error }) => error?.code)).toEqual(['bad-answer', undefined]);
  });

  test('calls the next target after an answer that stays bad, and finally throws an error with the fields', async () => {
    const first = scripted('nonsense', 'more nonsense');
    const second = scripted('{}', '{}');
    const failed = chatOver({ first, second })({ ...request, schema });
    await expect(failed).rejects.toMatchObject({
      code: 'bad-answer',
      fields: [{ path: 'n', message: 'is missing' }],
      details: { usage: { inputTokens: 400 } },
    });
    expect([first.seen.length, second.seen.length]).toEqual([2, 2]);
  });

  test('rejects an invalid schema before any call', async () => {
    const first = scripted('{}');
    await expect(chatOver({ first })({ ...request, schema: { type: 'nothing' } })).rejects.toMatchObject({ code: 'bad-request' });
    expect(first.seen).toHaveLength(0);
  });
});

describe('the demo model behind a route', () => {
  const demo = createDemoProvider({ delayMs: 0 });

  test('joins its deltas to its answer, and records that it is the demo', async () => {
    const pieces: string[] = [];
    const { answer, record } = await chatOver({ demo }, [{ connectionId: 'demo', model: 'demo' }])(request, undefined, (text) => pieces.push(text));
    expect(pieces.join('')).toBe(answer.text);
    expect(record).toMatchObject({ demo: true, costMicros: 0 });
  });

  test.each([
    ['demo-fail', 'provider-unavailable'],
    ['demo-empty', 'empty-answer'],
    ['demo-nonsense', 'bad-answer'],
    ['demo-unknown', 'provider-refused'],
  ])('ends %s with %s', async (model, code) => {
    await expect(chatOver({ demo }, [{ connectionId: 'demo', model }])({ ...request, schema })).rejects.toMatchObject({ code });
  });

  test('stops demo-slow at once', async () => {
    const controller = new AbortController();
    const asked = chatOver({ demo }, [{ connectionId: 'demo', model: 'demo-slow' }])(request, controller.signal, () => controller.abort());
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the limits of a target', () => {
  test('a model that keeps failing is not called, and the next target is called immediately', async () => {
    const down = new AppError('provider-unavailable');
    const first = scripted(...Array.from({ length: 20 }, () => down));
    const ask = chatOver({ first, second: scripted(...Array.from({ length: 20 }, () => 'fine')) });
    await ask();
    await ask();
    expect(first.seen).toHaveLength(5);
    const { record } = await ask();
    expect(first.seen).toHaveLength(5);
    expect(record.attempts).toMatchObject([{ connection: 'first', error: { code: 'circuit-open' } }, { connection: 'second' }]);
  });

  test('a model that sends no first text in time leads to the next target', async () => {
    const targets = [
      { connectionId: 'first', model: 'slow', firstTokenMs: 100, retries: 0 },
      { connectionId: 'second', model: 'quick' },
    ];
    const { record } = await chatOver({ first: scripted(undefined), second: scripted('fine') }, targets)();
    expect(record.attempts).toMatchObject([
      { error: { code: 'provider-timeout', message: expect.stringContaining('sent no text within 0.1 s') } },
      { model: 'quick' },
    ]);
  });

  test('a model that falls silent halfway leads to the next target', async () => {
    const halting: ModelProvider = {
      chat: async (_asked, signal, onDelta) => {
        onDelta('a first word');
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
      listModels: async () => [],
    };
    const targets = [
      { connectionId: 'first', model: 'halting', silenceMs: 100 },
      { connectionId: 'second', model: 'quick' },
    ];
    const { record } = await chatOver({ first: halting, second: scripted('fine') }, targets)();
    expect(record.attempts).toMatchObject([
      { error: { code: 'provider-timeout', message: expect.stringContaining('was silent for 0.1 s') } },
      { model: 'quick' },
    ]);
  });

  test('a target sets how often a call is retried', async () => {
    const down = new AppError('provider-overloaded');
    const first = scripted(down, down, down, down);
    await chatOver({ first, second: scripted('fine') }, [
      { connectionId: 'first', model: 'm', retries: 0 },
      { connectionId: 'second', model: 'm' },
    ])();
    expect(first.seen).toHaveLength(1);
  });
});
