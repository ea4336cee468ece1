import { expect, test } from 'vitest';
import { type Attempts, createAttempts } from './attempts.ts';

const MINUTE_MS = 60_000;

/** How many of this many attempts are allowed. */
function letThrough(attempts: Attempts, address: (index: number) => string, tries: number): number {
  let count = 0;
  for (let index = 0; index < tries; index++) {
    try {
      attempts.take(address(index));
      count++;
    } catch {
      // Rejected.
    }
  }
  return count;
}

test('allows ten of a thousand attempts from one address, then one a minute', () => {
  let now = 0;
  const attempts = createAttempts(() => now);
  expect(letThrough(attempts, () => '192.0.2.1', 1_000)).toBe(10);
  expect(() => attempts.take('192.0.2.1')).toThrow(expect.objectContaining({ code: 'rate-limited', retryAfterMs: MINUTE_MS }));
  now = MINUTE_MS;
  expect(letThrough(attempts, () => '192.0.2.1', 10)).toBe(1);
});

test('allows the right password any number of times', () => {
  const attempts = createAttempts(() => 0);
  for (let time = 0; time < 100; time++) {
    attempts.take('192.0.2.1');
    attempts.right('192.0.2.1');
  }
  expect(letThrough(attempts, () => '192.0.2.1', 1_000)).toBe(10);
});

test('does not delay another address', () => {
  const attempts = createAttempts(() => 0);
  letThrough(attempts, () => '192.0.2.1', 1_000);
  expect(() => attempts.take('192.0.2.2')).not.toThrow();
});

test('limits attempts from a thousand addresses together, except where the password was right before', () => {
  const attempts = createAttempts(() => 0);
  attempts.take('198.51.100.7');
  attempts.right('198.51.100.7');
  expect(letThrough(attempts, (index) => `10.0.${index >> 8}.${index & 255}`, 1_000)).toBe(59);
  expect(() => attempts.take('192.0.2.2')).toThrow(expect.objectContaining({ code: 'rate-limited' }));
  expect(() => attempts.take('198.51.100.7')).not.toThrow();
});

test('counts the addresses of one IPv6 network as one, and both notations of an IPv4 address', () => {
  const attempts = createAttempts(() => 0);
  expect(letThrough(attempts, (index) => `2001:db8:1:2::${(index + 1).toString(16)}`, 100)).toBe(10);
  expect(letThrough(attempts, () => '2001:db8:1:3::1', 100)).toBe(10);
  letThrough(attempts, () => '192.0.2.1', 100);
  expect(letThrough(attempts, () => '::ffff:192.0.2.1', 100)).toBe(0);
});
