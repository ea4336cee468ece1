import { expect, test } from 'vitest';
import type { Try } from '../../tries/tries.ts';
import { lowest, totalsOf } from './totals.ts';

const about = { version: 1, variant: null, route: 'fast', routeVersion: 1, connection: 'demo', model: 'demo', demo: false, cached: false };
const done = (ms: number, costMicros: number | null): Try => ({
  kind: 'done',
  result: { ...about, text: 'Hello', usage: { inputTokens: 1, outputTokens: 1 }, costMicros, ms, firstTokenMs: 1, finishReason: 'stop', attempts: [] },
});

test('a column sums its costs, and averages its times', () => {
  const failed: Try = { kind: 'failed', text: '', error: new Error('broken') };
  expect(totalsOf([done(100, 3), done(300, 4), failed, undefined])).toEqual({ done: 2, failed: 1, meanMs: 200, costMicros: 7 });
  expect(totalsOf([done(100, 3), done(300, null)]).costMicros).toBeNull();
  expect(totalsOf([])).toEqual({ done: 0, failed: 0, meanMs: null, costMicros: 0 });
});

test('the lowest figure is only named if all are known and they differ', () => {
  expect(lowest([3, 2, 2])).toBe(2);
  expect(lowest([2, 2])).toBeUndefined();
  expect(lowest([2, null])).toBeUndefined();
  expect(lowest([])).toBeUndefined();
});
