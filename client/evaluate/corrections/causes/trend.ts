import type { CorrectionSummary } from '@switchyard/shared/contracts/evaluation/corrections.ts';

type Cause = CorrectionSummary['causes'][number];
type Buckets = CorrectionSummary['buckets'];

/** How a rate changed. `few`: too few reviews to tell. `steady`: the difference may be chance. */
export type Trend =
  | { readonly kind: 'few'; readonly reviewed: number; readonly wanted: number }
  | { readonly kind: 'steady' }
  | { readonly kind: 'changed'; readonly points: number };

/** Reviews that each half needs. */
const FEWEST = 20;
/** Two-sided, 95%. */
const Z = 1.96;

/** The share of reviews with a correction of this cause, by bucket. Null without reviews. */
export const ratesOf = ({ byBucket }: Cause, buckets: Buckets): (number | null)[] =>
  buckets.map(({ reviewed }, index) => (reviewed === 0 ? null : (byBucket[index] ?? 0) / reviewed));

/**
 * The second half of the range against the first, in percentage points. It counts as changed if the normal interval of the difference of two
 * proportions leaves 0 (Wald, 95%). A review can have several corrections of one cause, so shares are capped at 1.
 */
export function trendOf({ byBucket }: Cause, buckets: Buckets): Trend {
  const middle = Math.floor(buckets.length / 2);
  const half = (from: number, to: number) => {
    const reviewed = buckets.slice(from, to).reduce((sum, bucket) => sum + bucket.reviewed, 0);
    const corrected = byBucket.slice(from, to).reduce((sum, count) => sum + count, 0);
    return { reviewed, share: reviewed === 0 ? 0 : Math.min(1, corrected / reviewed) };
  };
  const [before, after] = [half(0, middle), half(middle, buckets.length)];
  if (before.reviewed < FEWEST || after.reviewed < FEWEST)
    return { kind: 'few', reviewed: Math.min(before.reviewed, FEWEST) + Math.min(after.reviewed, FEWEST), wanted: 2 * FEWEST };
  const variance = ({ share, reviewed }: typeof before): number => (share * (1 - share)) / reviewed;
  const difference = after.share - before.share;
  if (Math.abs(difference) <= Z * Math.sqrt(variance(before) + variance(after))) return { kind: 'steady' };
  return { kind: 'changed', points: difference * 100 };
}
