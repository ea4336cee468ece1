import { describe, expect, it } from 'vitest';
import { createJudge } from './judge.ts';
import { knownLoss, limitOf, measureOf, RISKS, type WatchedRun } from './measures.ts';
import { blocksFor, createTally } from './tally.ts';

const run = (parts: Partial<WatchedRun>): WatchedRun => ({ acceptedAt: 1_000, endedAt: null, failed: false, costMicros: 0, ...parts });
const limits = { slowMs: 500, costMicros: 100 };

describe('the watch of a release', () => {
  it('compares runs in blocks of about the weights', () => {
    expect([5, 10, 30, 50, 75, 1].map(blocksFor)).toEqual([
      { canary: 1, stable: 15 },
      { canary: 1, stable: 7 },
      { canary: 1, stable: 2 },
      { canary: 1, stable: 1 },
      { canary: 3, stable: 1 },
      { canary: 1, stable: 20 },
    ]);
  });

  it('counts whole blocks only, however values arrive, and all values in the means', () => {
    const tally = createTally({ canary: 1, stable: 2 });
    for (const value of [1, 0, 0.5]) tally.add('canary', value);
    expect(tally.compared()).toBe(0);
    for (const value of [0, 0, 1]) tally.add('stable', value);
    const { canary, stable } = tally.counted();
    expect([tally.compared(), canary[100], stable[0], stable[100]]).toEqual([1, 1, 2, 0]);
    expect([tally.mean('canary'), tally.count('stable')]).toEqual([0.5, 3]);
  });

  it('counts a run as slow once it is certain, and not before others that may still be slow', () => {
    expect(measureOf('slow', run({ endedAt: 1_100 }), limits, 1_400)).toBeUndefined();
    expect(measureOf('slow', run({ endedAt: 1_100 }), limits, 1_501)).toBe(0);
    expect(measureOf('slow', run({}), limits, 1_501)).toBe(1);
    expect(measureOf('slow', run({ endedAt: 1_501 }), limits, 9_000)).toBe(1);
  });

  it('knows no cost or duration limit before the stable version has enough runs', () => {
    expect(limitOf(Array.from({ length: 39 }, (_, index) => index))).toBeNull();
    expect(limitOf(Array.from({ length: 100 }, (_, index) => index + 1))).toBe(95);
    expect(measureOf('cost', run({ costMicros: 101 }), limits, 0)).toBe(1);
    expect(measureOf('cost', run({ costMicros: 101 }), { slowMs: null, costMicros: null }, 0)).toBeUndefined();
  });

  it('leaves out runs without a score or a decided review', () => {
    expect(measureOf('score', run({}), limits, 0)).toBeUndefined();
    expect(measureOf('score', run({ score: 0.75 }), limits, 0)).toBe(0.25);
    expect(measureOf('corrected', run({}), limits, 0)).toBeUndefined();
    expect(measureOf('corrected', run({ corrected: true }), limits, 0)).toBe(1);
  });

  it('shares a risk of 5% among its measures', () => {
    expect(Object.values(RISKS).reduce((sum, risk) => sum + risk, 0)).toBeCloseTo(0.05);
  });

  it('knows about the points lost before only from enough scores', () => {
    expect(knownLoss(Array.from({ length: 39 }, () => 1))).toBeUndefined();
    expect(knownLoss(Array.from({ length: 40 }, (_, index) => index % 2))).toBe(0.5);
  });

  it('decides only after minRuns, and only if the difference reaches the margin', () => {
    const tally = createTally({ canary: 1, stable: 1 });
    for (let index = 0; index < 40; index++) {
      tally.add('canary', index % 2);
      tally.add('stable', 0);
    }
    const judge = createJudge({ canary: 1, stable: 1 }, 0.01);
    expect(judge.isWorse(tally, { margin: 0.1, minRuns: 20 })).toBe(true);
    expect(judge.isWorse(tally, { margin: 0.1, minRuns: 41 })).toBe(false);
    expect(judge.isWorse(tally, { margin: 0.6, minRuns: 20 })).toBe(false);
    const { lower, upper } = judge.range(tally);
    expect(lower).toBeGreaterThan(0);
    expect(lower).toBeLessThan(0.5);
    expect(upper).toBeGreaterThan(0.5);
  });
});
