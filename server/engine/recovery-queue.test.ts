import { expect, test } from 'vitest';
import { createRecoveryQueue } from './recovery-queue.ts';

test('no more runs than places are active, and all start once and in order', () => {
  const taken: string[] = [];
  const queue = createRecoveryQueue(3, (runId) => taken.push(runId));
  const all = Array.from({ length: 1_000 }, (_, index) => `run-${index}`);
  queue.add(all);
  expect(taken).toEqual(all.slice(0, 3));
  for (let ended = 0; ended < all.length; ended++) {
    queue.done(all[ended] ?? '');
    expect(taken.length - (ended + 1)).toBeLessThanOrEqual(3);
  }
  expect(taken).toEqual(all);
  expect(queue.queued()).toBe(0);
});

test('a run that ends while it starts frees its place', () => {
  const taken: string[] = [];
  const queue = createRecoveryQueue(1, (runId) => {
    taken.push(runId);
    queue.done(runId);
  });
  queue.add(['a', 'b', 'c']);
  expect(taken).toEqual(['a', 'b', 'c']);
});

test('a run without a place frees none, and none starts after a stop', () => {
  const taken: string[] = [];
  const queue = createRecoveryQueue(1, (runId) => taken.push(runId));
  queue.add(['a', 'b', 'b']);
  queue.done('another run');
  expect({ taken, queued: queue.queued() }).toEqual({ taken: ['a'], queued: 1 });
  queue.stop();
  queue.done('a');
  expect(taken).toEqual(['a']);
});
