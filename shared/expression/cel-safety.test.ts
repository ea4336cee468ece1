import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { compileCel } from './cel.ts';
import { createScope } from './create-scope.ts';
import { linearPattern } from './patterns/linear-pattern.ts';

const hostile: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": "c", "toString": "t", "hasOwnProperty": 1}');
const numbers = Array.from({ length: 1_000 }, (_, index) => index);
const scopeOf = (input: unknown) => createScope({ trigger: {}, input, steps: {}, previous: {}, round: 1, vars: {}, run: {} });
const evaluate = (source: string, input: unknown): unknown => compileCel(source).evaluate(scopeOf(input));
const message = (source: string, input: unknown): string => {
  try {
    return `it gave ${JSON.stringify(evaluate(source, input))}`;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'expression-failed') return thrown.message;
    throw thrown;
  }
};

describe('data with the names of object internals (S25)', () => {
  it('is ordinary data', () => {
    expect(evaluate('input.constructor + input.toString', hostile)).toBe('ct');
    expect(evaluate('input["__proto__"].x', hostile)).toBe(1);
    expect(evaluate('input.keys()', hostile)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
  });

  it('reveals nothing beyond the data', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'prototype']) expect(message(`input.${name}`, {})).toContain(`“${name}” is missing from`);
    expect(message('input.text.constructor', { text: 'x' })).toContain('“constructor” is missing from');
    expect(message('input.list.constructor', { list: [] })).toContain('“constructor” is missing from');
    expect(message('timestamp("2026-01-31T12:00:00Z").constructor', {})).not.toContain('it gave');
  });

  it('can be created by a literal without touching a prototype', () => {
    const made = evaluate('{"__proto__": {"polluted": true}, "constructor": 1}', {}) as object;
    expect(Object.keys(made)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
  });
});

/** Data nested in this many objects. */
const wrapped = (data: unknown, levels: number): unknown => Array.from({ length: levels }).reduce((inner) => ({ a: inner }), data);

describe('the meter', () => {
  const exhausted = 'The expression reads more than 100,000 elements.';

  it('lets an expression visit many elements', () => {
    expect(evaluate('input.all(a, input.filter(b, b < 50).size() >= 0)', numbers.slice(0, 250))).toBe(true);
  });

  it.each([
    ['nested macros', 'input.all(a, input.all(b, a + b >= 0))'],
    ['macros that continue after errors', 'input.exists(a, input.exists(b, input.exists(c, a + b + c < 0)))'],
    ['a loop whose failure is hidden', 'input.exists(a, input.all(b, b >= 0 && a < 0 || a >= 0) && false) || true'],
    ['comparisons within a macro', 'input.filter(a, input == input + []).size()'],
    ['membership within a macro', 'input.filter(a, (a + 5000) in input).size()'],
    ['functions within a macro', 'input.map(a, input.join("")).size()'],
    ['JSON of everything within a macro', 'input.map(a, toJson([input])).size()'],
    ['text of everything within a macro', 'input.map(a, string({"all": input})).size()'],
    ['nested loops of functions', 'input.sumBy(a, input.sumBy(b, a + b))'],
    ['groups within groups', 'input.groupBy(a, input.groupBy(b, "x").size())'],
    ['a long range', 'range(1e12)'],
    ['a flattened list of lists', 'input.map(a, input).flatten().size()'],
    ['always new regular expressions', 'input.map(a, "x".matches("a{" + string(a + 1) + "}")).size()'],
    [
      'a list that doubles',
      'cel.bind(a, input + input, cel.bind(b, a + a, cel.bind(c, b + b, cel.bind(d, c + c, cel.bind(e, d + d, cel.bind(f, e + e, cel.bind(g, f + f, g + g)))))))',
    ],
  ])('stops %s', (_what, source) => {
    expect(message(source, numbers)).toBe(exhausted);
  });

  const texts = 'x'.repeat(100_000);
  const objects = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `name ${id}` }));
  /** Binds `first`, then repeatedly a value derived from the previous one. */
  const doubling = (first: string, next: (name: string) => string, times: number): string =>
    Array.from({ length: times }, (_, index) => index + 1).reduceRight(
      (inner, index) => `cel.bind(v${index}, ${index === 1 ? first : next(`v${index - 1}`)}, ${inner})`,
      next(`v${times}`),
    );
  const randomLetters = (length: number): string => {
    let state = 1;
    return Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return 'abcd'[(state >>> 16) % 4];
    }).join('');
  };
  const tenTimes = (name: string): string => `[${Array(10).fill(name).join()}]`;
  const often = (part: string, times: number): string => Array(times).fill(part).join('+');

  it.each<[string, string, unknown]>([
    ['copies of a list, again and again', often('input', 800), numbers],
    ['changes of a long text, again and again', often('input.lower().size()', 300), texts],
    ['splits of a long text', 'input.split("").size()', texts.repeat(2)],
    ['repeated splits after ||', 'input.numbers.exists(n, input.texts.split("").size() < 0) || true', { numbers, texts }],
    ['a large list in a loop', `input.map(x, [${Array(900).fill('x').join()}])`, numbers],
    ['a regular expression with many steps per character', 'input.matches("(a?){200}a{200}")', 'a'.repeat(300_000)],
    ['a long regular expression', '"x".matches(input)', '('.repeat(500_000)],
    ['many broken regular expressions', 'input.exists(p, "x".matches(p)) || true', numbers.map((n) => `${'['.repeat(5_000)}${n}`)],
    ['times in time zones', 'input.map(n, timestamp(0).getHours("Europe/Berlin")).size()', [...numbers, ...numbers]],
    ['a regular expression whose states never repeat', 'input.matches("(a|b)*a.{16}[e-h]")', randomLetters(300_000)],
    ['durations', 'input.map(n, duration("1h2m3s").getHours()).size()', Array(40_000).fill(0)],
    ['errors hidden by ||', 'input.map(n, n.missing || true).size()', Array(6_000).fill(0)],
    ['errors in every element', 'input.all(n, n.missing)', Array(6_000).fill(0)],
    ['a loop that continues after the meter is exhausted', 'input.numbers.exists(n, input == input)', { numbers: Array(100_000).fill(0) }],
    ['a search from the end', 'input.a.lastIndexOf(input.b)', { a: texts, b: `${texts.slice(1)}y` }],
    ['parsing again and again', often('size(parseJson(input))', 50), JSON.stringify(objects)],
    ['comparisons of values that share parts', `${doubling('[1]', tenTimes, 7)} == ${doubling('[1]', tenTimes, 7)}`, null],
    ['JSON of values that share parts', `toJson(${doubling('[1]', tenTimes, 7)})`, null],
  ])('stops %s, in any expression', (_what, source, input) => {
    expect(message(source, input)).toBe(exhausted);
  });

  it.each<[string, string, unknown]>([
    ['lists within lists', doubling('[1]', tenTimes, 9), null],
    ['objects within objects', doubling('{"a": 1}', (name) => `{"a": ${name}, "b": ${name}, "c": ${name}}`, 14), null],
    ['one long text many times', doubling('[input]', tenTimes, 5), texts],
    ['large data many times', doubling('[input]', tenTimes, 3), objects],
    ['a text that doubles', doubling('input', (name) => `${name} + ${name}`, 30), 'x'],
    ['a text repeated in a loop', 'input.numbers.map(n, input.texts)', { numbers, texts }],
    ['overlapping parts of large data', `[${Array.from({ length: 60 }, (_, depth) => `input${'.a'.repeat(depth)}`).join()}]`, wrapped(objects, 60)],
    ['endless nesting', doubling('[1]', (name) => `${'['.repeat(40)}${name}${']'.repeat(40)}`, 40), null],
  ])('rejects a small expression with a huge result: %s', (_what, source, input) => {
    expect(message(source, input)).toMatch(/more than [\d,]+ (elements|characters)|longer than|levels deep/);
  });

  it('lets a step pass on one large value unchanged', () => {
    const scope = scopeOf({ numbers: Array.from({ length: 600_000 }, (_, index) => index), text: 'x'.repeat(20_000_000) });
    expect(compileCel('input.text').evaluate(scope)).toHaveLength(20_000_000);
    expect(compileCel('input.numbers').evaluate(scope)).toHaveLength(600_000);
  });

  it('counts all expressions of a step together', () => {
    const scope = scopeOf(numbers);
    const heavy = () => compileCel('cel.bind(few, input.slice(0, 80), input.all(a, few.all(b, b >= 0)))').evaluate(scope);
    heavy();
    expect(() => [1, 2, 3, 4, 5].map(heavy)).toThrow('The expressions of this step read more than 150,000 elements.');
    const copies = scopeOf(objects);
    expect(() => Array.from({ length: 100 }, () => compileCel('input').evaluate(copies))).toThrow('repeats values');
  });

  it('keeps few states of a regular expression, no matter how many texts it matches', () => {
    const source = '(a|b)*a.{9}[e-h]';
    for (let times = 0; times < 10; times++) evaluate(`input.matches("${source}")`, randomLetters(20_000));
    const { dfa } = linearPattern(source).re2();
    expect(dfa.stateCount).toBeGreaterThan(10);
    expect(dfa.stateBudget).toBeLessThan(200_000);
  });

  it('starts over for each evaluation', () => {
    const source = 'cel.bind(few, input.slice(0, 50), input.map(a, few.all(b, b >= 0)).size())';
    for (let times = 0; times < 5; times++) expect(evaluate(source, numbers)).toBe(1_000);
  });

  it('counts the length of texts deep inside a value converted to JSON', () => {
    const input = { items: numbers, all: { texts: [['x'.repeat(100_000)]] } };
    expect(message('input.items.map(a, toJson(input.all)).size()', input)).toBe(exhausted);
  });

  it('rejects many texts that would grow without limit together', () => {
    expect(message('input.items.map(a, input.text.replace("x", "0123456789")).size()', { items: numbers, text: 'x'.repeat(20_000) })).not.toContain('it gave');
  });

  it('rejects a text that would grow without limit', () => {
    expect(message('input.replace("", input)', 'x'.repeat(100_000))).toContain('longer than');
  });
});

describe('parseJson', () => {
  it('reads JSON like other inputs: within limits, and without losing digits', () => {
    expect(message('parseJson(input)', `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`)).toBe('parseJson() got text that is nested more than 100 levels deep.');
    expect(evaluate('parseJson(input).id', '{"id": 820982911946154508}')).toBe('820982911946154508');
  });
});

describe('integers beyond 2^53 (S79)', () => {
  const order = { id: '820982911946154508' };

  it('compare by their digits, as a number or as text', () => {
    expect(evaluate('input.id == 820982911946154508', order)).toBe(true);
    expect(evaluate('input.id == "820982911946154508"', order)).toBe(true);
    expect(evaluate('input.id == 820982911946154509', order)).toBe(false);
    expect(evaluate('{"id": 820982911946154508}', order)).toEqual(order);
  });

  it.each(['input.id + 1', 'input.id * 2', '-input.id', 'input.id > 5', 'sum([input.id])', 'int(input.id)'])(
    'can’t be used in arithmetic: %s fails',
    (source) => {
      expect(message(source, order)).not.toContain('it gave');
    },
  );
});

describe('regular expressions', () => {
  it('take linear time where backtracking would take forever', () => {
    expect(evaluate('input.matches("^(a+)+$")', `${'a'.repeat(5_000)}!`)).toBe(false);
  });

  it('are rejected if they repeat so much that compiling them takes seconds', () => {
    expect(message('"x".matches(input)', 'a{1000}'.repeat(100))).toContain('it repeats too much');
    expect(message('"x".matches(input)', `${'('.repeat(9)}${'a'.repeat(500)}${'){2}'.repeat(9)}`)).toContain('it repeats too much');
    const uuid = '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
    expect(evaluate(`input.matches("${uuid}")`, '123e4567-e89b-12d3-a456-426614174000')).toBe(true);
  });

  it('are rejected with a message if they are invalid', () => {
    expect(message('input.matches("(")', 'x')).toContain('“(” is not a valid regular expression');
  });
});

describe('conversion', () => {
  it('does not convert what an expression does not read', () => {
    const untouched = {
      get secret(): never {
        throw new Error('was read');
      },
    };
    expect(evaluate('input.a.b', { a: { b: 1 }, untouched })).toBe(1);
  });
});
