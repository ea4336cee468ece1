import { expect, test } from 'vitest';
import { readersOf } from './real-values.ts';

const node = (type: string, title: string, params: Record<string, unknown> = {}, disabled = false) => ({
  id: title,
  type,
  position: { x: 0, y: 0 },
  data: { key: title, title, typeVersion: 1, params, disabled },
});
const sees = (nodes: ReturnType<typeof node>[]) => readersOf({ nodes }).map(({ who, node: title, seesRealValue }) => [who, title, seesRealValue]);

test('without nodes that restore, everyone sees the token', () => {
  expect(sees([node('prompt', 'Ask'), node('output', 'Reply'), node('redact', 'Hide', { action: 'redact' })])).toEqual([
    ['Models and prompts', undefined, false],
    ['Caller', undefined, false],
    ['Search, logs, and records', undefined, false],
  ]);
});

test('reviewers, and nodes that restore, see the real value', () => {
  const nodes = [
    node('human-review', 'Approve'),
    node('tool', 'Refund', { restore: true }),
    node('tool', 'Look up'),
    node('tool', 'Old', { restore: true }, true),
    node('redact', 'Show', { action: 'restore' }),
    node('output', 'Reply', { restore: true }),
  ];
  expect(sees(nodes)).toEqual([
    ['Models and prompts', undefined, false],
    ['Reviewers of', 'Approve', true],
    ['HTTP request', 'Refund', true],
    ['HTTP request', 'Look up', false],
    ['Steps after', 'Show', true],
    ['Caller, from', 'Reply', true],
    ['Search, logs, and records', undefined, false],
  ]);
});
