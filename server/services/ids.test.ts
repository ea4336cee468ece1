import { expect, test } from 'vitest';
import { newId, newToken } from './ids.ts';

test('ten thousand IDs of one moment differ, and a later one sorts after them', () => {
  const now = new Date('2026-01-01T00:00:00.000Z');
  const ids = Array.from({ length: 10_000 }, () => newId('run', now));
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.every((id) => /^run_[0-9a-z]{25}$/.test(id))).toBe(true);
  const later = newId('run', new Date(now.getTime() + 1));
  expect(ids.every((id) => id < later)).toBe(true);
});

test('a token has 128 bits, and every one of them varies', () => {
  const tokens = Array.from({ length: 10_000 }, () => Buffer.from(newToken(), 'base64url'));
  expect(new Set(tokens.map((token) => token.toString('hex'))).size).toBe(10_000);
  for (let bit = 0; bit < 128; bit++) {
    const ones = tokens.filter((token) => ((token[bit >> 3] ?? 0) >> (bit & 7)) & 1).length;
    // 10,000 fair coins: more than 6 standard deviations from the middle happens once in a billion.
    expect(Math.abs(ones - 5_000), `bit ${bit}`).toBeLessThan(310);
  }
});
