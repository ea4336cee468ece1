/*
 * A Bernoulli CUSUM (Reynolds and Stoumbos, 1999): notices that a rate of errors has risen from `normal` to about `risen`, label by label. The
 * sum falls by 1 with each label without an error, never below 0, and rises by `step` with each error. At `limit`, it signals. All whole
 * numbers, so its average run length is exact. Pure.
 */

export interface Cusum {
  readonly step: number;
  readonly limit: number;
}

/** At most one false signal in this many labels, on average. */
export const LABELS_PER_FALSE_SIGNAL = 2_000;
const MOST_STEPS = 200;
const MOST_LIMIT = 400;

/** The sum after another label. */
export const nextSum = (sum: number, wrong: boolean, { step }: Cusum): number => (wrong ? sum + step : Math.max(0, sum - 1));

/**
 * The CUSUM for two rates with 0 < normal < risen < 1: its average run length at the normal rate is at least LABELS_PER_FALSE_SIGNAL. The step
 * is that of the likelihood ratio, rounded to a whole number.
 */
export function tuneCusum(normal: number, risen: number): Cusum {
  const fall = Math.log((1 - normal) / (1 - risen));
  const ratio = Math.log((risen * (1 - normal)) / (normal * (1 - risen)));
  const step = Math.min(MOST_STEPS, Math.max(1, Math.round(ratio / fall) - 1));
  let [low, high] = [1, MOST_LIMIT];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (averageRunLength({ step, limit: middle }, normal) >= LABELS_PER_FALSE_SIGNAL) high = middle;
    else low = middle + 1;
  }
  return { step, limit: low };
}

/**
 * How many labels it takes on average until the CUSUM signals, starting at 0, while the rate of errors is `rate`: the expected time to
 * absorption of a Markov chain on the sums 0 … limit − 1 (Brook and Evans, 1972). Solved downward: from each sum, the chain first falls
 * to the sum below or signals, so E(s) = time(s) + fall(s) · E(s − 1).
 */
export function averageRunLength({ step, limit }: Cusum, rate: number): number {
  const time = new Float64Array(limit);
  const fall = new Float64Array(limit);
  for (let sum = limit - 1; sum >= 0; sum--) {
    // After an error, the chain has to come back from sum + step to sum, or signals on the way.
    let [spent, back] = [0, sum + step < limit ? 1 : 0];
    for (let at = sum + step; back > 0 && at > sum; at--) {
      spent += back * (time[at] ?? 0);
      back *= fall[at] ?? 0;
    }
    const stays = 1 - rate * back;
    const expected = 1 + rate * spent;
    if (sum === 0) return expected / (stays - (1 - rate));
    time[sum] = expected / stays;
    fall[sum] = (1 - rate) / stays;
  }
  return Number.POSITIVE_INFINITY;
}
