import { expect, test } from 'vitest';
import type { ExpressionKind } from './expression-kind.ts';
import { insertion } from './insertion.ts';

const value = (text: string, at: number, kind: ExpressionKind, name = 'input.name') => insertion(text, at, kind, { inside: name, alone: name });

test('a value is inserted in braces, unless they are there or the field is one expression', () => {
  expect(value('Hi !', 3, 'template')).toBe('{{ input.name }}');
  expect(value('Hi {{  }}', 6, 'template')).toBe('input.name');
  expect(value('', 0, 'cel')).toBe('input.name');
  expect(value('return ;', 7, 'script')).toBe('input.name');
});

test('in JSON it is a string, or goes into the string at the place', () => {
  expect(value('{"a": }', 6, 'json')).toBe('"{{ input.name }}"');
  expect(value('{"a": "Hi "}', 10, 'json')).toBe('{{ input.name }}');
  expect(value('{"a": "Hi "}', 10, 'json', 'steps["x"]')).toBe('{{ steps[\\"x\\"] }}');
  expect(value('{"a": "x\\"y", "b": }', 19, 'json')).toBe('"{{ input.name }}"');
});

test('a method is appended to an expression, and shown by its example elsewhere', () => {
  const lower = { inside: '.lower()', alone: '"ABC".lower()' };
  expect(insertion('Hi {{ input.name }}', 16, 'template', lower)).toBe('.lower()');
  expect(insertion('Hi ', 3, 'template', lower)).toBe('{{ "ABC".lower() }}');
  expect(insertion('', 0, 'cel', lower)).toBe('"ABC".lower()');
});
