import { expect, test } from 'vitest';
import { moneyLabel } from './money-label.ts';

test.each([
  [400_000, '$0.40'],
  [120_000_000, '$120'],
  [1_234_560_000, '$1,234.56'],
  [500, '$0.0005'],
  [1, '$0.000001'],
])('%d micro-dollars are %s', (micros, label) => {
  expect(moneyLabel(micros)).toBe(label);
});
