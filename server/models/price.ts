import type { Usage } from '@switchyard/shared/run/events.ts';
import builtIn from './prices.json' with { type: 'json' };

/** What a token costs, in micro-dollars. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
  /** If missing, cached input is charged like other input. */
  readonly cachedInput?: number | null | undefined;
  /** Input that the provider puts into its cache. If missing, 1.25 times other input, as with Anthropic, the only one that reports it. */
  readonly cacheWrite?: number | null | undefined;
}

/** A price of the workspace, which overrides the built-in one. */
export interface OwnPrice extends TokenPrice {
  readonly model: string;
  readonly connectionId: string | null;
  /** ISO time; null: always. */
  readonly from: string | null;
}

export const BUILT_IN_PRICES: Readonly<Record<string, TokenPrice>> = builtIn.models;

const byLength = Object.entries(BUILT_IN_PRICES).sort(([one], [two]) => two.length - one.length);

/**
 * The price of a model at a time: the workspace's own for the connection, then its own for the model, each the latest that is valid, then
 * the built-in one. Undefined for a model without a price.
 */
export function priceOf(own: readonly OwnPrice[], { model, connectionId, at }: { model: string; connectionId: string; at: string }): TokenPrice | undefined {
  const valid = own.filter((price) => price.model === model && (price.from === null || price.from <= at));
  const latest = (prices: readonly OwnPrice[]) => prices.toSorted((one, two) => ((one.from ?? '') < (two.from ?? '') ? 1 : -1))[0];
  return (
    latest(valid.filter((price) => price.connectionId === connectionId)) ?? latest(valid.filter((price) => price.connectionId === null)) ?? builtInPrice(model)
  );
}

function builtInPrice(model: string): TokenPrice | undefined {
  // Gateways name the same model `openai/gpt-5-mini`.
  const name = model.toLowerCase().slice(model.lastIndexOf('/') + 1);
  return byLength.find(([prefix]) => name === prefix || name.startsWith(`${prefix}-`))?.[1];
}

const CACHE_WRITE = 1.25;

/** The cost of a call in micro-dollars, which may be fractional. Reasoning is charged like other output. */
export const costOf = (price: TokenPrice, { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 }: Usage): number => {
  const cached = Math.min(cachedInputTokens, inputTokens);
  const written = Math.min(cacheWriteTokens, inputTokens - cached);
  const { input, cachedInput, cacheWrite } = price;
  return (
    (inputTokens - cached - written) * input + cached * (cachedInput ?? input) + written * (cacheWrite ?? input * CACHE_WRITE) + outputTokens * price.output
  );
};

/** The most that these tokens can cost: all input could be written to the cache, if that has a higher price. */
export const mostCostOf = (price: TokenPrice, { input, output }: { readonly input: number; readonly output: number }): number =>
  costOf({ ...price, input: Math.max(price.input, price.cacheWrite ?? 0) }, { inputTokens: input, outputTokens: output });
