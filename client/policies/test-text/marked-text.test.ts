import { expect, test } from 'vitest';
import { jsonOf, partsOf } from './marked-text.ts';

test('placeholders are parts with the action that made them', () => {
  const text = 'A [card …1111] and [email:bcdfghjklmnp], [customer-id#bcdfghjklmnp].';
  const parts = partsOf(text, { card: 1, email: 1, 'customer-id': 1 });
  expect(parts.map(({ text: part, choice }) => [part, choice])).toEqual([
    ['A ', undefined],
    ['[card …1111]', 'mask'],
    [' and ', undefined],
    ['[email:bcdfghjklmnp]', 'tokenise'],
    [', ', undefined],
    ['[customer-id#bcdfghjklmnp]', 'hash'],
    ['.', undefined],
  ]);
  for (const { at, text: part } of parts) expect(text.slice(at, at + part.length)).toBe(part);
});

test('other words in brackets stay text', () => {
  expect(partsOf('[note] [email]', { email: 1 }).map(({ choice }) => choice)).toEqual([undefined, 'mask']);
  expect(partsOf('[email]', {})).toEqual([{ at: 0, text: '[email]' }]);
  expect(partsOf('', {})).toEqual([]);
});

test('only objects and lists are tested as JSON', () => {
  expect(jsonOf(' {"a": 1}')).toEqual({ a: 1 });
  expect(jsonOf('[1]')).toEqual([1]);
  for (const text of ['12', '"a"', '{', 'null', 'hello']) expect(jsonOf(text)).toBeUndefined();
});
