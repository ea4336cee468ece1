import { expect, test } from 'vitest';
import { periodEnd, periodKey } from './periods.ts';

const at = (time: string) => new Date(time);

test('a day begins at midnight in its time zone', () => {
  const day = { period: 'day' as const, timeZone: 'Asia/Tokyo' };
  expect(periodKey(day, at('2026-03-01T14:59:00Z'), 'run')).toBe('2026-03-01');
  expect(periodKey(day, at('2026-03-01T15:00:00Z'), 'run')).toBe('2026-03-02');
  expect(periodEnd(day, at('2026-03-01T14:59:30Z'))?.toISOString()).toBe('2026-03-01T15:00:00.000Z');
});

test('a month ends with its last day, and days of 23 and 25 hours are whole', () => {
  expect(periodEnd({ period: 'month' }, at('2026-02-03T04:05:06Z'))?.toISOString()).toBe('2026-03-01T00:00:00.000Z');
  const day = { period: 'day' as const, timeZone: 'Europe/Berlin' };
  expect(periodEnd(day, at('2026-03-29T00:30:00Z'))?.toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(periodEnd(day, at('2026-10-25T00:30:00Z'))?.toISOString()).toBe('2026-10-25T23:00:00.000Z');
});

test('the period of a run is the run', () => {
  expect(periodKey({ period: 'run' }, at('2026-03-01T00:00:00Z'), 'run_1')).toBe('run_1');
  expect(periodEnd({ period: 'run' }, at('2026-03-01T00:00:00Z'))).toBeUndefined();
});
