import type { Measure } from '@switchyard/shared/contracts/evaluation/releases.ts';

/** A release goes back only if the canary is worse by at least this much. */
export const DEFAULT_MARGINS: Readonly<Record<Measure, number>> = { failures: 0.02, slow: 0.05, cost: 0.05, score: 0.1, corrected: 0.1 };
export const DEFAULT_MIN_RUNS = 20;
/**
 * The risk that a release of an equal version goes back by a measure, over all looks: 5% together. Scores have half of it, because their
 * differences are the hardest to tell.
 */
export const RISKS: Readonly<Record<Measure, number>> = { failures: 0.005, slow: 0.005, cost: 0.005, score: 0.025, corrected: 0.01 };

/** What counts as slow and as expensive: the 95th percentiles of the stable version. Null while too few of its runs are known. */
export interface Limits {
  readonly slowMs: number | null;
  readonly costMicros: number | null;
}

/** About the mean of points lost on the stable version, from the scores of its earlier runs. Undefined with fewer than FEWEST_FOR_LIMITS. */
export function knownLoss(scores: readonly number[]): number | undefined {
  if (scores.length < FEWEST_FOR_LIMITS) return undefined;
  return 1 - scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Fewer runs of the stable version say nothing about its 95th percentile. */
export const FEWEST_FOR_LIMITS = 40;

/** The 95th percentile: the smallest value that at least 95% do not exceed. Null with fewer than FEWEST_FOR_LIMITS values. */
export function limitOf(values: readonly number[]): number | null {
  if (values.length < FEWEST_FOR_LIMITS) return null;
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? null;
}

/** A live run, as the watch sees it. Times in ms since 1970. */
export interface WatchedRun {
  readonly acceptedAt: number;
  /** Null while it has not ended. */
  readonly endedAt: number | null;
  readonly failed: boolean;
  readonly costMicros: number;
  /** The mean score of its feedback, from 0 to 1. Absent if none was given. */
  readonly score?: number | undefined;
  /** Whether a reviewer changed something. Absent unless a review was decided. */
  readonly corrected?: boolean | undefined;
}

/** The value of a run now. Undefined if it does not count, or cannot be known yet. */
export function measureOf(measure: Measure, run: WatchedRun, { slowMs, costMicros }: Limits, now: number): number | undefined {
  if (measure === 'failures') return run.failed ? 1 : 0;
  if (measure === 'cost') return costMicros === null ? undefined : Number(run.costMicros > costMicros);
  if (measure === 'score') return run.score === undefined ? undefined : 1 - run.score;
  if (measure === 'corrected') return run.corrected === undefined ? undefined : Number(run.corrected);
  // Runs that ended early are not counted before those that may still turn out slow.
  if (slowMs === null || now - run.acceptedAt <= slowMs) return undefined;
  return Number(run.endedAt === null || run.endedAt - run.acceptedAt > slowMs);
}
