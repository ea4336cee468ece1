import { expect, test } from 'vitest';
import { describeFallback, shortFallback } from './fallback-labels.ts';

const fallback = {
  from: { connection: 'Main', model: 'small' },
  to: { connection: 'Backup', model: 'large' },
  error: { code: 'provider-overloaded', message: '“host” is overloaded' },
} as const;

test('a fallback says which model failed, why, and what is tried now', () => {
  expect(shortFallback(fallback)).toBe('small: overloaded');
  expect(describeFallback(fallback)).toBe('Fell back to large of Backup. small of Main failed: “host” is overloaded.');
  expect(shortFallback({ ...fallback, error: { code: 'unknown-secret', message: 'No secret.' } })).toBe('small: failed');
});
