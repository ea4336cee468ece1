import { expect, test } from 'vitest';
import { tokensLabel } from './tokens-label.ts';

test('cached input and reasoning are named only if there were any', () => {
  expect(tokensLabel({ inputTokens: 1_200, outputTokens: 80 })).toBe('1,200 input, 80 output');
  expect(tokensLabel({ inputTokens: 1_200, outputTokens: 80, cachedInputTokens: 1_000, reasoningTokens: 60 })).toBe(
    '1,200 input (1,000 cached), 80 output (60 reasoning)',
  );
  expect(tokensLabel({ inputTokens: 1_200, outputTokens: 80, cachedInputTokens: 800, cacheWriteTokens: 300 })).toBe(
    '1,200 input (800 cached, 300 written to the cache), 80 output',
  );
});
