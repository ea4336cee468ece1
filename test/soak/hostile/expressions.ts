import type { Dice } from './dice.ts';

/* Short expressions over `input.s` (a string) and `input.xs` (a list) that build or read a lot. */

type Kind = (dice: Dice) => string;

const list = (count: number, item: string): string => `[${Array(count).fill(item).join(', ')}]`;
const bound = (levels: number, first: string, next: (name: string) => string): string =>
  `${Array.from({ length: levels }, (_, at) => `cel.bind(x${at + 1}, ${at === 0 ? first : next(`x${at}`)}, `).join('')}x${levels}${')'.repeat(levels)}`;
const chained = (count: number, call: string): string => `input.s${call.repeat(count)}`;
const MACROS = ['map', 'filter', 'all', 'exists', 'exists_one'];

const KINDS: Readonly<Record<string, Kind>> = {
  'nested bind': (dice) => bound(5 + dice.below(6), list(10, '1.0'), (name) => list(10, name)),
  'a list doubled': (dice) => bound(10 + dice.below(30), '[1.0]', (name) => `${name} + ${name}`),
  'a string doubled': (dice) => bound(10 + dice.below(40), '"ab"', (name) => `${name} + ${name}`),
  'a string from the input doubled': (dice) => bound(2 + dice.below(20), 'input.s', (name) => `${name} + ${name}`),
  'maps of maps': (dice) => bound(5 + dice.below(15), '{"a": 1.0}', (name) => `{"a": ${name}, "b": ${name}, "c": ${name}}`),
  'a long sum': (dice) =>
    Array(200 + dice.below(800))
      .fill(dice.pick(['input.xs', 'input.s', '"a"', '1.0']))
      .join(' + '),
  'macros in macros': (dice) =>
    `${Array.from({ length: 2 + dice.below(4) }, (_, at) => `input.xs.${dice.pick(MACROS)}(v${at}, `).join('')}true${')'.repeat(2)}`,
  'three macros': (dice) => `input.xs.${dice.pick(MACROS)}(a, input.xs.${dice.pick(MACROS)}(b, input.xs.exists(c, a == b && b == c)))`,
  'hidden errors': () => 'input.xs.exists(a, input.xs.map(b, input.xs.map(c, [a, b, c])).size() < 0.0) || input.xs.all(d, input.xs.all(e, d == e))',
  'a regular expression': (dice) =>
    `input.s.matches(${JSON.stringify(dice.pick(['^(a+)+$', '(a|a)*b', '(.*)*x$', '(a{0,500}){0,500}', '^(\\w+\\s?)*$', '(x+x+)+y', '[^x]*'.repeat(300)]))})`,
  'many regular expressions': () => Array.from({ length: 300 }, (_, at) => `input.s.matches("(a|b${at})*c")`).join(' || '),
  'the input as a regular expression': () => '"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches(input.s)',
  replace: (dice) => chained(1 + dice.below(20), dice.pick(['.replace("a", "aa")', '.replace("", "xy")', '.replace(" ", "")', '.lower()', '.upper()'])),
  'replace with the input': () => 'input.s.replace("a", input.s)',
  'split and join': (dice) => chained(1 + dice.below(10), dice.pick(['.split("").join(", ")', '.split("a").join(input.s)', '.split(" ").reverse().join("")'])),
  'split for each': () => 'input.xs.map(x, input.s.split(""))',
  'search from the end': () => 'input.s.lastIndexOf(input.s + "a") + input.s.lastIndexOf("aaaaaaaaaaaaaaaaaaab")',
  'search for each': () => 'input.xs.map(x, input.s.indexOf("aaaaaaaaaaaaab"))',
  'sort and unique': (dice) => `input.xs${dice.pick(['.sort()', '.unique()', '.flatten()', '.reverse()', '.map(x, string(x))']).repeat(1 + dice.below(8))}`,
  'unique large items': () => '[input, input, input.xs, input.xs].unique()',
  'equal for each': () => 'input.xs.filter(x, input.xs == input.xs)',
  'in a list for each': () => 'input.xs.filter(x, x in input.xs)',
  'JSON and back': (dice) => `${'parseJson(toJson('.repeat(1 + dice.below(10))}input${'))'.repeat(1)}`,
  'parsed JSON': () => 'parseJson(input.s)',
  'JSON in JSON': (dice) => `${'toJson('.repeat(2 + dice.below(20))}input`,
  'numbers from strings': (dice) =>
    dice.pick([
      'int(input.s)',
      'double(input.s)',
      'timestamp(input.s)',
      'duration(input.s)',
      'bytes(input.s)',
      'string(input)',
      'size(input.s)',
      'input.s.size()',
    ]),
  times: (dice) => `timestamp("2026-01-01T00:00:00Z").${dice.pick(['getHours(input.s)', 'getFullYear("Europe/Berlin")', 'getDayOfYear(input.s)'])}`,
  'deep parentheses': (dice) => `${'('.repeat(dice.pick([50, 500, 50_000]))}1${')'.repeat(50)}`,
  'deep lists': (dice) => '['.repeat(dice.pick([50, 500, 50_000])) + ']'.repeat(50),
  'deep conditions': (dice) => `${'true ? '.repeat(dice.pick([50, 500, 20_000]))}1 : 2`,
  'many operators': (dice) => `${dice.pick(['!', '-', '1 + ', 'a.', 'a[', 'a && ', 'a ? b : '])}`.repeat(dice.pick([100, 5_000, 100_000])),
  'a long name': (dice) => `input.${'a'.repeat(dice.pick([100, 50_000, 500_000]))}`,
  'a long path': (dice) => `input${'.?a'.repeat(dice.pick([100, 5_000, 100_000]))}.orValue(1)`,
  'a long literal': (dice) => dice.pick(['"', "b'", 'r"', '"""']) + '\\x41'.repeat(dice.pick([100, 50_000])),
  'special names': (dice) => `input.${dice.pick(['__proto__', 'constructor', 'constructor.constructor', 'toString'])}.s`,
  'large indexes': (dice) => `input.xs[${dice.pick(['1e300', '-1', '99999999999', '0u', 'input.s'])}]`,
  substrings: () => 'input.xs.map(x, input.s.substring(1, 900000))',
  slices: () => 'input.xs.map(x, input.xs.slice(1))',
  truncate: () => 'input.xs.map(x, input.s.truncate(500000))',
};

export function hostileExpression(dice: Dice): { what: string; expression: string } {
  const what = dice.pick(Object.keys(KINDS));
  return { what, expression: KINDS[what]?.(dice) ?? '' };
}
