import { expect, it } from 'vitest';
import { replyText } from './reply-text.ts';

it.each([
  ['Hello', 'Hello'],
  [{ message: 'Only this' }, 'Only this'],
  [{ label: 'billing', confidence: 0.9, note: null }, 'label: billing\nconfidence: 0.9\nnote:'],
  [['one', 'two'], '- one\n- two'],
  [
    {
      total: 2,
      orders: [
        { id: 'A-1', paid: true },
        { id: 'A-2', paid: false },
      ],
    },
    'total: 2\norders:\n  - id: A-1\n    paid: true\n  - id: A-2\n    paid: false',
  ],
  [{ text: 'two\nlines', empty: [] }, 'text:\n  two\n  lines\nempty: none'],
  [{ a: { b: { c: { d: 1 } } } }, 'a: b: c: {"d":1}'],
  [null, ''],
  [7, '7'],
])('writes %j readably', (value, text) => {
  expect(replyText(value)).toBe(text);
});
