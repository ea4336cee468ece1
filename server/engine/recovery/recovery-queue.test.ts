import { expect, test } from 'vitest';
import { createRecoveryQueue } from './recovery-queue.ts';

test('starts every run once, in order, and keeps no more active than it has slots', () => {
  const taken: string[] = [];
  const queue = createRecoveryQueue(
    (active) => active < 3,
    (runId) => taken.push(runId),
  );
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

test('frees the slot of a run that ends while it starts', () => {
  const taken: string[] = [];
  const queue = createRecoveryQueue(
    (active) => active < 1,
    (runId) => {
      taken.push(runId);
      queue.done(runId);
    },
  );
  queue.add(['a', 'b', 'c']);
  expect(taken).toEqual(['a', 'b', 'c']);
});

test('frees no slot for a run that has none, and starts nothing after a stop', () => {
  const taken: string[] = [];
  const queue = createRecoveryQueue(
    (active) => active < 1,
    (runId) => taken.push(runId),
  );
  queue.add(['a', 'b', 'b']);
  queue.done('another run');
  expect({ taken, queued: queue.queued() }).toEqual({ taken: ['a'], queued: 1 });
  queue.stop();
  queue.done('a');
  expect(taken).toEqual(['a']);
});
