import { expect, test } from 'vitest';
import { affectedText } from './affected-text.ts';

const of = (runs: number) => ({ runs, oldest: runs > 0 ? '2026-01-01T00:00:00.000Z' : null });

test('says what is removed, and when', () => {
  expect(affectedText({ payloads: of(1_212), journals: of(1), summaries: of(3) }, false)).toBe(
    'Within an hour of saving, this removes the payloads of 1,212 runs, payloads and journals of 1 run and everything about 3 runs.',
  );
  expect(affectedText({ payloads: of(2), journals: of(0), summaries: of(0) }, true)).toBe('Within the hour, this removes the payloads of 2 runs.');
  expect(affectedText({ payloads: of(0), journals: of(0), summaries: of(0) }, true)).toContain('nothing would be removed');
});
