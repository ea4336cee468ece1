import { type Blocks, type Counted, PERCENTS } from '../statistics/difference-sequence.ts';

/* Collects the values of both sides, in order of acceptance, and counts those that form whole blocks. */

export type WatchedSide = 'canary' | 'stable';

/** More values of one side per value of the other tell hardly more. */
const MOST_PER_BLOCK = 20;

/** Of the runs that the stable version has for each of the canary, this share is compared, so that the canary’s rarely wait for them. */
const SLACK = 0.8;

/** How many runs of each side are compared at a time: about as many as the canary’s weight (1 to 99 percent) brings. */
export function blocksFor(weight: number): Blocks {
  const stable = 100 - weight;
  if (weight <= stable) return { canary: 1, stable: between(1, Math.round((SLACK * stable) / weight), MOST_PER_BLOCK) };
  return { canary: Math.min(MOST_PER_BLOCK, Math.ceil(weight / stable)), stable: 1 };
}

const between = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value));

export interface Tally {
  /** `value` is from 0 to 1. It counts in whole percents. */
  add(side: WatchedSide, value: number): void;
  count(side: WatchedSide): number;
  /** The mean of all values of a side. Null without any. */
  mean(side: WatchedSide): number | null;
  /** The values in whole blocks. */
  counted(): Counted;
  /** Values of the canary in whole blocks. */
  compared(): number;
}

interface SideTally {
  readonly values: number[];
  readonly histogram: number[];
  taken: number;
  sum: number;
}

const emptySide = (): SideTally => ({ values: [], histogram: new Array<number>(PERCENTS + 1).fill(0), taken: 0, sum: 0 });

/** Moves values into the histogram up to this number. */
function takeUpTo(side: SideTally, number: number): void {
  for (; side.taken < number; side.taken++) {
    const percent = side.values[side.taken] ?? 0;
    side.histogram[percent] = (side.histogram[percent] ?? 0) + 1;
  }
}

export function createTally(blocks: Blocks): Tally {
  const sides: Readonly<Record<WatchedSide, SideTally>> = { canary: emptySide(), stable: emptySide() };
  const { canary, stable } = sides;
  return {
    add: (side, value) => {
      const percent = Math.round(Math.min(1, Math.max(0, value)) * PERCENTS);
      sides[side].values.push(percent);
      sides[side].sum += percent / PERCENTS;
      const whole = Math.min(Math.floor(canary.values.length / blocks.canary), Math.floor(stable.values.length / blocks.stable));
      takeUpTo(canary, whole * blocks.canary);
      takeUpTo(stable, whole * blocks.stable);
    },
    count: (side) => sides[side].values.length,
    mean: (side) => (sides[side].values.length === 0 ? null : sides[side].sum / sides[side].values.length),
    counted: () => ({ canary: canary.histogram, stable: stable.histogram }),
    compared: () => canary.taken,
  };
}
