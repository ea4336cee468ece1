import { expect, test } from 'vitest';
import { costMicros } from './price.ts';

const usage = { inputTokens: 1_000, outputTokens: 100 };

test('uses the price of the longest matching name', () => {
  expect(costMicros('gpt-5-mini-2025-08-07', usage)).toEqual({ costMicros: 1_000 * 0.25 + 100 * 2, known: true });
  expect(costMicros('gpt-5-2025-08-07', usage)).toEqual({ costMicros: 1_000 * 1.25 + 100 * 10, known: true });
  expect(costMicros('openai/gpt-4.1-nano', usage)).toEqual({ costMicros: 140, known: true });
});

test('returns no cost for a model without a price, and says it is unknown', () => {
  expect(costMicros('SmolLM2', usage)).toEqual({ costMicros: 0, known: false });
  expect(costMicros('gpt-50', usage)).toEqual({ costMicros: 0, known: false });
});
