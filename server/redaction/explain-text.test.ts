import { expect, test } from 'vitest';
import { explainText } from './explain-text.ts';

const CARD = '4111 1111 1111 1111';
const at = (text: string, part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length });

test('says where a text has values, and what happens to each', () => {
  const text = `Card ${CARD}, order CUS-123456`;
  const { matches, unmatched } = explainText(
    [
      { detector: 'card', action: 'mask' },
      { detector: 'pattern', name: 'customer', pattern: 'CUS-\\d{6}', action: 'hash' },
    ],
    text,
  );
  expect(matches).toEqual([
    { ...at(text, CARD), detector: 'card', action: 'mask' },
    { ...at(text, 'CUS-123456'), detector: 'customer', action: 'hash' },
  ]);
  expect(unmatched).toEqual([]);
});

test('says why other things stay: their detector is off, or their check digits are wrong', () => {
  const text = `Old card 4111 1111 1111 1112, IBAN DE89 3704 0044 0532 0130 02, mail to jane@example.com, order 4417`;
  expect(explainText([{ detector: 'card', action: 'mask' }], text)).toEqual({
    matches: [],
    unmatched: [
      { ...at(text, '4111 1111 1111 1112'), detector: 'card', why: 'check-digit' },
      { ...at(text, 'DE89 3704 0044 0532 0130 02'), detector: 'iban', why: 'check-digit' },
      { ...at(text, 'jane@example.com'), detector: 'email', why: 'off' },
    ],
  });
});

test('lists at most 20 things that stay, and nothing of a long text', () => {
  expect(explainText([], 'jane@example.com '.repeat(30)).unmatched).toHaveLength(20);
  expect(explainText([], 'jane@example.com '.repeat(300))).toEqual({ matches: [], unmatched: [] });
});
