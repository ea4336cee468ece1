import type { PackedHistogram } from '../../store/insight/insight-collections.ts';

/*
 * Counts of durations (ms) or costs (micro-dollars) in buckets, each 1.05 times as wide as the one before (S86): a quantile is at most 2.5%
 * off, and histograms can be added. Bucket `n` holds values above 1.05^(n-1) and up to 1.05^n; values up to 1 are in bucket 0, and zero in
 * bucket -1.
 */

const RATIO = 1.05;
const LOG = Math.log(RATIO);
const ZERO = -1;
/** 1.05^800 is 10^17: larger values are counted there. */
const LAST = 800;

export type Histogram = Map<number, number>;

export const bucketOf = (value: number): number => {
  if (!(value > 0)) return ZERO;
  // Without the margin, the power of a bucket itself can round into the next one.
  return value <= 1 ? 0 : Math.min(LAST, Math.ceil(Math.log(value) / LOG - 1e-9));
};

export const count = (histogram: Histogram, value: number): void => {
  const bucket = bucketOf(value);
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1);
};

export function addHistogram(to: Histogram, from: Histogram): void {
  for (const [bucket, times] of from) to.set(bucket, (to.get(bucket) ?? 0) + times);
}

export const samplesIn = (histogram: Histogram): number => [...histogram.values()].reduce((sum, times) => sum + times, 0);

/** The middle of a bucket, by ratio. */
const middleOf = (bucket: number): number => (bucket === ZERO ? 0 : bucket === 0 ? 1 : RATIO ** (bucket - 0.5));

/** The value that this share of the samples does not exceed (nearest rank). Null without samples. */
export function quantileOf(histogram: Histogram, share: number): number | null {
  const total = samplesIn(histogram);
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil(share * total));
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    left -= histogram.get(bucket) ?? 0;
    if (left <= 0) return middleOf(bucket);
  }
  return null;
}

export const packHistogram = (histogram: Histogram): number[] => [...histogram].sort(([a], [b]) => a - b).flat();

export function readHistogram(packed: PackedHistogram = []): Histogram {
  const histogram: Histogram = new Map();
  for (let at = 0; at + 1 < packed.length; at += 2) histogram.set(packed[at] ?? 0, packed[at + 1] ?? 0);
  return histogram;
}
