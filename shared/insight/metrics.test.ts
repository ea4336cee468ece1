import { expect, it } from 'vitest';
import { conditionWords, observationWords } from './metrics.ts';

it('writes values with their unit', () => {
  expect(conditionWords('p95', 'above', 6_000)).toBe('p95 over 6 s');
  expect(conditionWords('failure-rate', 'above', 0.025)).toBe('Failure rate over 2.5%');
  expect(conditionWords('cost-per-success', 'above', 12_500)).toBe('Cost per success over $0.0125');
  expect(conditionWords('whole-p95', 'below', 5_400_000)).toBe('p95 with people under 90 min');
});

it('says from how many samples a value is, except of totals', () => {
  expect(observationWords({ metric: 'p95', windowMinutes: 60 }, { value: 7_412, samples: 1_120 })).toBe('7.4 s in the last hour, 1,120 runs');
  expect(observationWords({ metric: 'correction-rate', windowMinutes: 15 }, { value: null, samples: 1 })).toBe('no value in the last 15 min, 1 decided review');
  expect(observationWords({ metric: 'runs', windowMinutes: 180 }, { value: 4, samples: 4 })).toBe('4 in the last 3 h');
});
