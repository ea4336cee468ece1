import { expect, test } from 'vitest';
import { barsOf, latencyText, spendText } from './figure-texts.ts';

test('spending is never $0: no calls, no price, and a price of 0 have words', () => {
  expect(spendText({ calls: 0, failed: 0, costMicros: 0, unknownPrice: 0 })).toBe('–');
  expect(spendText({ calls: 3, failed: 0, costMicros: 0, unknownPrice: 3 })).toBe('unknown');
  expect(spendText({ calls: 3, failed: 0, costMicros: 0, unknownPrice: 0 })).toBe('free');
  expect(spendText({ calls: 3, failed: 3, costMicros: 0, unknownPrice: 0 })).toBe('–');
  expect(spendText({ calls: 3, failed: 0, costMicros: 2_840_000, unknownPrice: 0 })).toBe('$2.84');
  expect(spendText({ calls: 3, failed: 0, costMicros: 2_840_000, unknownPrice: 1 })).toBe('$2.84 +');
});

test('two latencies share their unit', () => {
  expect(latencyText(1_800, 4_100)).toBe('1.8 / 4.1 s');
  expect(latencyText(412, 1_200)).toBe('412 ms / 1.2 s');
  expect(latencyText(65_000, 125_000)).toBe('1 min 5 s / 2 min 5 s');
  expect(latencyText(null, null)).toBe('–');
});

test('minutes are joined into bars', () => {
  expect(
    barsOf(
      [1, 2, 3, 4].map((calls) => ({ calls, failed: 1 })),
      2,
    ),
  ).toEqual([
    { calls: 3, failed: 2 },
    { calls: 7, failed: 2 },
  ]);
});
