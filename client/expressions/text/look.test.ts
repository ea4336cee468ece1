import { expect, test } from 'vitest';
import { lookOf } from './look.ts';

test('an expression is shown as a chip without its braces', () => {
  expect(lookOf('Hi {{ input.name }}!', 'template', [])).toEqual([{ text: 'Hi ' }, { text: 'input.name', mark: 'chip' }, { text: '!' }]);
  expect(lookOf('a {{ b', 'template', [])).toEqual([{ text: 'a {{ b' }]);
  expect(lookOf('{{ }}', 'template', [])).toEqual([{ text: '{{ }}' }]);
  expect(lookOf('input.a', 'cel', [])).toEqual([{ text: 'input.a' }]);
});

test('a problem is underlined where it is, also in a chip', () => {
  expect(lookOf('{{ input.nme }}', 'template', [{ from: 9, to: 12, severity: 'error' }])).toEqual([
    { text: 'input.', mark: 'chip' },
    { text: 'nme', mark: 'chip', severity: 'error' },
  ]);
  expect(lookOf('ab', 'cel', [{ from: 1, to: 99, severity: 'warning' }])).toEqual([{ text: 'a' }, { text: 'b', severity: 'warning' }]);
});

test('JSON is colored by names, texts, and other values', () => {
  expect(lookOf('{"a": "x", "b": 1}', 'json', [])).toEqual([
    { text: '{' },
    { text: '"a"', mark: 'name' },
    { text: ': ' },
    { text: '"x"', mark: 'text' },
    { text: ', ' },
    { text: '"b"', mark: 'name' },
    { text: ': ' },
    { text: '1', mark: 'literal' },
    { text: '}' },
  ]);
});
