import { normalCdf, normalQuantile } from './distributions.ts';
import type { Interval } from './proportion.ts';
import { createRandom } from './random.ts';

/*
 * The bootstrap with bias correction and acceleration (BCa; Efron 1987). What belongs together (one customer, one run) is drawn together, so
 * items that repeat each other don’t count as independent evidence.
 */

/** A figure of the sample in which cluster `c` occurs `counts[c]` times, `total` in all. NaN if it has none. */
export type Statistic = (counts: Uint32Array, total: number) => number;

export interface BootstrapResult extends Interval {
  readonly estimate: number;
  /** Two-sided, for the value 0: the smallest alpha whose interval excludes it. */
  readonly p: number;
}

/** The interval at another alpha, without drawing again. */
export type IntervalAt = (alpha: number) => BootstrapResult;

interface BootstrapOptions {
  readonly clusters: number;
  readonly statistics: readonly Statistic[];
  readonly seed: number;
  readonly resamples?: number;
}

export const RESAMPLES = 10_000;
/** The jackknife leaves out one cluster at a time, or, of more clusters than this, groups of them. */
const MOST_GROUPS = 500;

/**
 * Intervals of several figures from the same resamples. A generator, so that long work shares the event loop: it pauses after each
 * resample, which costs time proportional to the number of clusters and of items. `clusters` is at least 1.
 */
export function* bcaBootstrap({ clusters, statistics, seed, resamples = RESAMPLES }: BootstrapOptions): Generator<void, IntervalAt[]> {
  const drawn = statistics.map(() => new Float64Array(resamples));
  const counts = new Uint32Array(clusters);
  const random = createRandom(seed);
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let draw = 0; draw < clusters; draw++) {
      const cluster = random(clusters);
      counts[cluster] = (counts[cluster] ?? 0) + 1;
    }
    for (const [index, statistic] of statistics.entries()) {
      const values = drawn[index];
      if (values) values[resample] = statistic(counts, clusters);
    }
    yield;
  }
  counts.fill(1);
  const estimates = statistics.map((statistic) => statistic(counts, clusters));
  const groups = Math.min(clusters, MOST_GROUPS);
  const order = shuffled(clusters, random);
  const left = statistics.map(() => new Float64Array(groups));
  for (let group = 0; group < groups; group++) {
    const members = order.subarray(Math.floor((group * clusters) / groups), Math.floor(((group + 1) * clusters) / groups));
    for (const cluster of members) counts[cluster] = 0;
    for (const [index, statistic] of statistics.entries()) {
      const values = left[index];
      if (values) values[group] = statistic(counts, clusters - members.length);
    }
    for (const cluster of members) counts[cluster] = 1;
    yield;
  }
  return statistics.map((_, index) => intervalsOf(estimates[index] ?? Number.NaN, drawn[index] ?? counts, left[index] ?? counts));
}

/** The numbers below `count` in random order. */
function shuffled(count: number, random: (bound: number) => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

function intervalsOf(estimate: number, drawn: ArrayLike<number>, leftOut: ArrayLike<number>): IntervalAt {
  const sorted = Float64Array.from(drawn).filter(Number.isFinite).sort();
  const bias = normalQuantile(shareBelow(sorted, estimate));
  const acceleration = accelerationOf(Float64Array.from(leftOut).filter(Number.isFinite));
  const adjusted = (alpha: number): number => {
    const z = bias + normalQuantile(alpha);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  const p = pOfZero(sorted, bias, acceleration);
  return (alpha) => {
    if (sorted.length === 0 || !Number.isFinite(bias)) return { estimate, p: 1, low: estimate, high: estimate };
    return { estimate, p, low: quantile(sorted, adjusted(alpha / 2)), high: quantile(sorted, adjusted(1 - alpha / 2)) };
  };
}

/** Sums in another order differ by less than this, relative to the figure. */
const ROUNDING = 1e-12;

/** The share of values below this one, ties counted by half. */
function shareBelow(sorted: Float64Array, value: number): number {
  const noise = Math.abs(value) * ROUNDING;
  return (countBelow(sorted, value - noise) + countBelow(sorted, value + noise + Number.MIN_VALUE)) / 2 / sorted.length;
}

function countBelow(sorted: Float64Array, value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** From the jackknife: a sixth of the skewness of the influence of each cluster, or group of clusters. */
function accelerationOf(leftOut: Float64Array): number {
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let squares = 0;
  let cubes = 0;
  for (const value of leftOut) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** The value at this share of a sorted sample, interpolated between its neighbors. */
function quantile(sorted: Float64Array, share: number): number {
  const place = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length + 1) - 1));
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

/** The alpha at which one end of the interval reaches 0. At least what the number of resamples can show. */
function pOfZero(sorted: Float64Array, bias: number, acceleration: number): number {
  if (!Number.isFinite(bias)) return 1;
  const resolution = 1 / (sorted.length + 1);
  const share = Math.min(1 - resolution, Math.max(resolution, shareBelow(sorted, 0)));
  const z = normalQuantile(share) - bias;
  const tail = normalCdf(z / (1 + acceleration * z) - bias);
  return Math.min(1, 2 * Math.min(tail, 1 - tail));
}
