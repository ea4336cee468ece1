import type { Usage } from './events.ts';

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** Counts without those that are zero and optional. */
export const usageFrom = ({ inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 }: Usage): Usage => ({
  inputTokens,
  outputTokens,
  ...(cachedInputTokens > 0 && { cachedInputTokens }),
  ...(cacheWriteTokens > 0 && { cacheWriteTokens }),
  ...(reasoningTokens > 0 && { reasoningTokens }),
});

export const addUsage = (a: Usage, b: Usage): Usage =>
  usageFrom({
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: (a.cachedInputTokens ?? 0) + (b.cachedInputTokens ?? 0),
    cacheWriteTokens: (a.cacheWriteTokens ?? 0) + (b.cacheWriteTokens ?? 0),
    reasoningTokens: (a.reasoningTokens ?? 0) + (b.reasoningTokens ?? 0),
  });
