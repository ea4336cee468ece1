import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { compileCel } from './cel.ts';
import { createScope } from './create-scope.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';

const scope = createScope({
  trigger: { kind: 'api', body: null },
  input: {
    message: 'Hi there',
    n: 3,
    tier: null,
    'first-name': 'Ann',
    list: [1, 2, 3],
    people: [
      { name: 'Ann', age: 31 },
      { name: 'Bo', age: 17 },
    ],
    deep: { a: { b: [{ c: 1 }] } },
  },
  steps: { classify: { label: 'billing', confidence: 0.9 } },
  previous: {},
  round: 2,
  vars: { limit: 5 },
  run: { id: 'run_1' },
});
const evaluate = (source: string): unknown => compileCel(source).evaluate(scope);

function failure(source: string): AppError {
  try {
    evaluate(source);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error(`${source} did not fail`);
}

function mistake(source: string): ExpressionSyntaxError {
  try {
    compileCel(source);
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return thrown;
    throw thrown;
  }
  throw new Error(`${source} was accepted`);
}

describe('numbers in expressions', () => {
  it.each([
    ['1 / 2', 0.5],
    ['input.n + 1', 4],
    ['input.n / 2', 1.5],
    ['input.n % 2', 1],
    ['-input.n', -3],
    ['input.n == 3', true],
    ['input.n in [1, 2, 3]', true],
    ['3 in input.list', true],
    ['input.n > 2.5 && input.n <= 3', true],
    ['size(input.list) > 2.5', true],
    ['input.list[size(input.list) - 1]', 3],
    ['[10, 20][1]', 20],
    ['input.n > 2 ? 1 : 2.5', 1],
    ['size(input.message) / size(input.list)', 8 / 3],
    ['timestamp("2026-01-31T12:00:00Z").getHours() + 0.5', 12.5],
    ['timestamp("2026-01-31T12:00:00Z").getHours() == 12', true],
    ['input.list == [1.0, 2.0, 3.0]', true],
    ['round * 10 + vars.limit', 25],
  ])('%s is %j', (source, value) => {
    expect(evaluate(source)).toBe(value);
  });
});

describe('the result of an expression', () => {
  it.each([
    ['{"a": 1, "b": [1, "x", null]}', { a: 1, b: [1, 'x', null] }],
    ['input.people.filter(p, p.age >= 18).map(p, {"name": p.name})', [{ name: 'Ann' }]],
    ['[input.?nothing, input.?n]', [null, 3]],
    ['input.?nothing', null],
    ['timestamp("2026-01-31T12:00:00Z")', '2026-01-31T12:00:00.000Z'],
    ['duration("90s")', 'PT90S'],
    ['b"abc"', 'YWJj'],
    ['type(1)', 'double'],
    ['input.n > 5 ? "many" : null', null],
    ['input["first-name"]', 'Ann'],
    ['input.deep.a.b[0].c', 1],
    ['{}', {}],
    ['{}.keys()', []],
  ])('%s is plain JSON', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it('is the same object if it only passes through', () => {
    expect(evaluate('input.deep.a')).toBe((scope.data.input as { deep: { a: object } }).deep.a);
    expect(evaluate('input.people')).toBe((scope.data.input as { people: object }).people);
  });

  it('can’t be a number that JSON can’t represent', () => {
    expect(failure('1 / 0').message).toContain('divides by zero');
  });
});

describe('a failing expression', () => {
  it.each([
    ['input.customer.tier', '“customer” is missing from `input`. If that’s expected, write input.?customer.orValue(…).'],
    ['input.deep.a.x', '“x” is missing from `input.deep.a`. If that’s expected, write input.deep.a.?x.orValue(…).'],
    ['input["last-name"]', '“last-name” is missing from `input`. If that’s expected, write input[?"last-name"].orValue(…).'],
    ['steps.draft.text', '“draft” has no output: it was skipped or hasn’t run yet. If that’s expected, write steps.?draft.orValue(…).'],
    ['input.list[7]', '`input.list` has no item 7. The first item is 0. If it may be missing, write input.list[?7].orValue(…).'],
    ['input.message + input.n', '“+” doesn’t work with text and a number. Convert the number with string(…).'],
    ['input.message > 3', '“>” doesn’t work with text and a number. Convert the text with double(…). If it’s an integer beyond 2^53, keep it as text.'],
    ['input.n && true', 'A condition must be true or false, but this one is a number. Compare it with something, for example == "yes".'],
    ['item.name', '“item” is only available inside a for-each.'],
    ['constructor', '“constructor” doesn’t exist. Expressions can use trigger, input, steps, previous, round, vars, and run.'],
    ['double("820982911946154508")', 'double() can’t represent “820982911946154508” exactly. Keep it as text.'],
    ['double("-9007199254740993.0")', 'double() can’t represent “-9007199254740993.0” exactly. Keep it as text.'],
    ['double(input.message)', 'double() can’t read “Hi there” as a number.'],
    ['double(" ")', 'double() can’t read “ ” as a number.'],
    ['int(input.message)', 'int() can’t read “Hi there” as a whole number.'],
  ])('%s says why', (source, message) => {
    const error = failure(source);
    expect(error.code).toBe('expression-failed');
    expect(error.message).toBe(message);
    expect(error.details.expression).toBe(source);
  });

  it('reads values that may be missing with .? and orValue', () => {
    expect(evaluate('input.?customer.?tier.orValue("free")')).toBe('free');
    expect(evaluate('has(input.customer)')).toBe(false);
    expect(evaluate('has(input.tier)')).toBe(true);
  });
});

describe('an invalid expression', () => {
  it.each([
    ['', 'The expression is empty', 0, 0],
    ['input.', 'Missing a name at the end', 6, 6],
    ['(input.n', 'Missing “)” at the end', 8, 8],
    ['input.n = 3', 'Unexpected “=”', 8, 9],
    ['input.n > 1 and true', 'Unexpected “and”', 12, 15],
    ['"abc', 'Missing closing quote', 0, 4],
    ['"a" + 1', '“+” doesn’t work with text and a number', 0, 7],
    ['now()', '“now” is not a function', 0, 5],
    ['{{ input.n }}', 'This field is already an expression, so it needs no {{ }}', 0, 2],
    ['1 ? 2 : 3', 'A condition must be true or false, but this one is a number', 0, 1],
  ])('%j says what is wrong and where', (source, message, start, end) => {
    expect(mistake(source)).toMatchObject({ message, start, end });
  });

  it('suggests the intended function', () => {
    expect(mistake('input.message.containz("x")').suggestion).toBe('Did you mean “contains”?');
  });

  it('is rejected when nested too deeply, instead of overflowing the stack', () => {
    expect(mistake('!'.repeat(100_000)).message).toContain('deeply nested');
    expect(mistake(Array(20_000).fill('1').join('+')).message).toContain('deeply nested');
    // Wherever the stack overflows: in the parser, or in the type check, which catches its own overflow.
    const sum = (items: number) => `${Array(items).fill('"a"').join('+')} + 1`;
    for (let items = 1_000; items < 5_000; items += 250) expect(mistake(sum(items)).message).toMatch(/deeply nested|doesn’t work with text and a number/);
  });
});
