import { describe, expect, it } from 'vitest';
import { compileCel } from './cel.ts';
import { createScope } from './create-scope.ts';
import { EXPRESSION_FUNCTIONS } from './functions.ts';

const input = {
  message: ' Re: Invoice 42, please ',
  count: 2,
  tier: 'pro',
  items: [
    { name: 'b', price: 120 },
    { name: 'a', price: 30 },
    { name: 'b', price: 0.5 },
  ],
};
const scope = createScope({ trigger: {}, input, steps: {}, previous: {}, round: 1, vars: {}, run: {} });
const evaluate = (source: string): unknown => compileCel(source).evaluate(scope);

describe('functions of expressions', () => {
  it.each(EXPRESSION_FUNCTIONS.map(({ name, example }) => [name, example]))('evaluates the example of %s: %s', (name, example) => {
    expect(example).toContain(name === 'getHours' ? 'getHours(' : `${name}(`);
    expect(evaluate(example)).not.toBeUndefined();
  });

  it.each([
    ['input.message.trim().lower()', 're: invoice 42, please'],
    ['{"a": null}.?a.orDefault("x")', 'x'],
    ['parseJson("{\\"a\\": null}").?a.orValue("x")', null],
    ['{"a": {"b": null}}.?a.?b.orDefault("x")', 'x'],
    ['input.?nothing.?c.orDefault("x")', 'x'],
    ['{"a": false}.?a.orDefault(true)', false],
    ['input.?nothing.orDefault([1])', [1]],
    ['input.tier.orDefault("free")', 'pro'],
    ['"aXbX".replace("X", "-")', 'a-b-'],
    ['"a,b,c".split(",")', ['a', 'b', 'c']],
    ['"a,b,c".split(",", 2)', ['a', 'b,c']],
    ['"hello".substring(1, 3)', 'el'],
    ['"hello".indexOf("l") + "hello".lastIndexOf("l")', 5],
    ['"hello".truncate(4)', 'hel…'],
    ['"hello".truncate(5)', 'hello'],
    ['"👍👍👍".truncate(2)', '👍…'],
    ['size("👍é")', 2],
    ['input.message.matches("(?i)INVOICE\\\\s+\\\\d+")', true],
    ['input.items.map(x, x.price).join("; ")', '120; 30; 0.5'],
    ['input.items.map(x, x.name).unique().sort()', ['a', 'b']],
    ['input.items.map(x, x.price).sort()', [0.5, 30, 120]],
    ['[{"a": 1}, {"a": 1}, {"a": 2}].unique()', [{ a: 1 }, { a: 2 }]],
    ['input.items.reverse()[0].price', 0.5],
    ['input.items.slice(1).map(x, x.name)', ['a', 'b']],
    ['[[1], 2, [3, [4]]].flatten()', [1, 2, 3, [4]]],
    ['sum(input.items.map(x, x.price))', 150.5],
    ['[1, 2].sum() + [3, 1].max() + min(7, 4)', 10],
    ['round(2.345, 1)', 2.3],
    ['round(2.5) + floor(2.7) + ceil(2.1) + abs(-2)', 10],
    ['int("42") + int(4.9)', 46],
    ['double("4.5") + 1', 5.5],
    ['double("9007199254740992") + double("1e300") + double(2) - double("1e300")', 0],
    ['double("-inf") < double("7") && double("NaN") != 1', true],
    ['string(input.count) + string(true) + string(null)', '2true'],
    ['string({"a": [1]})', '{"a":[1]}'],
    ['toJson("x")', '"x"'],
    ['parseJson("{\\"a\\": [1, {\\"b\\": 2}]}").a[1].b', 2],
    ['{"a": 1, "b": 2}.values()', [1, 2]],
    ['timestamp("2026-01-31T12:00:00Z") > timestamp(0)', true],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it('have neither a clock nor randomness', () => {
    for (const name of ['now', 'random', 'uuid', 'today']) expect(() => compileCel(`${name}()`)).toThrow('is not a function');
  });
});
