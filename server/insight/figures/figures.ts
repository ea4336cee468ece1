import type { PackedFigures } from '../../store/insight/insight-collections.ts';
import { addHistogram, type Histogram, packHistogram, readHistogram } from './histogram.ts';

/*
 * What roll-ups count about runs (S86). Sums are of whole numbers, so the order in which runs are added doesn’t matter. Stored as arrays in the
 * order of the names: new names go at the end.
 */

const COUNTERS = [
  /** Live runs without a parent that have ended, and how. */
  'runs',
  'succeeded',
  'failed',
  'cancelled',
  /** Of `runs`: a person was asked. Of `succeeded`: likewise. */
  'escalated',
  'succeededWithPerson',
  /** Of `runs`: a model was called, and a fallback target served one of the calls. */
  'withModel',
  'withFallback',
  'calls',
  'fallbackCalls',
  /** Reviews decided by people. Of `judged`, it is known whether the draft was changed. */
  'decided',
  'judged',
  'changed',
  /** Decisions about reviews and budgets. */
  'asked',
  'overrides',
  /** In billionths of a dollar, with child runs. */
  'costNanos',
  'unknownPrice',
  /** Spent waiting for people. */
  'peopleMs',
  /** Runs with feedback that has a score: how many, how many below 0.5, and the sum of their mean scores in thousandths. */
  'rated',
  'badRatings',
  'scoreThousandths',
] as const;
type Counter = (typeof COUNTERS)[number];

export type Counters = Record<Counter, number>;

export interface Figures {
  readonly counters: Counters;
  /** How long runs took that asked no person. */
  readonly alone: Histogram;
  /** Runs that asked one: without the time of people, and with it. */
  readonly worked: Histogram;
  readonly whole: Histogram;
  /** Cost of a run in micro-dollars, without child runs. */
  readonly cost: Histogram;
}

export const noCounters = (): Counters => Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Counters;
export const noFigures = (): Figures => ({ counters: noCounters(), alone: new Map(), worked: new Map(), whole: new Map(), cost: new Map() });

export function addCounters(to: Counters, from: Counters): void {
  for (const name of COUNTERS) to[name] += from[name];
}

export function addFigures(to: Figures, from: Figures): void {
  addCounters(to.counters, from.counters);
  addHistogram(to.alone, from.alone);
  addHistogram(to.worked, from.worked);
  addHistogram(to.whole, from.whole);
  addHistogram(to.cost, from.cost);
}

/** How long runs took, without the time of people. */
export function timeOf({ alone, worked }: Figures): Histogram {
  const all = new Map(alone);
  addHistogram(all, worked);
  return all;
}

/** From when runs were accepted until they ended, with the time of people. */
export function wholeTimeOf({ alone, whole }: Figures): Histogram {
  const all = new Map(alone);
  addHistogram(all, whole);
  return all;
}

export const packCounters = (counters: Counters): number[] => COUNTERS.map((name) => counters[name]);
export const readCounters = (packed: readonly number[]): Counters => Object.fromEntries(COUNTERS.map((name, index) => [name, packed[index] ?? 0])) as Counters;

export const packFigures = ({ counters, alone, worked, whole, cost }: Figures): PackedFigures => [
  packCounters(counters),
  ...[alone, worked, whole, cost].map(packHistogram),
];

export function readFigures([counters, alone, worked, whole, cost]: PackedFigures): Figures {
  return {
    counters: readCounters(counters),
    alone: readHistogram(alone),
    worked: readHistogram(worked),
    whole: readHistogram(whole),
    cost: readHistogram(cost),
  };
}
