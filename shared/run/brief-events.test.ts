import { expect, test } from 'vitest';
import { createBrief } from './brief-events.ts';
import type { JournalEvent, RunEvent } from './events.ts';
import { fold } from './fold.ts';

const at = '2026-11-20T10:00:00.000Z';
const started = (stepId: string, nodeKey: string, input: unknown = 'a long input'): RunEvent => ({
  type: 'step-started',
  at,
  stepId,
  nodeKey,
  nodeType: 'prompt',
  round: 1,
  attempt: 1,
  effect: 'idempotent',
  input,
});
const record = {
  kind: 'model' as const,
  route: 'fast',
  connection: 'c',
  provider: 'demo',
  model: 'm',
  demo: true,
  request: 'long',
  answer: 'long',
  finishReason: 'stop',
  usage: { inputTokens: 3, outputTokens: 2 },
  costMicros: 7,
  latencyMs: 1,
  attempts: [],
};
const item = (index: number): RunEvent[] => {
  const stepId = `each#1[${index}]/ask#1`;
  return [
    started(stepId, 'ask'),
    { type: 'call-started', at, stepId, callId: `${stepId}/model:1`, name: 'model', kind: 'model' },
    { type: 'call-finished', at, stepId, callId: `${stepId}/model:1`, name: 'model', result: 'long', record },
    { type: 'step-finished', at, stepId, output: 'a long output', port: null },
    { type: 'frame-finished', at, frameId: `each#1[${index}]`, result: 'a long result' },
  ];
};
const numbered = (events: readonly RunEvent[], from = 1): JournalEvent[] => events.map((event, index) => ({ ...event, seq: from + index }));
const begin = (count: number): RunEvent[] => [
  { type: 'run-started', at, workflowId: 'w', version: 'draft', trigger: 'canvas', labels: {}, graphHash: 'h' },
  { ...started('each#1', 'each'), nodeType: 'for-each' } as RunEvent,
  { type: 'items-listed', at, stepId: 'each#1', items: ['a'], count, concurrency: 4, onItemError: 'collect' },
];
const counts = (events: readonly JournalEvent[]) => {
  const state = fold(events);
  return { items: state.steps.get('each#1')?.items, running: state.runningCount, open: [...state.frames.keys()], status: state.status };
};

test('an item that has ended is one event without its values, and the fold has the same items and counts', () => {
  const all = numbered([...begin(200), ...item(0), ...item(1), started('each#1[2]/ask#1', 'ask')]);
  const { events, spent } = createBrief()(all);
  expect(events.map(({ type }) => type)).toEqual(['run-started', 'step-started', 'items-listed', 'frame-finished', 'frame-finished', 'step-started']);
  expect(JSON.stringify(events)).not.toContain('long result');
  expect(counts(events)).toEqual(counts(all));
  expect(spent).toEqual({ usage: { inputTokens: 6, outputTokens: 4 }, costMicros: 14, unknownPrice: 0, demo: true });
});

test('an item that is still open is sent with its statuses only', () => {
  const all = numbered([...begin(200), ...item(0).slice(0, 4)]);
  const { events } = createBrief()(all);
  expect(events.slice(3)).toMatchObject([
    { type: 'step-started', input: null },
    { type: 'step-finished', output: null },
  ]);
  expect(counts(events)).toEqual(counts(all));
});

test('a short for-each is sent in full, also to a page that comes back and knows it', () => {
  const all = numbered([...begin(3), ...item(0)]);
  expect(createBrief()(all)).toEqual({ events: all });
  expect(createBrief(['each#1'])(all.slice(3))).toEqual({ events: all.slice(3) });
  expect(createBrief()(all.slice(3)).events).toHaveLength(1);
});

test('what happens in an item of a short for-each within a long one counts as in the long one', () => {
  const inner: RunEvent[] = [
    { ...started('each#1[0]/inner#1', 'inner') } as RunEvent,
    { type: 'items-listed', at, stepId: 'each#1[0]/inner#1', items: ['x'], count: 1, concurrency: 1, onItemError: 'collect' },
    started('each#1[0]/inner#1[0]/ask#1', 'ask'),
    { type: 'frame-finished', at, frameId: 'each#1[0]/inner#1[0]', result: 'long' },
  ];
  const { events } = createBrief()(numbered([...begin(200), ...inner]));
  expect(events.slice(3)).toMatchObject([{ input: null }, { items: null }, { input: null }, { type: 'frame-finished', result: null }]);
});
