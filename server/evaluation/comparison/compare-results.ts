import type { ExperimentComparison, ExperimentMeasure, PairOutcome } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { bcaBootstrap, type IntervalAt, type Statistic } from '../statistics/bootstrap.ts';
import { holm } from '../statistics/holm.ts';
import { mcNemar } from '../statistics/mcnemar.ts';
import type { Interval } from '../statistics/proportion.ts';
import {
  mean,
  meanDifference,
  median,
  medianDifference,
  numberClusters,
  type PairedValues,
  pairedValues,
  type ReadValue,
  relativeDifference,
} from './figures.ts';
import { type ComparedResult, countLeftOut, countOutcomes, type GradedPair, type Pairing } from './pair-results.ts';

/*
 * Compares experiments pair by pair (S82b). Pure. Invariants: 1. Under 20 pairs, or if no pair differs, it is too few to tell. 2. No side is
 * better while the interval of the difference holds 0. 3. With several experiments against one baseline, each measure is adjusted by Holm’s
 * method, and its interval has the alpha of its step.
 */

export const ALPHA = 0.05;
/** Fewer pairs can’t tell. */
const LEAST_PAIRS = 20;
/** With fewer customers or runs, resampling them says nothing. */
const LEAST_CLUSTERS = 10;
/** Tags that are compared on their own: those with the most pairs. */
const MOST_TAGS = 50;

type Core = Omit<ExperimentMeasure, 'key' | 'label' | 'unit' | 'better'>;
type Shown = Pick<ExperimentMeasure, 'key' | 'label' | 'unit' | 'better'>;

/** A difference before its alpha is known. */
interface Difference {
  readonly core: Pick<Core, 'baseline' | 'subject' | 'pairs' | 'difference' | 'tooFew'>;
  readonly p: number;
  readonly at: (alpha: number) => Interval;
}
type Measured = Shown & Difference;

export interface Variant {
  readonly measures: readonly Measured[];
  readonly tags: readonly ({ readonly tag: string } & Difference)[];
  readonly outcomes: Record<PairOutcome, number>;
  readonly pairs: number;
  readonly leftOut: ExperimentComparison['leftOut'];
  readonly clusters: number;
}

const NO_INTERVAL = (): Interval => ({ low: 0, high: 0 });

const tooFewOf = (pairs: number, allEqual: boolean, clusters = Number.POSITIVE_INFINITY): Core['tooFew'] =>
  pairs < LEAST_PAIRS || allEqual || clusters < LEAST_CLUSTERS
    ? {
        pairs: pairs < LEAST_PAIRS ? pairs : Math.min(pairs, clusters),
        needed: pairs < LEAST_PAIRS || allEqual ? LEAST_PAIRS : LEAST_CLUSTERS,
        allEqual: allEqual && pairs >= LEAST_PAIRS,
      }
    : null;

/** How much more often the subject passes. */
function passDifference(pairs: readonly GradedPair[]): Difference {
  const { better, worse, 'both-pass': both } = countOutcomes(pairs);
  const count = pairs.length;
  if (count === 0) return { core: { baseline: null, subject: null, pairs: 0, difference: null, tooFew: tooFewOf(0, false) }, p: 1, at: NO_INTERVAL };
  const { p, difference } = mcNemar({ better, worse, pairs: count });
  return {
    core: { baseline: (both + worse) / count, subject: (both + better) / count, pairs: count, difference, tooFew: tooFewOf(count, better + worse === 0) },
    p,
    at: (alpha) => mcNemar({ better, worse, pairs: count }, alpha),
  };
}

/** A measure whose interval comes from resampling. */
interface Resampled extends Shown {
  readonly values: PairedValues;
  readonly of: (values: Float64Array) => number;
  readonly statistic: Statistic;
}

const isEqual = ({ subject, baseline }: PairedValues): boolean => subject.every((value, pair) => value === baseline[pair]);

function measured({ values, of, statistic: _statistic, ...shown }: Resampled, intervalAt: IntervalAt, clusters: number): Measured {
  const pairs = values.subject.length;
  if (pairs === 0) return { ...shown, core: { baseline: null, subject: null, pairs, difference: null, tooFew: tooFewOf(0, false) }, p: 1, at: NO_INTERVAL };
  const { estimate, p } = intervalAt(ALPHA);
  const allEqual = isEqual(values);
  const difference = Number.isFinite(estimate) ? estimate : null;
  const tooFew = tooFewOf(pairs, allEqual || difference === null, clusters);
  return { ...shown, core: { baseline: of(values.baseline), subject: of(values.subject), pairs, difference, tooFew }, p: allEqual ? 1 : p, at: intervalAt };
}

function resampledMeasures(pairs: readonly GradedPair[], labels: readonly string[], clusters: { of: readonly number[]; count: number }): Resampled[] {
  const values = (read: ReadValue) => pairedValues(pairs, clusters.of, read);
  const score = (shown: Pick<Shown, 'key' | 'label'>, read: ReadValue): Resampled => {
    const found = values(read);
    return { ...shown, unit: 'score', better: 'higher', values: found, of: mean, statistic: meanDifference(found, clusters.count) };
  };
  const [cost, time] = [values(({ costMicros }) => costMicros), values(({ durationMs }) => durationMs)];
  return [
    score({ key: 'score', label: 'Score' }, (result) => result.score),
    ...(labels.length > 1 ? labels.map((label, index) => score({ key: `grader:${index}`, label }, ({ graderScores }) => graderScores[index])) : []),
    { key: 'cost', label: 'Cost of an item', unit: 'cost', better: 'lower', values: cost, of: mean, statistic: relativeDifference(cost, clusters.count) },
    { key: 'time', label: 'Time, median', unit: 'time', better: 'lower', values: time, of: median, statistic: medianDifference(time, clusters.count) },
  ];
}

/** Measures an experiment against its baseline. A generator, because resampling is long work. `graders`: their labels, in order. */
export function* measureVariant(
  pairing: Pairing<ComparedResult>,
  { graders, seed }: { readonly graders: readonly string[]; readonly seed: number },
): Generator<void, Variant> {
  const { pairs } = pairing;
  const clusters = numberClusters(pairs);
  const resampled = resampledMeasures(pairs, graders, clusters);
  const tellable = resampled.filter(({ values }) => clusters.count >= LEAST_CLUSTERS && values.subject.length >= LEAST_PAIRS && !isEqual(values));
  const drawn = tellable.length === 0 ? [] : yield* bcaBootstrap({ clusters: clusters.count, statistics: tellable.map(({ statistic }) => statistic), seed });
  const intervals = new Map(tellable.map((measure, index) => [measure.key, drawn[index]]));
  const all = new Uint32Array(clusters.count).fill(1);
  return {
    measures: [
      { key: 'passed', label: 'Passed', unit: 'share', better: 'higher', ...passDifference(pairs) },
      ...resampled.map((measure) => measured(measure, intervals.get(measure.key) ?? pointOnly(measure.statistic(all, clusters.count)), clusters.count)),
    ],
    tags: byTag(pairs).map(([tag, tagged]) => ({ tag, ...passDifference(tagged) })),
    outcomes: countOutcomes(pairs),
    pairs: pairs.length,
    leftOut: countLeftOut(pairing),
    clusters: clusters.count,
  };
}

/** A figure whose interval would tell nothing. */
const pointOnly =
  (estimate: number): IntervalAt =>
  () => ({ estimate, p: 1, low: estimate, high: estimate });

/** The tags with the most pairs, by name. */
function byTag(pairs: readonly GradedPair[]): [tag: string, pairs: readonly GradedPair[]][] {
  const tagged = new Map<string, GradedPair[]>();
  for (const pair of pairs) {
    for (const tag of pair.subject.tags) {
      const found = tagged.get(tag);
      if (found) found.push(pair);
      else tagged.set(tag, [pair]);
    }
  }
  const most = [...tagged].sort(([, one], [, other]) => other.length - one.length).slice(0, MOST_TAGS);
  return most.sort(([one], [other]) => (one < other ? -1 : 1));
}

function settled({ core, at, p }: Difference, better: Shown['better'], step: { readonly alpha: number; readonly adjusted: number }): Core {
  if (core.tooFew || core.difference === null) return { ...core, interval: null, p: null, verdict: 'too-few' };
  const { low, high } = at(step.alpha);
  const sign = low > 0 ? 1 : high < 0 ? -1 : 0;
  const verdict = sign === 0 ? 'none' : (sign === 1) === (better === 'higher') ? 'better' : 'worse';
  return { ...core, interval: { low, high }, p: p === 1 ? 1 : step.adjusted, verdict };
}

type Settled = Pick<ExperimentComparison, 'measures' | 'tags' | 'pairs' | 'leftOut' | 'outcomes'>;

/** The comparison of the first of several variants with their common baseline. */
export function settleVariant(variants: readonly [Variant, ...Variant[]]): Settled {
  const [first] = variants;
  const stepOf = (p: number, others: readonly number[]) => holm([p, ...others], ALPHA)[0] ?? { alpha: ALPHA, adjusted: p };
  return {
    measures: first.measures.map((measure) => {
      const { key, label, unit, better } = measure;
      const others = variants.slice(1).map(({ measures }) => measures.find((other) => other.key === key)?.p ?? 1);
      return { key, label, unit, better, ...settled(measure, better, stepOf(measure.p, others)) };
    }),
    tags: first.tags.map((found) => {
      const others = variants.slice(1).map(({ tags }) => tags.find(({ tag }) => tag === found.tag)?.p ?? 1);
      return { tag: found.tag, ...settled(found, 'higher', stepOf(found.p, others)) };
    }),
    pairs: first.pairs,
    leftOut: first.leftOut,
    outcomes: first.outcomes,
  };
}
