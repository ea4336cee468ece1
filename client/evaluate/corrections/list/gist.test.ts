import { expect, test } from 'vitest';
import { gistOf } from './gist.ts';

test('shows the first change with the words before it', () => {
  expect(gistOf('Hello Ada, your refund will reach you soon. Bye', 'Hello Ada, your refund will reach you tomorrow. Ciao')).toEqual([
    { kind: 'same', text: 'refund will reach you ' },
    { kind: 'removed', text: 'soon' },
    { kind: 'added', text: 'tomorrow' },
  ]);
  expect(gistOf(null, 58)).toEqual([{ kind: 'added', text: '58' }]);
  expect(gistOf('x', 'long '.repeat(40).trim())?.at(-1)?.text).toHaveLength(70);
});

test('shows nothing of texts that were removed', () => {
  const removed = { $removed: { type: 'string', bytes: 5 } };
  expect(gistOf(removed, removed)).toBeUndefined();
});
