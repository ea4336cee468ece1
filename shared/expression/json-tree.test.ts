import { describe, expect, it } from 'vitest';
import { looksLikeJson, readJsonTree } from './json-tree.ts';

describe('JSON with expressions in it', () => {
  it.each<[string, unknown]>([
    ['{"a":"{{ input.?x.orValue("y") }}"}', { a: '{{ input.?x.orValue("y") }}' }],
    ['{"a":"{{ input.?x.orValue(\\"y\\") }}"}', { a: '{{ input.?x.orValue("y") }}' }],
    ['{"a": "{{ f("x") }} and {{ f(\'}}"\') }}", "b": "{{ f(\\"z\\") }}"}', { a: '{{ f("x") }} and {{ f(\'}}"\') }}', b: '{{ f("z") }}' }],
    ['["{{ "a" + "\\n" }}", "line\\nbreak", 1]', ['{{ "a" + "\\n" }}', 'line\nbreak', 1]],
    ['{"{{ input["k"] }}": {"m": "{{ {"x": 1} }}"}}', { '{{ input["k"] }}': { m: '{{ {"x": 1} }}' } }],
    ['{"a": "{{ input.x\n  .orValue("y") }}"}', { a: '{{ input.x\n  .orValue("y") }}' }],
    ['{"id": 820982911946154508, "a": "{{ f("x") }}"}', { id: '820982911946154508', a: '{{ f("x") }}' }],
    ['{"a": "a {{ that is text"}', { a: 'a {{ that is text' }],
  ])('allows quotes inside {{ }}: %s', (text, value) => {
    expect(readJsonTree(text)).toEqual(value);
  });

  it.each(['{"a": "{{ input.x }}}', '{"a": {{ input.x }}}', '{"a": "x" "y"}', '{"a": "{{ f("x"}'])('must still be JSON: %s', (text) => {
    expect(() => readJsonTree(text)).toThrow(SyntaxError);
  });

  it('is parsed in linear time', () => {
    for (const piece of ['"{{",', '"{{ "a" }}" ', '{"a":"{{ f("x") }}",', '"\\"{{'] as const) {
      const text = `[${piece.repeat(200_000 / piece.length)}`;
      expect(() => readJsonTree(text)).toThrow();
    }
  });
});

it('is distinguished from text that starts with a bracket', () => {
  expect(['{"a": 1}', ' [1, 2]', '[]', '{}', '[{"a": 1}]', '["{{ input }}"]', '[null]'].every(looksLikeJson)).toBe(true);
  expect([`{'a': '{{ input.x }}'}`, '{ a: "{{ input.x }}" }', '{a: 1}\n', `{'a b' : [1]}`].every(looksLikeJson)).toBe(true);
  expect(['{name}: hello', '{note: see below} Hello', "{'quoted'}", '{ {{ input }}: 1 }', '{{ a: 1 }}', '{https://a.b}'].filter(looksLikeJson)).toEqual([]);
  expect(['[urgent] Hello', '{{ input }}', '{name}, hello', 'text', '', '"quoted"'].some(looksLikeJson)).toBe(false);
});
