import type { Statistic } from '../statistics/bootstrap.ts';
import type { ComparedResult, GradedPair } from './pair-results.ts';

/*
 * Figures of paired results, as functions of how often each cluster is drawn. Each pass is over typed arrays, because the bootstrap repeats
 * it ten thousand times.
 */

/** One value of both sides. Undefined: the pair has none. */
export type ReadValue = (result: ComparedResult) => number | null | undefined;

/** The values of one measure for the pairs that have both. */
export interface PairedValues {
  readonly subject: Float64Array;
  readonly baseline: Float64Array;
  /** The number of each pair’s cluster. */
  readonly cluster: Uint32Array;
}

/** Numbers the clusters of the pairs. */
export function numberClusters(pairs: readonly GradedPair[]): { readonly of: readonly number[]; readonly count: number } {
  const numbers = new Map<string, number>();
  const of = pairs.map(({ subject: { cluster } }) => {
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
  return { of, count: numbers.size };
}

export function pairedValues(pairs: readonly GradedPair[], clusters: readonly number[], read: ReadValue): PairedValues {
  const found = pairs.flatMap(({ subject, baseline }, index) => {
    const [mine, theirs] = [read(subject), read(baseline)];
    return typeof mine === 'number' && typeof theirs === 'number' ? [{ mine, theirs, cluster: clusters[index] ?? 0 }] : [];
  });
  return {
    subject: Float64Array.from(found, ({ mine }) => mine),
    baseline: Float64Array.from(found, ({ theirs }) => theirs),
    cluster: Uint32Array.from(found, ({ cluster }) => cluster),
  };
}

/** Sums of a side by cluster. */
function sumsByCluster(values: Float64Array, cluster: Uint32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let pair = 0; pair < values.length; pair++) sums[cluster[pair] ?? 0] = (sums[cluster[pair] ?? 0] ?? 0) + (values[pair] ?? 0);
  return sums;
}

/** Four sums at once take a third of the time: each addition waits for the one before. */
function weighted(sums: Float64Array, counts: Uint32Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const even = sums.length & ~3;
  for (let at = 0; at < even; at += 4) {
    first += (sums[at] ?? 0) * (counts[at] ?? 0);
    second += (sums[at + 1] ?? 0) * (counts[at + 1] ?? 0);
    third += (sums[at + 2] ?? 0) * (counts[at + 2] ?? 0);
    fourth += (sums[at + 3] ?? 0) * (counts[at + 3] ?? 0);
  }
  for (let at = even; at < sums.length; at++) first += (sums[at] ?? 0) * (counts[at] ?? 0);
  return first + second + third + fourth;
}

/** How many pairs were drawn. Clusters of one size need no sum. */
function pairsDrawn(cluster: Uint32Array, clusters: number): Statistic {
  const sizes = sumsByCluster(new Float64Array(cluster.length).fill(1), cluster, clusters);
  const [size = 0] = sizes;
  return sizes.every((other) => other === size) ? (_counts, total) => size * total : (counts) => weighted(sizes, counts);
}

/** The mean of the subject minus that of the baseline. */
export function meanDifference({ subject, baseline, cluster }: PairedValues, clusters: number): Statistic {
  const differences = subject.map((value, pair) => value - (baseline[pair] ?? 0));
  const sums = sumsByCluster(differences, cluster, clusters);
  const pairs = pairsDrawn(cluster, clusters);
  return (counts, total) => weighted(sums, counts) / pairs(counts, total);
}

/** How much more the subject costs in all, relative to the baseline. NaN if the baseline costs nothing. */
export function relativeDifference({ subject, baseline, cluster }: PairedValues, clusters: number): Statistic {
  const [mine, theirs] = [sumsByCluster(subject, cluster, clusters), sumsByCluster(baseline, cluster, clusters)];
  return (counts) => {
    const base = weighted(theirs, counts);
    return base === 0 ? Number.NaN : weighted(mine, counts) / base - 1;
  };
}

/** So many pairs are added up before the sum is looked at. */
const BLOCK = 16;

/** The median of a side when pairs count as often as their cluster is drawn. */
function medianOf(values: Float64Array, cluster: Uint32Array, clusters: number): Statistic {
  const order = Uint32Array.from(values.keys()).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const sorted = Float64Array.from(order, (pair) => values[pair] ?? 0);
  const numbers = order.map((pair) => cluster[pair] ?? 0);
  const pairs = pairsDrawn(cluster, clusters);
  return (counts, total) => {
    const half = pairs(counts, total) / 2;
    let reached = 0;
    let place = 0;
    for (; place + BLOCK <= numbers.length; place += BLOCK) {
      let block = 0;
      for (let at = place; at < place + BLOCK; at++) block += counts[numbers[at] ?? 0] ?? 0;
      if (reached + block >= half) break;
      reached += block;
    }
    for (; place < numbers.length && reached < half; place++) reached += counts[numbers[place] ?? 0] ?? 0;
    if (place === 0) return Number.NaN;
    const low = sorted[place - 1] ?? Number.NaN;
    if (reached > half) return low;
    // Half of them are reached exactly: the other middle one is the next that was drawn.
    while (place < numbers.length && counts[numbers[place] ?? 0] === 0) place++;
    return (low + (sorted[place] ?? low)) / 2;
  };
}

/** The median of the subject minus that of the baseline. */
export function medianDifference({ subject, baseline, cluster }: PairedValues, clusters: number): Statistic {
  const [mine, theirs] = [medianOf(subject, cluster, clusters), medianOf(baseline, cluster, clusters)];
  return (counts, total) => mine(counts, total) - theirs(counts, total);
}

export const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const median = (values: Float64Array): number =>
  medianOf(values, Uint32Array.from(values.keys()), values.length)(new Uint32Array(values.length).fill(1), values.length);
