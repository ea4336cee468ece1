import { describe, expect, it } from 'vitest';
import { refusal } from '../form/number-field.tsx';
import { formatDuration } from '../ui/format.ts';
import { describeRetries } from './describe-retries.ts';

const retry = { max: 3, backoffMs: 1_000, factor: 2, jitter: 0 };

describe('a retry setting as text', () => {
  it('lists each delay', () => {
    expect(describeRetries(retry, formatDuration)).toBe('Retries after 1.0 s, 2.0 s, and 4.0 s.');
    expect(describeRetries({ ...retry, max: 1, jitter: 0.2 }, formatDuration)).toBe('Retries after about 1.0 s.');
  });

  it('is short if there are many', () => {
    expect(describeRetries({ ...retry, max: 20 }, formatDuration)).toBe('Retries after 1.0 s, 2.0 s, 4.0 s, 8.0 s…, up to 20 times.');
    expect(describeRetries({ ...retry, max: 0 }, formatDuration)).toContain('No retries');
  });
});

describe('a number within bounds', () => {
  it.each([
    ['', undefined],
    ['2,5', undefined],
    ['x', 'Enter a number'],
    ['-1', 'Must be at least 0'],
    ['11', 'Must be at most 10'],
  ])('of the text “%s” says %s', (text, words) => {
    expect(refusal(text, { min: 0, max: 10, whole: false })).toBe(words);
  });

  it('may have to be whole', () => {
    expect(refusal('2.5', { min: 0, max: 10, whole: true })).toBe('Enter a whole number');
  });
});
