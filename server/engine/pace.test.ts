import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('never more than its places are in hand, all are taken up once and in order', () => {
  const taken: string[] = [];
  const pace = createPace(3, (runId) => taken.push(runId));
  const all = Array.from({ length: 1_000 }, (_, index) => `run-${index}`);
  pace.add(all);
  expect(taken).toEqual(all.slice(0, 3));
  for (let ended = 0; ended < all.length; ended++) {
    pace.left(all[ended] ?? '');
    expect(taken.length - (ended + 1)).toBeLessThanOrEqual(3);
  }
  expect(taken).toEqual(all);
  expect(pace.waiting()).toBe(0);
});

test('a run that ends while it is being taken up gives its place on', () => {
  const taken: string[] = [];
  const pace = createPace(1, (runId) => {
    taken.push(runId);
    pace.left(runId);
  });
  pace.add(['a', 'b', 'c']);
  expect(taken).toEqual(['a', 'b', 'c']);
});

test('a run that never had a place frees none, and after a stop no more are taken up', () => {
  const taken: string[] = [];
  const pace = createPace(1, (runId) => taken.push(runId));
  pace.add(['a', 'b', 'b']);
  pace.left('somebody else');
  expect({ taken, waiting: pace.waiting() }).toEqual({ taken: ['a'], waiting: 1 });
  pace.stop();
  pace.left('a');
  expect(taken).toEqual(['a']);
});
