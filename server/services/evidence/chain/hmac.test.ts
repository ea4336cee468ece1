import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { hmacUnder } from './hmac.ts';

test.each(['', 'Jefe', 'k'.repeat(64), 'k'.repeat(131)])('gives the HMAC-SHA256 of Node under the key “%s”', (key) => {
  for (const text of ['', 'what do ya want for nothing?', 'grüße 😀', 'x'.repeat(5_000)])
    expect(hmacUnder(key)(text)).toEqual(createHmac('sha256', key).update(text).digest());
});

test('gives the value of RFC 4231, test case 2', () => {
  expect(hmacUnder('Jefe')('what do ya want for nothing?').toString('hex')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});
