import { expect, test } from 'vitest';
import { costOf, mostCostOf, type OwnPrice, priceOf } from './price.ts';

const usage = { inputTokens: 1_000, outputTokens: 100 };
const AT = '2026-06-01T00:00:00.000Z';
const of = (model: string, own: readonly OwnPrice[] = [], connectionId = 'con_1') => priceOf(own, { model, connectionId, at: AT });
const own = (more: Partial<OwnPrice>): OwnPrice => ({ model: 'mine', connectionId: null, from: null, input: 1, output: 2, ...more });

test('uses the built-in price of the longest matching name', () => {
  expect(costOf(of('gpt-5-mini-2025-08-07') ?? own({}), usage)).toBe(1_000 * 0.25 + 100 * 2);
  expect(costOf(of('gpt-5-2025-08-07') ?? own({}), usage)).toBe(1_000 * 1.25 + 100 * 10);
  expect(costOf(of('openai/gpt-4.1-nano') ?? own({}), usage)).toBe(140);
});

test('prices cached input where its price is known, and reasoning as output', () => {
  const cached = { ...usage, cachedInputTokens: 600, reasoningTokens: 80 };
  expect(costOf(own({ cachedInput: 0.1 }), cached)).toBe(400 + 60 + 200);
  expect(costOf(own({ cachedInput: null }), cached)).toBe(1_000 + 200);
  expect(costOf(own({ cachedInput: 0.1 }), { ...cached, cachedInputTokens: 5_000 })).toBe(100 + 200);
  expect(costOf(of('claude-sonnet-4-5') ?? own({}), cached)).toBeCloseTo(400 * 3 + 600 * 0.3 + 100 * 15);
});

test('prices input that is written to a cache by its own price, or 1.25 times other input', () => {
  const written = { ...usage, cachedInputTokens: 600, cacheWriteTokens: 200 };
  expect(costOf(own({ cachedInput: 0.1, cacheWrite: 2 }), written)).toBe(200 + 60 + 400 + 200);
  expect(costOf(own({ cachedInput: 0.1 }), written)).toBe(200 + 60 + 250 + 200);
  expect(costOf(own({ cachedInput: 0.1, cacheWrite: 0 }), { ...written, cacheWriteTokens: 5_000 })).toBe(60 + 200);
});

test('the most that tokens can cost counts all input as written to the cache if that costs more', () => {
  expect(mostCostOf(own({}), { input: 1_000, output: 100 })).toBe(1_000 + 200);
  expect(mostCostOf(own({ cacheWrite: 3 }), { input: 1_000, output: 100 })).toBe(3_000 + 200);
  expect(mostCostOf(own({ cacheWrite: 0.5 }), { input: 1_000, output: 100 })).toBe(1_000 + 200);
});

test('has no price for an unknown model', () => {
  expect(of('SmolLM2')).toBeUndefined();
  expect(of('gpt-50')).toBeUndefined();
});

test('prefers the price of the workspace, that of the connection, and the latest that is valid', () => {
  const prices = [
    own({ input: 1 }),
    own({ input: 2, from: '2026-05-01T00:00:00.000Z' }),
    own({ input: 3, from: '2026-07-01T00:00:00.000Z' }),
    own({ input: 4, connectionId: 'con_2' }),
  ];
  expect(of('mine', prices)?.input).toBe(2);
  expect(of('mine', prices, 'con_2')?.input).toBe(4);
  expect(of('gpt-5', [own({ model: 'gpt-5', input: 9 })])?.input).toBe(9);
});
