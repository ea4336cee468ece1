import type { Usage } from '@switchyard/shared/run/events.ts';
import { formatNumber } from '../ui/format.ts';

/** “1,200 input (1,000 cached), 80 output (60 reasoning)” */
export function tokensLabel({ inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 }: Usage): string {
  const part = (tokens: number, what: string) => (tokens > 0 ? ` (${formatNumber(tokens)} ${what})` : '');
  return `${formatNumber(inputTokens)} input${part(cachedInputTokens, 'cached')}, ${formatNumber(outputTokens)} output${part(reasoningTokens, 'reasoning')}`;
}
