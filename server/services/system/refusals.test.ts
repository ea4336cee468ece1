import { expect, it } from 'vitest';
import { createRefusals, sumRefused } from './refusals.ts';

const START = Date.parse('2026-11-30T09:00:30.000Z');
const MINUTE = 60_000;

it('counts rejected requests by code, most recent first, and nothing that is a normal answer', () => {
  let now = START;
  const refusals = createRefusals(() => now);
  refusals.note('overloaded');
  refusals.note('rate-limited');
  now += MINUTE;
  refusals.note('overloaded');
  for (const normal of ['not-found', 'revision-conflict', 'internal'] as const) refusals.note(normal);
  expect(refusals.list()).toEqual([
    { code: 'overloaded', title: 'The server is overloaded', count: 2, lastAt: '2026-11-30T09:01:30.000Z' },
    { code: 'rate-limited', title: 'Too many requests', count: 1, lastAt: '2026-11-30T09:00:30.000Z' },
  ]);
});

it('forgets what is an hour old, also while nothing else is rejected', () => {
  let now = START;
  const refusals = createRefusals(() => now);
  refusals.note('paused');
  now += 30 * MINUTE;
  refusals.note('killed');
  now += 30 * MINUTE;
  expect(refusals.list()).toMatchObject([{ code: 'killed', count: 1 }]);
  now += 30 * MINUTE;
  expect(refusals.list()).toEqual([]);
});

it('adds up the counts of several processes', () => {
  const one = { code: 'killed', title: 'Stopped by a kill switch', count: 2, lastAt: '2026-11-30T09:00:00.000Z' } as const;
  const other = { ...one, count: 3, lastAt: '2026-11-30T09:05:00.000Z' };
  expect(sumRefused([one, other])).toEqual([{ ...other, count: 5 }]);
});
