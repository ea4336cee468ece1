import { expect, test } from 'vitest';
import type { RunEvent } from './events.ts';
import { isRemoved, removed, removedEvent } from './removed.ts';

const at = '2026-03-01T12:00:00.000Z';
const SECRET = 'the secret text';
const error = { code: 'node-failed', message: SECRET, details: { body: SECRET }, hint: SECRET, nodeKey: 'a', stepId: 'a#1' } as const;
const reply = { value: SECRET, status: 200, headers: { 'x-text': SECRET }, outcome: 'success' } as const;
const task = {
  title: SECRET,
  instructions: SECRET,
  assignee: SECRET,
  whenDue: { action: 'assign', assignee: SECRET },
  decisions: [{ id: 'ok', title: 'OK' }],
  fields: [{ name: 'a', label: 'A', kind: 'text', value: SECRET }],
  context: [],
} as const;
const record = {
  kind: 'model',
  route: 'fast',
  connection: 'c',
  provider: 'demo',
  model: 'demo',
  demo: true,
  request: { messages: [SECRET] },
  answer: SECRET,
  reasoning: SECRET,
  finishReason: 'stop',
  usage: { inputTokens: 1, outputTokens: 2 },
  costMicros: 3,
  latencyMs: 4,
  attempts: [{ connection: 'c', model: 'm', latencyMs: 1, error }],
} as const;
const events: RunEvent[] = [
  { type: 'step-started', at, stepId: 'a#1', nodeKey: 'a', nodeType: 'x', round: 1, attempt: 1, effect: 'pure', input: { text: SECRET } },
  { type: 'call-finished', at, stepId: 'a#1', callId: 'c', name: 'model', result: SECRET, record },
  {
    type: 'call-failed',
    at,
    stepId: 'a#1',
    callId: 'c',
    name: 'http',
    error,
    record: { kind: 'http', method: 'GET', url: `https://a.example/${SECRET}`, latencyMs: 1 },
  },
  {
    type: 'call-failed',
    at,
    stepId: 'a#1',
    callId: 'c',
    name: 'code',
    error,
    record: { kind: 'code', console: [{ level: 'log', text: SECRET }], leftOut: 2, latencyMs: 1 },
  },
  { type: 'attempt-failed', at, stepId: 'a#1', attempt: 1, error, waitId: 'w', retryAt: at },
  { type: 'step-waiting', at, stepId: 'a#1', wait: { kind: 'review', id: 'w', reviewId: 'r', task } },
  { type: 'step-waiting', at, stepId: 'a#1', wait: { kind: 'interrupted', id: 'w', reviewId: 'r', task } },
  { type: 'wait-ended', at, stepId: 'a#1', waitId: 'w', by: 'decision', value: { comment: SECRET } },
  { type: 'step-finished', at, stepId: 'a#1', output: [SECRET], port: null, recovered: error, reply },
  { type: 'step-failed', at, stepId: 'a#1', error, handled: false, attempt: 1 },
  {
    type: 'step-reused',
    at,
    stepId: 'a#1',
    nodeKey: 'a',
    nodeType: 'x',
    round: 1,
    fromRunId: 'r',
    input: SECRET,
    output: SECRET,
    port: null,
    error,
    recovered: error,
    reply,
  },
  { type: 'loop-exceeded', at, edgeId: 'e', sourceStepId: 'a#1', error },
  { type: 'run-failing', at, error },
  { type: 'run-finished', at, status: 'failed', error },
];

test.each(events)('nothing of a payload remains in $type', (event) => {
  const without = removedEvent(event);
  expect(JSON.stringify(without)).not.toContain(SECRET);
  expect(without.type).toBe(event.type);
  expect(removedEvent(without)).toEqual(without);
});

test('kept fields remain, with what leads to them', () => {
  const keeps = (path: readonly string[]): boolean => path.at(-1) === 'topic';
  const value = { topic: { name: 'billing' }, text: 'Hello', list: [{ topic: 1, note: null }, 'x'], other: { deep: 'Hello' } };
  const left = {
    topic: { name: 'billing' },
    text: { $removed: { type: 'string', bytes: 7 } },
    list: [{ topic: 1, note: null }, { $removed: { type: 'string', bytes: 3 } }],
    other: { $removed: { type: 'object', bytes: 16 } },
  };
  expect(removed(value, keeps)).toEqual(left);
  expect(removed(left, keeps)).toEqual(left);
  expect(removed({ other: 1 }, keeps)).toEqual({ $removed: { type: 'object', bytes: 11 } });
});

test('the type and length of a value remain', () => {
  expect(removed('ä')).toEqual({ $removed: { type: 'string', bytes: 4 } });
  expect(removed([1, 2])).toEqual({ $removed: { type: 'array', bytes: 5 } });
  expect(removed(null)).toBe(null);
  expect(removed({ $blob: 'a'.repeat(64), bytes: 70_000, preview: '{"a":' })).toEqual({ $removed: { type: 'object', bytes: 70_000 } });
  expect(isRemoved(removed(1))).toBe(true);
  expect(isRemoved({ $removed: 1 })).toBe(false);
});

test('says how many bytes a removed value had as JSON', () => {
  for (const value of ['', 'a', 'grüße', '€', '😀', 'grüße 😀 €'.repeat(100), { schlüssel: ['😀', 1.5] }, '\ud83d'])
    expect(removed(value)).toMatchObject({ $removed: { bytes: Buffer.byteLength(JSON.stringify(value)) } });
});
