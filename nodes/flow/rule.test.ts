import { describe, expect, it } from 'vitest';
import { type Operator, ruleHolds } from './rule.ts';

const holds: [unknown, Operator, unknown][] = [
  ['gold', 'is', 'gold'],
  ['Gold', 'is-not', 'gold'],
  [3, 'is', '3'],
  [3, 'is', '3.0'],
  [3, 'is-not', 'three'],
  [true, 'is', 'true'],
  [null, 'is', ''],
  [{ a: 1 }, 'is', '{"a":1}'],
  [['a'], 'is', ['a']],
  ['please refund me', 'contains', 'refund'],
  ['please', 'not-contains', 'refund'],
  [['a', 3], 'contains', '3'],
  [['abc'], 'not-contains', 'b'],
  [{ tier: 1 }, 'contains', 'tier'],
  [{}, 'not-contains', 'constructor'],
  ['Re: order', 'starts-with', 'Re:'],
  ['photo.png', 'ends-with', '.png'],
  ['billing', 'one-of', 'billing, technical'],
  ['bill', 'one-of', ['bill', 'x']],
  [4, 'one-of', '3, 4'],
  [0.8, 'gte', '0.8'],
  ['10', 'gt', '9'],
  [-1, 'lt', 0],
  [2, 'lte', '2'],
  [true, 'true', undefined],
  ['false', 'false', undefined],
  [[], 'empty', undefined],
  ['  ', 'empty', undefined],
  [{}, 'empty', undefined],
  [null, 'empty', undefined],
  [0, 'not-empty', undefined],
  [false, 'not-empty', undefined],
  [null, 'exists', undefined],
  [undefined, 'not-exists', undefined],
];
const fails: [unknown, Operator, unknown][] = [
  ['gold', 'is', 'Gold'],
  [3, 'is', ''],
  ['billing', 'one-of', 'bill'],
  [0.79, 'gte', '0.8'],
  [9, 'gt', '10'],
  [1, 'true', undefined],
  [0, 'false', undefined],
  ['', 'not-empty', undefined],
  [undefined, 'exists', undefined],
  ['', 'not-exists', undefined],
];

describe('a rule', () => {
  it.each(holds)('%j %s %j is true', (left, operator, right) => {
    expect(ruleHolds(left, operator, right)).toBe(true);
  });
  it.each(fails)('%j %s %j is false', (left, operator, right) => {
    expect(ruleHolds(left, operator, right)).toBe(false);
  });

  it('reports a comparison of numbers without a number', () => {
    expect(() => ruleHolds('many', 'gt', 3)).toThrow('The field of a rule with > must be a number, but evaluated to “many”.');
    expect(() => ruleHolds(3, 'lte', '')).toThrow('The value of a rule with ≤ must be a number');
  });
});
