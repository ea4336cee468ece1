import { expect, it } from 'vitest';
import { judge } from './judge.ts';

const rule = { metric: 'p95', comparison: 'above', threshold: 6_000, hysteresis: 500, minSamples: 20 } as const;

it('opens beyond the threshold, and resolves only once the value is back by the hysteresis', () => {
  const at = (value: number) => judge(rule, { value, samples: 20 });
  expect([6_001, 6_000, 5_501, 5_500].map(at)).toEqual(['past', 'between', 'between', 'back']);
  const below = (value: number) => judge({ ...rule, comparison: 'below' }, { value, samples: 20 });
  expect([5_999, 6_000, 6_499, 6_500].map(below)).toEqual(['past', 'between', 'between', 'back']);
});

it('resolves at the threshold without a hysteresis', () => {
  expect(judge({ ...rule, hysteresis: 0 }, { value: 6_000, samples: 20 })).toBe('back');
});

it('has no data with too few samples or without a value, except that a total of nothing is zero', () => {
  expect(judge(rule, { value: 9_000, samples: 19 })).toBe('no-data');
  expect(judge(rule, { value: null, samples: 50 })).toBe('no-data');
  expect(judge({ ...rule, metric: 'runs', comparison: 'below', threshold: 1, hysteresis: 0 }, { value: 0, samples: 0 })).toBe('past');
});
