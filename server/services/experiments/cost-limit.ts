/*
 * What the items of an experiment may spend together. Each trial takes an allowance before it starts, so trials in progress never plan to
 * spend more than the limit in all.
 */

/** Allowances aim at this many times the largest cost so far. */
const ROOM = 3;

export type Allowance =
  | { readonly kind: 'granted'; readonly micros: number | undefined }
  /** Trials in progress hold the rest. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'used-up' };

/** In micro-dollars. `limit` null: unlimited. `slots`: how many trials run at once. */
export function createCostLimit(limit: number | null, slots: number) {
  let spent = 0;
  let held = 0;
  let largest = 0;
  let open = 0;
  return {
    take: (): Allowance => {
      if (limit === null) return { kind: 'granted', micros: undefined };
      if (open >= slots) return { kind: 'wait' };
      const left = limit - spent - held;
      if (left <= 0 || left < largest) return open > 0 ? { kind: 'wait' } : { kind: 'used-up' };
      const micros = Math.min(left, Math.max(largest * ROOM, left / slots));
      held += micros;
      open++;
      return { kind: 'granted', micros };
    },
    /** Returns an allowance, with what the trial cost. */
    settle: (allowance: number | undefined, cost: number): void => {
      if (allowance !== undefined) {
        held -= allowance;
        open--;
      }
      spent += cost;
      largest = Math.max(largest, cost);
    },
    /** Counts what was spent before. */
    note: (cost: number): void => {
      spent += cost;
    },
  };
}
export type CostLimit = ReturnType<typeof createCostLimit>;
