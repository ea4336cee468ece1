import { expect, it } from 'vitest';
import { countOf, totalWords } from './queue-words.ts';

it('counts against a limit, and says where counting stops', () => {
  expect(countOf(3, null)).toBe('3');
  expect(countOf(3, 5)).toBe('3 of 5');
  expect(countOf(10_000, 20_000)).toBe('10,000+ of 20,000');
});

it('sums all workflows', () => {
  expect(totalWords({ queued: { high: 0, normal: 2, low: 0 }, running: 1 })).toBe('In all, 2 queued, 1 driven.');
  expect(totalWords({ queued: { high: 1, normal: 4, low: 2 }, running: 3 })).toBe('In all, 7 queued (1 with high and 2 with low priority), 3 driven.');
  expect(totalWords({ queued: { high: 0, normal: 9_000, low: 8_000 }, running: 0 })).toBe('In all, 10,000+ queued (8,000 with low priority), 0 driven.');
});
