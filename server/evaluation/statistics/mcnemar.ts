import { binomialCdf, clopperPearson, type Interval } from './proportion.ts';

export interface PairCounts {
  /** Pairs that only the new side passes. */
  readonly better: number;
  /** Pairs that only the baseline passes. */
  readonly worse: number;
  /** All pairs, equal ones included. */
  readonly pairs: number;
}

export interface McNemarResult extends Interval {
  /** How much more often the new side passes, −1 to 1. */
  readonly difference: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * The exact test of McNemar (1947) for paired verdicts: if both sides were equally good, each pair that differs would be better or worse with
 * probability 1/2. The interval of the difference is exact given how many pairs differ: Clopper–Pearson for the share of better ones, scaled to
 * all pairs. It holds 0 exactly when p ≥ alpha. `pairs` is at least 1.
 */
export function mcNemar({ better, worse, pairs }: PairCounts, alpha = 0.05): McNemarResult {
  const differing = better + worse;
  if (differing === 0) return { difference: 0, p: 1, low: 0, high: 0 };
  const share = clopperPearson(better, differing, { alpha });
  const scaled = (value: number): number => ((2 * value - 1) * differing) / pairs;
  return {
    difference: (better - worse) / pairs,
    p: Math.min(1, 2 * binomialCdf(Math.min(better, worse), differing, 0.5)),
    low: scaled(share.low),
    high: scaled(share.high),
  };
}
