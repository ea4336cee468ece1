import type { Price, UsageRow } from '@switchyard/shared/contracts/money.ts';

/* Which prices apply now. */

/** `later`: valid from a later time on. `replaced`: a newer price, or your own one, applies instead. */
export type PriceState = 'inUse' | 'later' | 'replaced';

export interface ListedPrice {
  readonly price: Price;
  readonly state: PriceState;
}

const fromOf = ({ from }: Price): string => from ?? '';

/** Prices with their state, by model, newest first. `now` is an ISO time. */
export function listedPrices(prices: readonly Price[], now: string): ListedPrice[] {
  const stateOf = (price: Price): PriceState => {
    if (fromOf(price) > now) return 'later';
    const isNewer = (other: Price) => fromOf(other) <= now && (price.builtIn ? !other.builtIn : !other.builtIn && fromOf(other) > fromOf(price));
    return prices.some((other) => other.model === price.model && other.connectionId === price.connectionId && isNewer(other)) ? 'replaced' : 'inUse';
  };
  return prices
    .map((price) => ({ price, state: stateOf(price) }))
    .sort((a, b) => a.price.model.localeCompare(b.price.model) || (fromOf(a.price) < fromOf(b.price) ? 1 : -1));
}

/** Models with calls of unknown price that have no price of your own yet, most calls first. */
export function unpricedModels(rows: readonly UsageRow[], prices: readonly Price[]): { readonly model: string; readonly calls: number }[] {
  const calls = new Map<string, number>();
  for (const { key, unknownPrice } of rows) if (unknownPrice > 0) calls.set(key, (calls.get(key) ?? 0) + unknownPrice);
  const priced = new Set(prices.map(({ model }) => model));
  return [...calls]
    .filter(([model]) => !priced.has(model))
    .map(([model, count]) => ({ model, calls: count }))
    .sort((a, b) => b.calls - a.calls);
}

/** Micro-dollars per token, which is the same number as dollars per million tokens. */
export const perMillion = (price: number): string =>
  price === 0 ? 'free' : `$${price.toLocaleString('en', { maximumFractionDigits: 6, minimumFractionDigits: 2 })}`;

/** “1 Jan 2027”, in UTC. */
export const dateWords = (from: string): string =>
  new Date(from).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
