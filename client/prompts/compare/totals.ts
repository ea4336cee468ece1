import type { Try } from '../../tries/tries.ts';

/** The figures of a column. */
export interface Totals {
  readonly done: number;
  readonly failed: number;
  /** Mean time of the complete answers. Null without one. */
  readonly meanMs: number | null;
  /** Null if the price of a model is unknown. */
  readonly costMicros: number | null;
}

export function totalsOf(states: readonly (Try | undefined)[]): Totals {
  const results = states.flatMap((state) => (state?.kind === 'done' ? [state.result] : []));
  const ms = results.reduce((sum, result) => sum + result.ms, 0);
  return {
    done: results.length,
    failed: states.filter((state) => state?.kind === 'failed').length,
    meanMs: results.length === 0 ? null : ms / results.length,
    costMicros: results.reduce<number | null>((sum, { costMicros }) => (sum === null || costMicros === null ? null : sum + costMicros), 0),
  };
}

/** The lowest of several known figures. Undefined if one is unknown, or all are equal. */
export function lowest(figures: readonly (number | null)[]): number | undefined {
  const known = figures.filter((figure) => figure !== null);
  const least = Math.min(...known);
  return known.length === figures.length && known.some((figure) => figure !== least) ? least : undefined;
}
