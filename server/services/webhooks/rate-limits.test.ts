import { expect, test } from 'vitest';
import { createRateLimits } from './rate-limits.ts';

test('a minute’s worth may arrive at once, then one as often as the minute has places', () => {
  let now = 0;
  const rates = createRateLimits(() => now);
  expect([1, 2, 3].map(() => rates.take('a', 3))).toEqual([0, 0, 0]);
  expect(rates.take('a', 3)).toBe(20_000);
  now = 19_000;
  expect(rates.take('a', 3)).toBe(1_000);
  now = 20_000;
  expect(rates.take('a', 3)).toBe(0);
  expect(rates.take('a', 3)).toBe(20_000);
});

test('each webhook has its own limit, and a pause gives no more than a minute’s worth', () => {
  let now = 0;
  const rates = createRateLimits(() => now);
  expect(rates.take('a', 1)).toBe(0);
  expect(rates.take('b', 1)).toBe(0);
  expect(rates.take('a', 1)).toBeGreaterThan(0);
  now = 86_400_000;
  expect(rates.take('a', 1)).toBe(0);
  expect(rates.take('a', 1)).toBeGreaterThan(0);
});

test('a clock that is set back blocks no caller for longer than a minute', () => {
  let now = 1_000_000;
  const rates = createRateLimits(() => now);
  expect(rates.take('a', 2)).toBe(0);
  now = 0;
  expect(rates.take('a', 2)).toBe(30_000);
  now = 30_000;
  expect(rates.take('a', 2)).toBe(0);
});

test('a returned place can be taken again, and only once', () => {
  const rates = createRateLimits(() => 0);
  expect([1, 2].map(() => rates.take('a', 2))).toEqual([0, 0]);
  rates.giveBack('a', 2);
  rates.giveBack('b', 2);
  expect(rates.take('a', 2)).toBe(0);
  expect(rates.take('a', 2)).toBe(30_000);
});

test('a period of another length has as many places', () => {
  let now = 0;
  const rates = createRateLimits(() => now, 600_000);
  expect([1, 2].map(() => rates.take('a', 2))).toEqual([0, 0]);
  expect(rates.take('a', 2)).toBe(300_000);
  now = 300_000;
  expect(rates.take('a', 2)).toBe(0);
});
