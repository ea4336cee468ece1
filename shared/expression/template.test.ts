import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { createScope } from './create-scope.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';
import { compileTemplate } from './template.ts';

const scope = createScope({
  trigger: {},
  input: { name: 'Ann', n: 3, half: 0.5, nothing: null, yes: true, list: [1, 'x'], sneaky: '{{ vars.secret }}' },
  steps: {},
  previous: {},
  round: 1,
  vars: { secret: 'hidden' },
  run: {},
});
const fill = (source: string): unknown => compileTemplate(source).evaluate(scope);

function mistake(source: string): ExpressionSyntaxError {
  try {
    compileTemplate(source);
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return thrown;
  }
  throw new Error(`${source} was accepted`);
}

describe('a template', () => {
  it.each([
    ['no expression { } }}', 'no expression { } }}'],
    ['', ''],
    ['Hello {{ input.name }}, {{input.n}} times', 'Hello Ann, 3 times'],
    ['{{ input.n }}{{ input.half }}', '30.5'],
    ['a{{ input.nothing }}b{{ input.?missing }}c', 'abc'],
    ['{{ input.yes }}!', 'true!'],
    ['list: {{ input.list }}', 'list: [1,"x"]'],
  ])('%j is filled', (source, text) => {
    expect(fill(source)).toBe(text);
  });

  it.each([
    ['{{ input.n }}', 3],
    ['  {{ input.list }}\n', [1, 'x']],
    ['{{ input.nothing }}', null],
    ['{{ {"a": {"b": input.n}} }}', { a: { b: 3 } }],
    ['{{ {"a": {"b": 1}}}}', { a: { b: 1 } }],
  ])('%j keeps the type of its value', (source, value) => {
    expect(fill(source)).toEqual(value);
  });

  it.each([
    ['{{ "}}" }}', '}}'],
    ["x{{ 'it\\'s }}' }}", "xit's }}"],
    ['{{ """a "}} b""" }}', 'a "}} b'],
    ['{{ r"\\d}}" }}', '\\d}}'],
    ['{{ input.n // the }} of it\n }}', 3],
    ['{{ "{{" }} literally', '{{ literally'],
  ])('%j ends where the lexer says (S26)', (source, value) => {
    expect(fill(source)).toBe(value);
  });

  it('never evaluates its result', () => {
    expect(fill('{{ input.sneaky }}')).toBe('{{ vars.secret }}');
    expect(fill('> {{ input.sneaky }}')).toBe('> {{ vars.secret }}');
  });

  it('returns columns in the complete text', () => {
    const source = 'Hi {{ input.name }} and {{ steps.a.b }}';
    const written = compileTemplate(source).references.map(({ start, end, members }) => [
      source.slice(start, end),
      ...members.map((member) => source.slice(member.start, member.end)),
    ]);
    expect(written).toEqual([
      ['input.name', 'name'],
      ['steps.a.b', 'a', 'b'],
    ]);
  });

  it.each([
    ['ab {{ input.n', 'This {{ is never closed', 3, 13],
    ['ab {{ "x }}', 'This {{ is never closed', 3, 11],
    ['ab {{ }} c', 'Missing expression between {{ and }}', 3, 8],
    ['ab {{ input.n = 3 }}', 'Unexpected “=”', 14, 15],
  ])('%j is rejected', (source, message, start, end) => {
    expect(mistake(source)).toMatchObject({ message, start, end });
  });

  it('says whether there is anything to fill', () => {
    expect(compileTemplate('plain').isConstant).toBe(true);
    expect(compileTemplate('{{ 1 }}').isConstant).toBe(false);
  });

  it('fails with a message if a value is missing', () => {
    expect(() => fill('Hi {{ input.title }}')).toThrow(AppError);
    expect(() => fill('Hi {{ input.title }}')).toThrow('“title” is missing from `input`.');
  });
});
