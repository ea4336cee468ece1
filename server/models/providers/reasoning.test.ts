import { describe, expect, test } from 'vitest';
import { createReasoningSplitter } from './reasoning.ts';

function split(pieces: readonly string[], options?: { beginsInside: boolean }) {
  const splitter = createReasoningSplitter(options);
  const streamed = pieces.map((piece) => splitter.feed(piece)).join('');
  const end = splitter.end();
  return { ...end, streamed: streamed + end.held };
}

describe('reasoning', () => {
  const text = '<think>\nUse {a} or [b].\n</think>\n\n{"label":"billing"}';

  test.each([1, 2, 3, 7, 1000])('is removed from the answer, in chunks of %i characters', (size) => {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    expect(split(pieces)).toMatchObject({ streamed: '{"label":"billing"}', answer: '{"label":"billing"}', reasoning: 'Use {a} or [b].' });
  });

  test('is everything before a lone closing tag', () => {
    expect(split(['Let me see.\n</think>\nYes.'])).toMatchObject({ answer: 'Yes.', reasoning: 'Let me see.' });
  });

  test('is not what precedes a closing tag within a sentence', () => {
    const text = 'To close reasoning write `</think>` at the end. Then answer.';
    expect(split([text])).toMatchObject({ answer: text, reasoning: '' });
  });

  test('may be in tags of other models', () => {
    expect(split(['<seed:thi', 'nk>Hm.</seed:think>Yes.'])).toMatchObject({ answer: 'Yes.', reasoning: 'Hm.' });
  });

  test('may be cut off before it ends', () => {
    expect(split(['<think>still at', ' it </thi'])).toMatchObject({ streamed: '', answer: '', reasoning: 'still at it </thi' });
  });

  test.each(['Hello <think> there', '<thin ice', '  spaces stay', '<', ''])('leaves %j unchanged', (plain) => {
    expect(split([...plain])).toMatchObject({ answer: plain, streamed: plain, reasoning: '' });
  });

  test('is held back if an earlier output of the model began inside it', () => {
    const pieces = ['Let me', ' see.\n</th', 'ink>\nYes.'];
    expect(split(pieces)).toMatchObject({ beganInside: true, answer: 'Yes.' });
    expect(split(pieces, { beginsInside: true })).toEqual({ beganInside: true, streamed: 'Yes.', answer: 'Yes.', reasoning: 'Let me see.', held: '' });
    expect(split(['<think>Hm.</think>Yes.'], { beginsInside: true })).toMatchObject({ beganInside: false, streamed: 'Yes.', reasoning: 'Hm.' });
    expect(split(['  No', ' reasoning.'], { beginsInside: true })).toMatchObject({ answer: '  No reasoning.', streamed: '  No reasoning.', reasoning: '' });
  });

  test.each(['', '<think>', '<think></think>', 'Hi'])('after %j is read in linear time, however much whitespace the model sends', (start) => {
    const { answer, reasoning } = split([start, ...Array<string>(4_000).fill(' '.repeat(500)), 'end']);
    expect(answer + reasoning).toMatch(/^\s*(Hi)?\s*end$/);
  });
});
