import type { Usage } from '@switchyard/shared/run/events.ts';
import prices from './prices.json' with { type: 'json' };

const byLength = Object.entries(prices.models).sort(([one], [two]) => two.length - one.length);

/** The cost of a call in micro-dollars, which may be fractional. 0 and `known: false` for a model without a price. */
export function costMicros(model: string, usage: Usage): { readonly costMicros: number; readonly known: boolean } {
  // Gateways name the same model `openai/gpt-5-mini`.
  const name = model.toLowerCase().slice(model.lastIndexOf('/') + 1);
  const price = byLength.find(([prefix]) => name === prefix || name.startsWith(`${prefix}-`))?.[1];
  if (!price) return { costMicros: 0, known: false };
  return { costMicros: usage.inputTokens * price.input + usage.outputTokens * price.output, known: true };
}
