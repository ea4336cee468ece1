import { expect, test } from 'vitest';
import { freeSlot, unplaced } from './run-placement.ts';

test('takes a run that waits or has ended out of its place', () => {
  for (const status of ['waiting', 'succeeded', 'failed', 'cancelled'] as const) expect(unplaced(status)).toEqual({ owner: null, queue: null, slot: null });
  for (const status of ['queued', 'running'] as const) expect(unplaced(status)).toBeUndefined();
});

test('gives the lowest free slot, and none once the limit is reached', () => {
  expect(freeSlot('wfl_1', 3, [])).toBe('wfl_1#1');
  expect(freeSlot('wfl_1', 3, ['wfl_1#3', 'wfl_1#1'])).toBe('wfl_1#2');
  expect(freeSlot('wfl_1', 2, ['wfl_1#1', 'wfl_1#2'])).toBeUndefined();
  // The limit was lowered while more runs were driven.
  expect(freeSlot('wfl_1', 2, ['wfl_1#4', 'wfl_1#5'])).toBeUndefined();
});
