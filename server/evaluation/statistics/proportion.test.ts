import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile, normalCdf, normalQuantile } from './distributions.ts';
import { binomialCdf, clopperPearson, wilson } from './proportion.ts';

/** Independent of the module: exact whole numbers. */
function exactBinomialCdf(k: number, n: number): number {
  let sum = 0n;
  let choose = 1n;
  for (let i = 0; i <= k; i++) {
    sum += choose;
    choose = (choose * BigInt(n - i)) / BigInt(i + 1);
  }
  return Number((sum * 10n ** 30n) / 2n ** BigInt(n)) / 1e30;
}

describe('distributions', () => {
  it('of the normal agree with published tables, far out too', () => {
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021048517795, 14);
    expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantile(1e-12)).toBeCloseTo(-7.034483825301131, 9);
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, expect.closeTo(0, 15), Infinity]);
  });

  it('of the binomial agree with sums of whole numbers', () => {
    for (const n of [1, 2, 7, 40, 300]) {
      for (const k of [0, Math.floor(n / 3), Math.floor(n / 2), n - 1]) expect(binomialCdf(k, n, 0.5)).toBeCloseTo(exactBinomialCdf(k, n), 12);
    }
    expect([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5)]).toEqual([0, 1]);
  });

  it('of the beta invert each other', () => {
    for (const [a, b] of [
      [1, 20],
      [0.5, 0.5],
      [300, 700],
      [5000, 2],
    ] as const) {
      for (const p of [0.001, 0.025, 0.5, 0.975]) expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 10);
    }
  });
});

describe('intervals of a proportion', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I: methods 3 and 5.
  it.each([
    [81, 263, [0.2553, 0.3662], [0.2527, 0.3676]],
    [15, 148, [0.0624, 0.1605], [0.0578, 0.1617]],
    [0, 20, [0, 0.1611], [0, 0.1684]],
    [1, 29, [0.0061, 0.1718], [0.0009, 0.1776]],
  ])('for %i of %i agree with Newcombe’s table', (successes, trials, score, exact) => {
    const rounded = ({ low, high }: { low: number; high: number }) => [low, high].map((bound) => Number(bound.toFixed(4)));
    expect(rounded(wilson(successes, trials))).toEqual(score);
    expect(rounded(clopperPearson(successes, trials))).toEqual(exact);
  });

  it('agree with the example of binom.test in R', () => {
    const { low, high } = clopperPearson(682, 925);
    expect(low).toBeCloseTo(0.7076683, 6);
    expect(high).toBeCloseTo(0.7654066, 6);
  });

  it('put all of alpha on one side if asked to', () => {
    expect(clopperPearson(0, 59, { side: 'upper' })).toEqual({ low: 0, high: expect.closeTo(1 - 0.05 ** (1 / 59), 12) });
    expect(clopperPearson(59, 59, { side: 'lower' })).toEqual({ low: expect.closeTo(0.05 ** (1 / 59), 12), high: 1 });
    expect(wilson(50, 100, { side: 'lower' })).toEqual({ low: expect.closeTo(wilson(50, 100, { alpha: 0.1 }).low, 12), high: 1 });
  });

  it('say nothing without trials', () => {
    expect([clopperPearson(0, 0), wilson(0, 0)]).toEqual([
      { low: 0, high: 1 },
      { low: 0, high: 1 },
    ]);
  });

  it('of Clopper and Pearson cover at least as often as promised, for every true proportion', () => {
    const n = 30;
    const intervals = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n));
    for (let p = 0.01; p < 1; p += 0.01) {
      const covered = intervals.reduce((sum, { low, high }, k) => (low <= p && p <= high ? sum + binomialCdf(k, n, p) - binomialCdf(k - 1, n, p) : sum), 0);
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });
});
