import type { Experiment, ExperimentMeasure, PairOutcome } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { formatCost, formatDuration, formatNumber } from '../../../ui/format.ts';

/* How experiments speak of their figures. */

export const itemWords = (count: number): string => (count === 1 ? '1 item' : `${formatNumber(count)} items`);

export const STATUS_WORDS: Readonly<Record<Experiment['status'], string>> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Failed',
  cancelled: 'Canceled',
};

export const OUTCOME_WORDS: Readonly<Record<PairOutcome, string>> = { worse: 'worse', 'both-fail': 'both fail', 'both-pass': 'both pass', better: 'better' };

/** `97.5%`. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** With a sign, a real minus, and no sign at 0. */
function signed(value: number, digits: number, unit = ''): string {
  const text = Math.abs(value).toFixed(digits);
  const sign = Number(text) === 0 ? '' : value > 0 ? '+' : '−';
  return `${sign}${text}${unit}`;
}

/** A value of one side. */
export function valueWords({ unit }: Pick<ExperimentMeasure, 'unit'>, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'share') return percent(value);
  if (unit === 'score') return value.toFixed(2);
  return unit === 'cost' ? (value === 0 ? 'free' : formatCost(value)) : formatDuration(value);
}

/** A difference: `+14.1 pt`, `+0.05`, `−12%`, `+0.1 s`. */
export function differenceWords({ unit }: Pick<ExperimentMeasure, 'unit'>, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'share') return signed(value * 100, 1, ' pt');
  if (unit === 'score') return signed(value, 2);
  if (unit === 'cost') return signed(value * 100, Math.abs(value) < 0.1 ? 1 : 0, '%');
  return Math.abs(value) < 1_000 ? signed(value, 0, ' ms') : signed(value / 1_000, 1, ' s');
}

/** The ends of a range, without their unit where both have the same. */
export function rangeWords(measure: Pick<ExperimentMeasure, 'unit'>, interval: { readonly low: number; readonly high: number } | null): string {
  if (!interval) return '';
  const unitless = (value: number) => (measure.unit === 'time' ? differenceWords(measure, value) : differenceWords(measure, value).replace(/(?: pt|%)$/, ''));
  return `${unitless(interval.low)} to ${unitless(interval.high)}`;
}

/** `11 of 20`. */
export const tooFewWords = ({ pairs, needed, allEqual }: NonNullable<ExperimentMeasure['tooFew']>): string =>
  allEqual ? 'too few to tell' : `too few: ${pairs} of ${needed}`;

/** What a measure says, in a word. */
export function verdictWords({ unit, verdict }: Pick<ExperimentMeasure, 'unit' | 'verdict'>): string {
  if (verdict === 'none') return 'no difference shown';
  if (unit === 'cost') return verdict === 'better' ? 'cheaper' : 'more expensive';
  if (unit === 'time') return verdict === 'better' ? 'faster' : 'slower';
  return verdict;
}

/** `$0.14 of $2.00`. */
export function spentWords({ costMicros, maxCostMicros, unknownPrice }: Pick<Experiment, 'costMicros' | 'maxCostMicros' | 'unknownPrice'>): string {
  const spent = costMicros === 0 ? (unknownPrice > 0 ? 'unknown price' : '$0') : `${formatCost(costMicros)}${unknownPrice > 0 ? ' + unknown' : ''}`;
  return maxCostMicros === null ? `${spent} · no limit` : `${spent} of ${formatCost(maxCostMicros)}`;
}
