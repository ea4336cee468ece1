import { describe, expect, it } from 'vitest';
import { compileCel } from '../cel.ts';
import { createScope } from '../create-scope.ts';
import { EXPRESSION_FUNCTIONS } from './catalog.ts';

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
const scope = createScope({ trigger: {}, input, steps: {}, previous: {}, round: 1, vars: {}, run: {} }, 'run/step');
const evaluate = (source: string): unknown => compileCel(source).evaluate(scope);

describe('functions of expressions', () => {
  it.each(EXPRESSION_FUNCTIONS.map(({ name, example, result }) => [name, example, result]))('evaluates the example of %s: %s', (name, example, result) => {
    expect(example).toContain(`${name}(`);
    expect(evaluate(example)).toEqual(result);
  });

  it('are declared once, with a doc of one line', () => {
    const signatures = EXPRESSION_FUNCTIONS.map(({ signature }) => signature);
    expect(new Set(signatures).size).toBe(signatures.length);
    for (const { doc } of EXPRESSION_FUNCTIONS) expect(doc).toMatch(/^[A-Z][^\n]{0,160}\.$/);
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
    ['"a\\r\\nb\\nc".lines()', ['a', 'b', 'c']],
    ['"👍".padStart(3, "-") + "👍".padEnd(2)', '--👍👍 '],
    ['"été".capitalize() + "".capitalize()', 'Été'],
    ['"a1b22".extractAll("\\\\d+")', ['1', '22']],
    ['"aXb".extractAll("")', ['', '', '', '']],
    ['"none".extract("\\\\d+").orValue("-")', '-'],
    ['"a=1;b=".extractAll("\\\\w=(\\\\d)?")', ['1', '']],
    ['"k=v".groups("(?<key>\\\\w)=(\\\\w)(x)?").orValue({})', { key: 'k', '2': 'v', '3': null }],
    ['"k=v".groups("(?<__proto__>k)").orValue({}).keys()', ['__proto__']],
    ['"k=v".replaceMatches("(?<key>\\\\w)=(\\\\w)", "$2$$$<key>")', 'v$k'],
    ['"👍a👍".replaceMatches("a", "-")', '👍-👍'],
    ['"{a} {b.c} {} { x }".fill({"a": [1], "b": {"c": null}})', '[1]  {} { x }'],
    ['"Straße nach ŁÓDŹ — 東京 №5".slug()', 'strasse-nach-lodz-東京-no5'],
    ['"".slug() + "!?".slug()', ''],
    ['"night".similarity("nacht") + "A b".similarity("ab") + "a".similarity("b")', 1.25],
    [
      'parseUrl("HTTPS://u@Example.com:8080/a%20b?x=1#top").omit(["query"])',
      {
        href: 'https://u@example.com:8080/a%20b?x=1#top',
        origin: 'https://example.com:8080',
        protocol: 'https:',
        host: 'example.com:8080',
        hostname: 'example.com',
        port: '8080',
        pathname: '/a%20b',
        search: '?x=1',
        hash: '#top',
      },
    ],
    ['parseQuery("?a=1&a=2&a=3&b=x+y&__proto__=z").entries().size()', 3],
    ['{"a": [1, null], "b": {"c": 1}, "d": true}.toQuery()', 'a=1&b=%7B%22c%22%3A1%7D&d=true'],
    ['input.items.sortBy(x, x.price).map(x, x.name)', ['b', 'a', 'b']],
    ['input.items.sortBy(x, -x.price)[0].price', 120],
    ['input.items.sortBy(x, x.name).map(x, x.price)', [30, 120, 0.5]],
    ['input.items.groupBy(x, x.name).b.sumBy(y, y.price)', 120.5],
    ['input.items.countBy(x, x.name)', { b: 2, a: 1 }],
    ['input.items.countBy(x, "__proto__")["__proto__"]', 3],
    ['input.items.keyBy(x, x.name).b.price', 0.5],
    ['input.items.uniqueBy(x, [x.name]).size()', 2],
    ['input.items.map(x, input.items.sumBy(y, y.price * x.price)).size()', 3],
    ['input.items.minBy(x, x.price).price + input.items.maxBy(x, x.price).price', 120.5],
    ['[].sumBy(x, x.price) + sum([])', 0],
    ['[].sortBy(x, x)', []],
    ['input.items.first().?price.orValue(0) + input.items.last().?price.orValue(0)', 120.5],
    ['[].first().?price.orValue(0)', 0],
    ['[1, 2, 3].zip(["a"])', [[1, 'a']]],
    ['[1, 2, 3, 4].chunk(2.9).size()', 2],
    ['range(0) + range(2.5) + range(-1)', [0, 1, 2]],
    ['input.items[0].entries().toObject()', { name: 'b', price: 120 }],
    ['input.items[0].omit(["price"]).merge({"x": 1})', { name: 'b', x: 1 }],
    ['input.items[0].pick(["price", "other", "constructor"])', { price: 120 }],
    ['["a", "b"].zip([1, null]).toObject()', { a: 1, b: null }],
    ['parseJson("{\\"__proto__\\": 1}").merge({"a": 1}).keys()', ['__proto__', 'a']],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it('have neither a clock nor randomness', () => {
    for (const name of ['now', 'random', 'today']) expect(() => compileCel(`${name}()`)).toThrow('is not a function');
  });

  it.each([
    ['input.items.sortBy(x, x)', 'sortBy() needs a number for each item, or a text for each.'],
    ['input.items.groupBy(x, x)', 'groupBy() needs a text, a number, or true or false for each item.'],
    ['input.items.sumBy(x, x.name)', 'sumBy() needs a list of numbers.'],
    ['input.sumBy(x, x.name)', 'sumBy() needs a list.'],
    ['[].minBy(x, x)', 'minBy() needs a list that isn’t empty.'],
    ['input.items.chunk(0)', 'chunk() needs a size of at least 1.'],
    ['"x".extract("(")', '“(” is not a valid regular expression'],
    ['"ab".replaceMatches("a", "$1")', 'replaceMatches() got “$1”, but the pattern has no such group.'],
    ['"{a.b}".fill({"a": 1})', 'fill() found no value for {a.b}.'],
    ['"{constructor}".fill({})', 'fill() found no value for {constructor}.'],
    ['parseUrl("example.com")', 'parseUrl() can’t read “example.com” as a URL.'],
    ['"%zz".decodeUrl()', 'decodeUrl() can’t read “%zz”'],
    ['[1].toObject()', 'toObject() needs a list of pairs, or of objects with “key” and “value”.'],
  ])('%s says what is missing', (source, message) => {
    expect(() => evaluate(source)).toThrow(message);
  });

  it('read from the scope within a loop, but not its variable', () => {
    const references = compileCel('input.items.groupBy(x, x.name + vars.suffix)').references;
    expect(references.map(({ root, path }) => [root, ...path].join('.'))).toEqual(['input.items', 'vars.suffix']);
    expect(() => compileCel('input.items.groupBy("x", 1)')).toThrow('The first argument must be a name');
  });
});
