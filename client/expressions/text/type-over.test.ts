import { expect, it } from 'vitest';
import { typeOver } from './type-over.ts';

/** Types into a text whose cursor is marked by `|`, as the field does. */
function type(text: string, keys: string): string {
  let at = text.indexOf('|');
  let now = text.replace('|', '');
  for (const key of keys) {
    const over = typeOver(now, at, key);
    now = over ? now.slice(0, over.from) + now.slice(over.to) : now.slice(0, at) + key + now.slice(at);
    at = over ? over.cursor : at + 1;
  }
  return `${now.slice(0, at)}|${now.slice(at)}`;
}

it('types over the end of an expression that is already there', () => {
  expect(type('{{ | }}', ' input.message }} and')).toBe('{{ input.message }} and|');
  expect(type('{{ | }}', 'input.message}} and')).toBe('{{ input.message }} and|');
  expect(type('{{|}}', 'a}}b')).toBe('{{a}}b|');
});

it('inserts a brace that ends an object, or one in a string', () => {
  expect(type('{{ | }}', '{"a": 1} }}')).toBe('{{ {"a": 1} }}|');
  expect(type('{{ | }}', '"}')).toBe('{{ "}| }}');
});

it('inserts braces and spaces typed outside of expressions', () => {
  expect(type('a |', '} }}')).toBe('a } }}|');
  expect(type('{{ a }}|', '}')).toBe('{{ a }}}|');
  expect(type('{{ a| }}', ' ')).toBe('{{ a | }}');
});
