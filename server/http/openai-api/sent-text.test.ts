import { expect, test } from 'vitest';
import { createSentText } from './sent-text.ts';

function sentIn(pieces: readonly string[]) {
  const sent = createSentText();
  for (const piece of pieces) sent.add(piece);
  return sent;
}

test.each([0, 1, 63, 64, 65, 1_000])('returns the rest of a text of which %i pieces were sent, whatever was split', (count) => {
  // Every other piece ends within a character.
  const pieces = Array.from('🙂'.repeat(500));
  const halves = pieces.flatMap((character) => [character.slice(0, 1), character.slice(1)]).slice(0, count);
  const whole = `${pieces.join('')}, and more`;
  const rest = sentIn(halves).restOf(whole);
  expect(rest).toBe(whole.slice(count));
});

test.each([1, 64, 100])('knows a text that begins differently than the %i sent pieces', (count) => {
  const pieces = Array.from({ length: count }, (_, index) => `word ${index} `);
  const sent = sentIn(pieces);
  for (const other of ['', pieces.join('').slice(0, -1), `x${pieces.join('').slice(1)}`, `${pieces.join('').slice(0, -2)}x `])
    expect(sent.restOf(other)).toBeUndefined();
  expect(sent.restOf(pieces.join(''))).toBe('');
});
