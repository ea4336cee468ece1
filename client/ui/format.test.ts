import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatCost, formatCostSum, formatDuration, formatElapsed, formatShare, formatShortSum, freeTitle } from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [412.4, '412 ms'],
    [999.6, '1.0 s'],
    [1_840, '1.8 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [41_200, '41 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [11_400_000, '3 h 10 min'],
    [187_200_000, '2 d 4 h'],
  ])('says %d ms as %s', (ms, words) => expect(formatDuration(ms)).toBe(words));

  it('shows nothing for a clock that ran backwards', () => expect(formatDuration(-5)).toBe('0 ms'));
});

describe('formatElapsed', () => {
  it.each([
    [-5, '0.0 s'],
    [611, '0.6 s'],
    [1_840, '1.8 s'],
  ])('says %d ms as %s', (ms, words) => expect(formatElapsed(ms)).toBe(words));
});

describe('formatCost', () => {
  it.each([
    [0, 'free'],
    [12, '< $0.0001'],
    [800, '$0.0008'],
    [51_200, '$0.0512'],
    [14_200_000, '$14.20'],
    [1_234_500_000, '$1,234.50'],
  ])('says %d micro-dollars as %s', (micros, words) => expect(formatCost(micros)).toBe(words));
});

describe('a sum of costs', () => {
  it.each([
    [0, 0, '–', '–'],
    [800, 0, '$0.0008', '$0.0008'],
    [null, 1, 'unknown price', 'unknown'],
    [0, 1, 'unknown price', 'unknown'],
    [800, 2, '$0.0008 + 2 calls of unknown price', '$0.0008 +'],
  ])('of %j with %d unknown is %s', (costMicros, unknownPrice, words, short) => {
    expect([formatCostSum({ costMicros, unknownPrice }), formatShortSum({ costMicros, unknownPrice })]).toEqual([words, short]);
  });
});

describe('formatShare', () => {
  it('never rounds a share with a failure in it up to 100%', () => expect(formatShare(0.99999)).toBe('99.9%'));
  it('shows all as 100%', () => expect(formatShare(1)).toBe('100%'));
  it('shows none as 0%, and a small share as more than that', () => expect([formatShare(0), formatShare(0.0001)]).toEqual(['0%', '0.1%']));
});

describe('formatBytes', () => {
  it.each([
    [148, '148 bytes'],
    [12_400, '12 kB'],
    [3_440_000, '3.4 MB'],
    [20_140_000_000, '20.1 GB'],
  ])('says %d as %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words));
});

describe('formatAgo', () => {
  const now = new Date(2026, 10, 20, 15, 0, 0);
  const before = (ms: number) => formatAgo(new Date(now.getTime() - ms), now);
  it.each([
    [0, 'just now'],
    [-60_000, 'just now'],
    [24_000, '20 s ago'],
    [125_000, '2 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [20 * 3_600_000, 'yesterday'],
    [4 * 86_400_000, '4 days ago'],
    [16 * 86_400_000, '4 Nov'],
    [400 * 86_400_000, '16 Oct 2025'],
  ])('says what was %d ms ago as %s', (ms, words) => expect(before(ms)).toBe(words));
});

it('adds the next free number to a title in use', () => {
  expect(freeTitle('Untitled workflow', new Set())).toBe('Untitled workflow');
  expect(freeTitle('Untitled workflow', new Set(['Untitled workflow']))).toBe('Untitled workflow 2');
  expect(freeTitle('Prompt 2', new Set(['Prompt', 'Prompt 2', 'Prompt 4']))).toBe('Prompt 3');
});
