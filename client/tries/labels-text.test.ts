import { expect, test } from 'vitest';
import { labelsText, readLabels } from './labels-text.ts';

test('run labels are read from text and written back', () => {
  expect(readLabels('language: de, channel=chat,')).toEqual({ language: 'de', channel: 'chat' });
  expect(labelsText({ language: 'de', channel: 'chat' })).toBe('language: de, channel: chat');
});

test('text that doesn’t name and set each label once is rejected', () => {
  for (const text of ['language', 'language:', ': de', 'a: 1, a: 2']) expect(readLabels(text)).toBeUndefined();
});
