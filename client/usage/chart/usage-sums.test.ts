import type { UsageRow } from '@switchyard/shared/contracts/money.ts';
import { expect, test } from 'vitest';
import { callWords } from '../../ui/format.ts';
import { barsOf, callsNote, changeWords, costPerCall, costWords, gridOf, groupsOf, hasRisenSteeply, measureOf, totalOf } from './usage-sums.ts';

const row = <Cost extends number | null>(key: string, day: number, costMicros: Cost, more: Partial<Omit<UsageRow, 'costMicros'>> = {}) => ({
  bucket: `2026-11-${day}T00:00:00.000Z`,
  key,
  name: key,
  calls: 1,
  failedCalls: 0,
  inputTokens: 10,
  outputTokens: 2,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costMicros,
  unknownPrice: 0,
  ...more,
});

test('groups are sorted by cost, and all after the fourth share the gray', () => {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((key, index) => row(key, 11, 100 - index));
  const groups = groupsOf([row('f', 12, 200), ...rows], 'workflow');
  expect(groups.map(({ key, shade }) => [key, shade])).toEqual([
    ['f', 0],
    ['a', 1],
    ['b', 2],
    ['c', 3],
    ['d', 4],
    ['e', 4],
  ]);
  const starts = ['2026-11-11T00:00:00.000Z', '2026-11-12T00:00:00.000Z', '2026-11-13T00:00:00.000Z'];
  const bars = barsOf([row('f', 12, 200), ...rows], groups, starts, 'cost');
  expect(bars.map(({ parts }) => parts)).toEqual([
    [95, 100, 99, 98, 97 + 96],
    [200, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ]);
});

test('a sum says how it changed', () => {
  const cost = (micros: number, more: Parameters<typeof row>[3] = {}) => row('a', 11, micros, more);
  expect(changeWords(cost(112), cost(100), 'cost')).toBe('+12%');
  expect(changeWords(cost(50), cost(100), 'cost')).toBe('−50%');
  expect(changeWords(cost(100), cost(100), 'cost')).toBe('0%');
  expect(changeWords(cost(5_000), cost(100), 'cost')).toBe('× 50');
  expect(changeWords(cost(100), undefined, 'cost')).toBe('new');
  expect(changeWords(cost(100), cost(0), 'cost')).toBe('was free');
  expect(changeWords(cost(0), cost(0), 'cost')).toBe('–');
  expect(changeWords(cost(0, { calls: 3 }), cost(0, { calls: 2 }), 'calls')).toBe('+50%');
  expect([149, 150].map((micros) => hasRisenSteeply(cost(micros), cost(100), 'cost'))).toEqual([false, true]);
  expect(hasRisenSteeply(cost(150), cost(100), 'calls')).toBe(false);
  expect(hasRisenSteeply(cost(150), cost(0), 'cost')).toBe(false);
});

test('an unknown cost adds nothing, and is no price of zero', () => {
  const unknown = row('a', 11, null, { unknownPrice: 1 });
  expect(totalOf([unknown, row('a', 12, 100)])).toMatchObject({ costMicros: 100, unknownPrice: 1, calls: 2 });
  expect(barsOf([unknown], groupsOf([unknown], 'model'), [unknown.bucket], 'cost').map(({ parts }) => parts)).toEqual([[0, 0, 0, 0, 0]]);
  expect(changeWords(totalOf([row('a', 12, 100)]), totalOf([unknown]), 'cost')).toBe('–');
  expect(changeWords(totalOf([unknown]), totalOf([row('a', 12, 100)]), 'cost')).toBe('–');
});

test('calls without a key are named by what they lack', () => {
  expect(groupsOf([row('(none)', 11, 1)], 'tenant')[0]?.name).toBe('No tenant');
});

test('bars show calls if nothing has a known cost', () => {
  const rows = [row('llama', 11, 0, { calls: 3, unknownPrice: 3 })];
  expect(measureOf(totalOf(rows))).toBe('calls');
  expect(barsOf(rows, groupsOf(rows, 'model'), ['2026-11-11T00:00:00.000Z'], 'calls')[0]?.parts).toEqual([3, 0, 0, 0, 0]);
});

test.each([
  [80.7, [25, 50, 75, 100]],
  [100, [25, 50, 75, 100]],
  [3, [1, 2, 3]],
  [0.0012, [0.0005, 0.001, 0.0015]],
  [0, [1]],
])('the grid of %f has round lines', (most, lines) => {
  expect(gridOf(most).map((line) => Number(line.toPrecision(6)))).toEqual(lines);
});

test('bars of calls say why', () => {
  expect(callsNote({ costMicros: 0, unknownPrice: 0 })).toBe('Bars show calls: none of these calls cost anything.');
  expect(callsNote({ costMicros: null, unknownPrice: 3 })).toBe('Bars show calls: the prices are unknown.');
  expect(callsNote({ costMicros: 0, unknownPrice: 1 })).toBe('Bars show calls: the known prices are zero, the others unknown.');
});

test('a cost is never $0', () => {
  expect(costWords({ calls: 0, costMicros: 0 })).toBe('–');
  expect(costWords({ calls: 3, costMicros: null })).toBe('unknown');
  expect(costWords({ calls: 3, costMicros: 0 })).toBe('free');
  expect(costWords({ calls: 3, costMicros: 2_500_000 })).toBe('$2.50');
  expect(costPerCall({ calls: 3, unknownPrice: 1, costMicros: 5_000_000, inputTokens: 0, outputTokens: 0 })).toBe('$2.50');
  expect(callWords(1)).toBe('1 call');
});
