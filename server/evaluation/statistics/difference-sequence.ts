/*
 * A confidence sequence for the difference of two means of values in [0, 1]: a lower bound that holds at every look, however often one looks
 * and whenever one stops.
 *
 * Values come in blocks: a fixed number of each side. For a fixed alternative (c, s) and the null hypothesis
 * “mean(canary) − mean(stable) ≤ δ”, each value multiplies a wealth by x·p/q + (1 − x)(1 − p)/(1 − q), where p is the alternative and q the
 * point of the null closest to it by Kullback–Leibler divergence, weighted by the numbers per block. This is an E-variable for a convex null
 * (Turner, Ly, and Grünwald, “Generic E-variables for exact sequential k-sample tests that allow for optional stopping”, Journal of
 * Statistical Planning and Inference 230, 2024, Theorem 1), also for values between 0 and 1, as it is linear in x (Waudby-Smith and Ramdas,
 * “Estimating means of bounded random variables by betting”, JRSS B 86, 2024). The wealth shared over many alternatives is a nonnegative
 * supermartingale, so under the null it ever reaches 1/α with a probability of at most α (Ville). The bound is the smallest δ that is not
 * rejected.
 *
 * Earlier knowledge helps: if the stable mean is known roughly from earlier values, most of the wealth is bet on alternatives with that mean.
 * They are chosen before the first value, so the bound stays valid however wrong it is.
 *
 * As alternatives are fixed, the order of the values within a side does not matter: counts of them are enough.
 */

/** How many values of each kind: index v has those of v %. */
export type Histogram = readonly number[];

/** Values are whole percents. */
export const PERCENTS = 100;

export interface Blocks {
  /** Values of each side per block. */
  readonly canary: number;
  readonly stable: number;
}

export interface Counted {
  readonly canary: Histogram;
  readonly stable: Histogram;
}

/** Means of the stable side under the alternatives. */
const BASES = [0.004, 0.015, 0.04, 0.08, 0.16, 0.3, 0.5, 0.8];
/** How far the canary’s mean is above the null under the alternatives. */
const EFFECTS = [0.015, 0.04, 0.1, 0.2, 0.35, 0.6, 0.95];
/** The same with a known stable mean, and how much of the wealth is bet on these. */
const KNOWN_EFFECTS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7];
const KNOWN_SHARE = 0.9;
const KNOWN = { least: 0.004, most: 0.95 };
/** Alternatives keep this distance from 0 and 1, so that no single value ends a bet. */
const LOWEST = 0.001;
const STEP = 0.02;
/** Halvings between two steps: the bound is exact to 0.0001. */
const REFINEMENTS = 8;
const ROOT_HALVINGS = 40;

const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Wealth factors of a value x: x·one + (1 − x)·zero. */
interface Factors {
  readonly one: number;
  readonly zero: number;
}

interface Bet {
  readonly canary: Factors;
  readonly stable: Factors;
}

interface WeightedBet {
  readonly share: number;
  readonly bet?: Bet;
}

/** Values that occur, with their counts. */
type Occurring = readonly (readonly [value: number, count: number])[];

const factors = (alternative: number, nullMean: number): Factors => ({ one: alternative / nullMean, zero: (1 - alternative) / (1 - nullMean) });

interface Alternative {
  readonly stable: number;
  readonly effect: number;
  /** Its share of the wealth. All together are 1. */
  readonly share: number;
}

function alternativesOf(known: number | undefined): Alternative[] {
  const rest = known === undefined ? 1 : 1 - KNOWN_SHARE;
  const share = rest / (BASES.length * EFFECTS.length);
  const general = BASES.flatMap((stable) => EFFECTS.map((effect) => ({ stable, effect, share })));
  if (known === undefined) return general;
  const stable = between(known, KNOWN.least, KNOWN.most);
  return [...general, ...KNOWN_EFFECTS.map((effect) => ({ stable, effect, share: KNOWN_SHARE / KNOWN_EFFECTS.length }))];
}

/** The bets against “difference ≤ delta”. An alternative within the null bets nothing. */
function betsAgainst(delta: number, blocks: Blocks, alternatives: readonly Alternative[]): WeightedBet[] {
  return alternatives.map(({ stable, effect, share }) => {
    const canary = between(stable + delta + effect, LOWEST, 1 - LOWEST);
    if (canary - stable <= delta) return { share };
    const nullMean = closestNull({ canary, stable }, delta, blocks);
    return { share, bet: { canary: factors(canary, nullMean + delta), stable: factors(stable, nullMean) } };
  });
}

/** The stable mean of the point on “difference = delta” that is closest to the alternative. */
function closestNull({ canary, stable }: { readonly canary: number; readonly stable: number }, delta: number, blocks: Blocks): number {
  let low = Math.max(stable, -delta);
  let high = Math.min(canary - delta, 1);
  for (let halving = 0; halving < ROOT_HALVINGS; halving++) {
    const mean = (low + high) / 2;
    const other = mean + delta;
    const slope = (blocks.stable * (mean - stable)) / (mean * (1 - mean)) + (blocks.canary * (other - canary)) / (other * (1 - other));
    if (slope > 0) high = mean;
    else low = mean;
  }
  return (low + high) / 2;
}

const occurringIn = (histogram: Histogram): Occurring => histogram.flatMap((count, percent) => (count > 0 ? [[percent / PERCENTS, count] as const] : []));

const logWealth = (values: Occurring, { one, zero }: Factors): number =>
  values.reduce((sum, [value, count]) => sum + count * Math.log(value * one + (1 - value) * zero), 0);

/** The logarithm of the wealth of all bets. */
function logEvidence(canary: Occurring, stable: Occurring, bets: readonly WeightedBet[]): number {
  const logs = bets.map(({ share, bet }) => Math.log(share) + (bet ? logWealth(canary, bet.canary) + logWealth(stable, bet.stable) : 0));
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}

export interface DifferenceSequence {
  /** Whether “mean(canary) − mean(stable) ≤ 0” is rejected. The counts must be those of whole blocks. */
  isAboveZero(counted: Counted): boolean;
  /** The lower bound of the difference, from −1 (nothing is known) to 1. */
  lowerBound(counted: Counted): number;
}

/**
 * A confidence sequence for mean(canary) − mean(stable), at a confidence of 1 − `alpha` over all looks together. `known` is about the stable mean,
 * from other values than those that are counted.
 */
export function createDifferenceSequence(blocks: Blocks, alpha: number, known?: number): DifferenceSequence {
  const needed = Math.log(1 / alpha);
  const alternatives = alternativesOf(known);
  const grid = new Map<number, WeightedBet[]>();
  const betsAt = (step: number): WeightedBet[] => {
    const made = grid.get(step) ?? betsAgainst(step * STEP - 1, blocks, alternatives);
    grid.set(step, made);
    return made;
  };
  const isRejected = (canary: Occurring, stable: Occurring, bets: WeightedBet[]) => logEvidence(canary, stable, bets) >= needed;
  return {
    isAboveZero: ({ canary, stable }) => isRejected(occurringIn(canary), occurringIn(stable), betsAt(1 / STEP)),
    lowerBound: (counted) => {
      const [canary, stable] = [occurringIn(counted.canary), occurringIn(counted.stable)];
      let step = 1;
      while (step < 2 / STEP && isRejected(canary, stable, betsAt(step))) step++;
      let [rejected, open] = [(step - 1) * STEP - 1, step * STEP - 1];
      for (let halving = 0; halving < REFINEMENTS && step > 1; halving++) {
        const delta = (rejected + open) / 2;
        if (isRejected(canary, stable, betsAgainst(delta, blocks, alternatives))) rejected = delta;
        else open = delta;
      }
      return rejected;
    },
  };
}
