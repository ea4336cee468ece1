import { betaCdf, betaQuantile, normalQuantile } from './distributions.ts';

/* Intervals for a proportion: `successes` of `trials`, whole numbers with 0 ≤ successes ≤ trials. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Both sides share alpha, or one side has all of it, and the other is open (0 or 1). */
export type Side = 'both' | 'lower' | 'upper';

interface IntervalOptions {
  /** 1 − confidence, between 0 and 1. */
  readonly alpha?: number;
  readonly side?: Side;
}

const tails = (alpha: number, side: Side): { low: number; high: number } => ({
  low: side === 'upper' ? 0 : side === 'both' ? alpha / 2 : alpha,
  high: side === 'lower' ? 0 : side === 'both' ? alpha / 2 : alpha,
});

/**
 * The exact interval of Clopper and Pearson (1934): covers the true proportion with at least the confidence asked for, whatever it is. Without
 * trials it is [0, 1].
 */
export function clopperPearson(successes: number, trials: number, { alpha = 0.05, side = 'both' }: IntervalOptions = {}): Interval {
  const { low, high } = tails(alpha, side);
  return {
    low: low === 0 || successes === 0 ? 0 : betaQuantile(low, successes, trials - successes + 1),
    high: high === 0 || successes === trials ? 1 : betaQuantile(1 - high, successes + 1, trials - successes),
  };
}

/**
 * The score interval of Wilson (1927), which covers with the confidence asked for on average. Takes fractional numbers too: weighted labels
 * with their effective size. Without trials it is [0, 1].
 */
export function wilson(successes: number, trials: number, { alpha = 0.05, side = 'both' }: IntervalOptions = {}): Interval {
  if (trials <= 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const { low, high } = tails(alpha, side);
  const bound = (tail: number, sign: 1 | -1): number => {
    const z = normalQuantile(1 - tail);
    const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
    return Math.min(1, Math.max(0, (share + (z * z) / (2 * trials) + sign * spread) / (1 + (z * z) / trials)));
  };
  return { low: low === 0 ? 0 : bound(low, -1), high: high === 0 ? 1 : bound(high, 1) };
}

/** P(X ≤ k) for X ~ Binomial(n, p). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : betaCdf(1 - p, n - k, k + 1);
}
