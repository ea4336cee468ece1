/* Durations in bins that grow by a tenth, from 10 ms to 15 minutes: percentiles within 5%, at a fixed size. */

const SHORTEST_MS = 10;
const GROWTH = 1.1;
export const BINS = 121;

export const binOf = (ms: number): number => Math.min(BINS - 1, Math.max(0, Math.ceil(Math.log(Math.max(ms, 1) / SHORTEST_MS) / Math.log(GROWTH))));

/** The duration that a share of all counted ones does not exceed. Null if none were counted. */
export function percentile(histograms: readonly Uint16Array[], share: number): number | null {
  const total = histograms.reduce((sum, histogram) => sum + histogram.reduce((count, bin) => count + bin, 0), 0);
  if (total === 0) return null;
  let left = Math.ceil(total * share);
  for (let bin = 0; bin < BINS; bin++) {
    left -= histograms.reduce((count, histogram) => count + (histogram[bin] ?? 0), 0);
    if (left <= 0) return Math.round(SHORTEST_MS * GROWTH ** (bin - 0.5));
  }
  return null;
}
