import type { Usage } from '@switchyard/shared/run/events.ts';
import { formatNumber } from '../ui/format.ts';

/** “1,200 input (1,000 cached), 80 output (60 reasoning)” */
export function tokensLabel({ inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 }: Usage): string {
  const input = parts([cachedInputTokens, 'cached'], [cacheWriteTokens, 'written to the cache']);
  return `${formatNumber(inputTokens)} input${input}, ${formatNumber(outputTokens)} output${parts([reasoningTokens, 'reasoning'])}`;
}

function parts(...counts: readonly (readonly [tokens: number, what: string])[]): string {
  const told = counts.flatMap(([tokens, what]) => (tokens > 0 ? [`${formatNumber(tokens)} ${what}`] : []));
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}
