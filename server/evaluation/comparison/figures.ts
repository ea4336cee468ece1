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

function weighted(sums: Float64Array, counts: Uint32Array): number {
  let total = 0;
  for (let cluster = 0; cluster < sums.length; cluster++) total += (sums[cluster] ?? 0) * (counts[cluster] ?? 0);
  return total;
}

/** The mean of the subject minus that of the baseline. */
export function meanDifference({ subject, baseline, cluster }: PairedValues, clusters: number): Statistic {
  const differences = subject.map((value, pair) => value - (baseline[pair] ?? 0));
  const sums = sumsByCluster(differences, cluster, clusters);
  const sizes = sumsByCluster(new Float64Array(subject.length).fill(1), cluster, clusters);
  return (counts) => weighted(sums, counts) / weighted(sizes, counts);
}

/** How much more the subject costs in all, relative to the baseline. NaN if the baseline costs nothing. */
export function relativeDifference({ subject, baseline, cluster }: PairedValues, clusters: number): Statistic {
  const [mine, theirs] = [sumsByCluster(subject, cluster, clusters), sumsByCluster(baseline, cluster, clusters)];
  return (counts) => {
    const base = weighted(theirs, counts);
    return base === 0 ? Number.NaN : weighted(mine, counts) / base - 1;
  };
}

/** The median of a side when pairs count as often as their cluster is drawn. */
function medianOf(values: Float64Array, cluster: Uint32Array): Statistic {
  const order = Uint32Array.from(values.keys()).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const [sorted, clusters] = [order.map((pair) => pair), order.map((pair) => cluster[pair] ?? 0)];
  return (counts) => {
    let total = 0;
    for (const number of clusters) total += counts[number] ?? 0;
    let reached = 0;
    let low: number | undefined;
    for (let place = 0; place < sorted.length; place++) {
      reached += counts[clusters[place] ?? 0] ?? 0;
      const value = values[sorted[place] ?? 0] ?? 0;
      if (low !== undefined) {
        if (reached * 2 > total) return (low + value) / 2;
        continue;
      }
      if (reached * 2 > total) return value;
      if (reached * 2 === total) low = value;
    }
    return low ?? Number.NaN;
  };
}

/** The median of the subject minus that of the baseline. */
export function medianDifference({ subject, baseline, cluster }: PairedValues): Statistic {
  const [mine, theirs] = [medianOf(subject, cluster), medianOf(baseline, cluster)];
  return (counts) => mine(counts) - theirs(counts);
}

export const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const median = (values: Float64Array): number => medianOf(values, Uint32Array.from(values.keys()))(new Uint32Array(values.length).fill(1));
