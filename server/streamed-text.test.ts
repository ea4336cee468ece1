import { expect, test } from 'vitest';
import { createStreamedText } from './streamed-text.ts';

test('keeps many pieces as one text, and continues after it was read', () => {
  const streamed = createStreamedText();
  const words = Array.from({ length: 1_000 }, (_, index) => `word ${index} `);
  for (const word of words) streamed.add(word);
  expect([streamed.text(), streamed.length]).toEqual([words.join(''), words.join('').length]);
  streamed.add('end');
  expect(streamed.text()).toBe(`${words.join('')}end`);
});

test('is empty at first and once cleared', () => {
  const streamed = createStreamedText();
  expect([streamed.text(), streamed.length]).toEqual(['', 0]);
  streamed.add('text');
  streamed.clear();
  expect([streamed.text(), streamed.length]).toEqual(['', 0]);
});
