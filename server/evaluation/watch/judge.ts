import { type Blocks, createDifferenceSequence, type DifferenceSequence } from '../statistics/difference-sequence.ts';
import type { Tally } from './tally.ts';

/* Decides whether a canary is worse than the stable version in one measure (S83). */

export interface JudgeRule {
  /** The least difference that matters. */
  readonly margin: number;
  /** Counted runs of the canary before anything is decided. */
  readonly minRuns: number;
}

export interface Judge {
  /** Whether the lower bound of the difference is above 0, and the difference at least the margin. */
  isWorse(tally: Tally, rule: JudgeRule): boolean;
  /** The range of the difference (canary − stable). Each end holds at every look. */
  range(tally: Tally): { readonly lower: number; readonly upper: number };
}

/** The difference of the means. Null if a side has no values. */
export function differenceIn(tally: Tally): number | null {
  const [canary, stable] = [tally.mean('canary'), tally.mean('stable')];
  return canary === null || stable === null ? null : canary - stable;
}

/** `known`: about the stable mean, from earlier runs. */
export function createJudge(blocks: Blocks, alpha: number, known?: number): Judge {
  const above: DifferenceSequence = createDifferenceSequence(blocks, alpha, known);
  // The upper bound is the lower bound with sides swapped.
  const below = createDifferenceSequence({ canary: blocks.stable, stable: blocks.canary }, alpha);
  return {
    isWorse: (tally, { margin, minRuns }) => {
      const difference = differenceIn(tally);
      return difference !== null && tally.count('canary') >= minRuns && difference >= margin && above.isAboveZero(tally.counted());
    },
    range: (tally) => {
      const { canary, stable } = tally.counted();
      return { lower: above.lowerBound({ canary, stable }), upper: -below.lowerBound({ canary: stable, stable: canary }) };
    },
  };
}
