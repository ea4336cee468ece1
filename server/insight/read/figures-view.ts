import { type Figures as FiguresView, LEAST_SAMPLES, type Share } from '@switchyard/shared/contracts/insight/insight.ts';
import { type Counters, type Figures, timeOf, wholeTimeOf } from '../figures/figures.ts';
import { type Histogram, quantileOf } from '../figures/histogram.ts';

/* Rates and quantiles as the API shows them. The definitions of rates are those of S85. */

export const shareOf = (count: number, of: number): Share => ({ value: of === 0 ? null : count / of, count, of, enough: of >= LEAST_SAMPLES });

const MICROS = 1_000;
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

const quantilesOf = (time: Histogram, whole: Histogram) => ({
  p50: rounded(quantileOf(time, 0.5)),
  p95: rounded(quantileOf(time, 0.95)),
  wholeP50: rounded(quantileOf(whole, 0.5)),
  wholeP95: rounded(quantileOf(whole, 0.95)),
});

export const viewOf = (figures: Figures): FiguresView => ({ ...viewOfCounters(figures.counters), ...quantilesOf(timeOf(figures), wholeTimeOf(figures)) });

/** Figures of something whose durations are not kept. */
export function viewOfCounters(counters: Counters): FiguresView {
  const { runs, succeeded, failed, cancelled, escalated, succeededWithPerson, costNanos } = counters;
  return {
    runs,
    succeeded,
    failed,
    cancelled,
    alone: succeeded - succeededWithPerson,
    withPerson: succeededWithPerson,
    success: shareOf(succeeded, succeeded + failed),
    p50: null,
    p95: null,
    wholeP50: null,
    wholeP95: null,
    costMicros: costNanos / MICROS,
    unknownPrice: counters.unknownPrice,
    costPerSuccess: succeeded === 0 ? null : costNanos / MICROS / succeeded,
    escalation: shareOf(escalated, runs),
    correction: shareOf(counters.changed, counters.judged),
    override: shareOf(counters.overrides, counters.asked),
    fallback: shareOf(counters.withFallback, counters.withModel),
    badRatings: shareOf(counters.badRatings, counters.rated),
    score: counters.rated === 0 ? null : counters.scoreThousandths / 1_000 / counters.rated,
  };
}
