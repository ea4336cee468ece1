import type { Price, UsageRow } from '@switchyard/shared/contracts/money.ts';
import { expect, test } from 'vitest';
import { listedPrices, perMillion, unpricedModels } from './price-list.ts';

const NOW = '2026-11-30T12:00:00.000Z';
const price = (model: string, more: Partial<Price> = {}): Price => ({
  model,
  connectionId: null,
  input: 1,
  cachedInput: null,
  cacheWrite: null,
  output: 2,
  from: null,
  builtIn: false,
  ...more,
});

test('the latest valid price applies, and your own one before the built-in one', () => {
  const prices = [
    price('gpt', { builtIn: true }),
    price('gpt', { from: '2026-01-01T00:00:00.000Z' }),
    price('gpt'),
    price('gpt', { from: '2027-01-01T00:00:00.000Z' }),
    price('gpt', { connectionId: 'conn_1' }),
    price('other', { builtIn: true }),
  ];
  expect(listedPrices(prices, NOW).map(({ price: { model, connectionId, from, builtIn }, state }) => [model, connectionId ?? from ?? builtIn, state])).toEqual(
    expect.arrayContaining([
      ['gpt', '2027-01-01T00:00:00.000Z', 'later'],
      ['gpt', '2026-01-01T00:00:00.000Z', 'inUse'],
      ['gpt', false, 'replaced'],
      ['gpt', true, 'replaced'],
      ['gpt', 'conn_1', 'inUse'],
      ['other', true, 'inUse'],
    ]),
  );
});

test('a price that is valid later leaves the built-in one in use', () => {
  const later = price('gpt', { from: '2027-01-01T00:00:00.000Z' });
  expect(listedPrices([price('gpt', { builtIn: true }), later], NOW).map(({ state }) => state)).toEqual(['later', 'inUse']);
});

test('models without a price are listed until they have one', () => {
  const rows = [
    { key: 'llama', unknownPrice: 2 },
    { key: 'gpt', unknownPrice: 0 },
    { key: 'phi', unknownPrice: 5 },
    { key: 'llama', unknownPrice: 4 },
  ] as UsageRow[];
  expect(unpricedModels(rows, [])).toEqual([
    { model: 'llama', calls: 6 },
    { model: 'phi', calls: 5 },
  ]);
  expect(unpricedModels(rows, [price('llama')])).toEqual([{ model: 'phi', calls: 5 }]);
});

test('prices are in dollars per million tokens', () => {
  expect([perMillion(0.25), perMillion(0.0375), perMillion(15), perMillion(0)]).toEqual(['$0.25', '$0.0375', '$15.00', 'free']);
});
