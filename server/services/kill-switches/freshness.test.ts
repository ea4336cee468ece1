import { expect, test } from 'vitest';
import { createFreshness } from './freshness.ts';

/** A clock, and a read at 0. */
function readAtStart() {
  const clock = { ms: 0 };
  const freshness = createFreshness(() => clock.ms);
  freshness.reading()();
  return { clock, freshness };
}

test('without confirmations, a read is always due, and stale after 2 s', () => {
  const { clock, freshness } = readAtStart();
  expect([freshness.isReadDue(), freshness.isStale()]).toEqual([true, false]);
  clock.ms = 2_001;
  expect(freshness.isStale()).toBe(true);
});

test('confirmations replace reads for 5 s, and are proof for 2 s', () => {
  const { clock, freshness } = readAtStart();
  for (const ms of [1_000, 2_000, 3_000, 4_000]) {
    clock.ms = ms;
    freshness.confirm(ms);
    expect([freshness.isReadDue(), freshness.isStale()]).toEqual([false, false]);
  }
  clock.ms = 5_000;
  expect(freshness.isReadDue()).toBe(true);
  clock.ms = 6_001;
  expect(freshness.isStale()).toBe(true);
});

test('what was changed must be read before anything is confirmed', () => {
  const { clock, freshness } = readAtStart();
  const early = freshness.reading();
  freshness.changed();
  early();
  clock.ms = 2_001;
  freshness.confirm(2_001);
  expect([freshness.isReadDue(), freshness.isStale()]).toEqual([true, true]);
  freshness.reading()();
  freshness.confirm(2_001);
  expect([freshness.isReadDue(), freshness.isStale()]).toEqual([false, false]);
});
