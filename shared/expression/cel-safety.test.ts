import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { compileCel } from './cel.ts';
import { createScope } from './create-scope.ts';

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

describe('data with the names of an object’s insides (S25)', () => {
  it('is just data', () => {
    expect(evaluate('input.constructor + input.toString', hostile)).toBe('ct');
    expect(evaluate('input["__proto__"].x', hostile)).toBe(1);
    expect(evaluate('input.keys()', hostile)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
  });

  it('shows nothing that data does not have', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'prototype']) expect(message(`input.${name}`, {})).toContain(`There is no ‘${name}’`);
    expect(message('input.text.constructor', { text: 'x' })).toContain('There is no ‘constructor’');
    expect(message('input.list.constructor', { list: [] })).toContain('There is no ‘constructor’');
    expect(message('timestamp("2026-01-31T12:00:00Z").constructor', {})).not.toContain('it gave');
  });

  it('can be made by a literal without touching a prototype', () => {
    const made = evaluate('{"__proto__": {"polluted": true}, "constructor": 1}', {}) as object;
    expect(Object.keys(made)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
  });
});

describe('the meter', () => {
  const exhausted = 'The expression looks at more than 100,000 elements.';

  it('lets an expression look at many elements', () => {
    expect(evaluate('input.all(a, input.filter(b, b < 50).size() >= 0)', numbers.slice(0, 250))).toBe(true);
  });

  it.each([
    ['nested macros', 'input.all(a, input.all(b, a + b >= 0))'],
    ['macros that go on after errors', 'input.exists(a, input.exists(b, input.exists(c, a + b + c < 0)))'],
    ['a loop whose failure is covered up', 'input.exists(a, input.all(b, b >= 0 && a < 0 || a >= 0) && false) || true'],
    ['comparing within a macro', 'input.filter(a, input == input + []).size()'],
    ['membership within a macro', 'input.filter(a, (a + 5000) in input).size()'],
    ['functions within a macro', 'input.map(a, input.join("")).size()'],
    ['making JSON of everything within a macro', 'input.map(a, toJson([input])).size()'],
    ['making text of everything within a macro', 'input.map(a, string({"all": input})).size()'],
    ['a list of lists made flat', 'input.map(a, input).flatten().size()'],
    ['ever new regular expressions', 'input.map(a, "x".matches("a{" + string(a + 1) + "}")).size()'],
    [
      'a list that doubles',
      'cel.bind(a, input + input, cel.bind(b, a + a, cel.bind(c, b + b, cel.bind(d, c + c, cel.bind(e, d + d, cel.bind(f, e + e, cel.bind(g, f + f, g + g)))))))',
    ],
  ])('stops %s', (_what, source) => {
    expect(message(source, numbers)).toBe(exhausted);
  });

  it('starts anew for each evaluation', () => {
    const source = 'cel.bind(few, input.slice(0, 50), input.map(a, few.all(b, b >= 0)).size())';
    for (let times = 0; times < 5; times++) expect(evaluate(source, numbers)).toBe(1_000);
  });

  it('counts the length of texts that lie deep in what is made JSON of', () => {
    const input = { items: numbers, all: { texts: [['x'.repeat(100_000)]] } };
    expect(message('input.items.map(a, toJson(input.all)).size()', input)).toBe(exhausted);
  });

  it('refuses many texts that would grow together without bounds', () => {
    expect(message('input.items.map(a, input.text.replace("x", "0123456789")).size()', { items: numbers, text: 'x'.repeat(20_000) })).not.toContain('it gave');
  });

  it('refuses a text that would grow without bounds', () => {
    expect(message('input.replace("", input)', 'x'.repeat(100_000))).toContain('longer than');
  });
});

describe('regular expressions', () => {
  it('take linear time where backtracking would take for ever', () => {
    expect(evaluate('input.matches("^(a+)+$")', `${'a'.repeat(5_000)}!`)).toBe(false);
  });

  it('are refused when they repeat so much that reading them takes seconds', () => {
    expect(message('"x".matches(input)', 'a{1000}'.repeat(100))).toContain('it repeats too much');
    expect(message('"x".matches(input)', `${'('.repeat(9)}${'a'.repeat(500)}${'){2}'.repeat(9)}`)).toContain('it repeats too much');
    const uuid = '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
    expect(evaluate(`input.matches("${uuid}")`, '123e4567-e89b-12d3-a456-426614174000')).toBe(true);
  });

  it('are refused in words when they are wrong', () => {
    expect(message('input.matches("(")', 'x')).toContain('‘(’ is not a regular expression');
  });
});

describe('conversion', () => {
  it('leaves alone what an expression does not touch', () => {
    const untouched = {
      get secret(): never {
        throw new Error('was read');
      },
    };
    expect(evaluate('input.a.b', { a: { b: 1 }, untouched })).toBe(1);
  });
});
