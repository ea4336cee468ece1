export interface HolmStep {
  /** The p value, adjusted for the number of comparisons. */
  readonly adjusted: number;
  /** The alpha that this comparison is tested at. Its interval at this alpha leaves 0 exactly when it is significant. */
  readonly alpha: number;
  readonly significant: boolean;
}

/**
 * The step-down method of Holm (1979) for several comparisons: the chance that any equal one is called different is at most alpha. The smallest
 * p value is tested at alpha / n, the next at alpha / (n − 1), and so on. From the first that is not significant on, none is, and all
 * are shown at its alpha. In the order given.
 */
export function holm(ps: readonly number[], alpha = 0.05): HolmStep[] {
  const order = ps.map((p, index) => ({ p, index })).sort((one, other) => one.p - other.p);
  const steps: HolmStep[] = [];
  let adjusted = 0;
  let stopped: number | undefined;
  for (const [rank, { p, index }] of order.entries()) {
    const tests = ps.length - rank;
    adjusted = Math.max(adjusted, Math.min(1, p * tests));
    if (stopped === undefined && p >= alpha / tests) stopped = alpha / tests;
    steps[index] = { adjusted, alpha: stopped ?? alpha / tests, significant: stopped === undefined };
  }
  return steps;
}
