/*
 * Metrics of live runs that alert rules watch, in words and units. Shares are from 0 to 1, durations in ms, money in micro-dollars. The
 * definitions are those of S85.
 */

export const METRICS = [
  'runs',
  'failure-rate',
  'p50',
  'p95',
  'whole-p95',
  'cost',
  'cost-per-success',
  'escalation-rate',
  'correction-rate',
  'override-rate',
  'fallback-rate',
  'bad-rating-rate',
] as const;
export type Metric = (typeof METRICS)[number];

export type MetricUnit = 'count' | 'share' | 'ms' | 'micros';

interface MetricKind {
  readonly name: string;
  readonly unit: MetricUnit;
  /** What its samples are: one, and several. */
  readonly samples: readonly [one: string, several: string];
}

export const METRIC_KINDS: Readonly<Record<Metric, MetricKind>> = {
  runs: { name: 'Runs', unit: 'count', samples: ['run', 'runs'] },
  'failure-rate': { name: 'Failure rate', unit: 'share', samples: ['run', 'runs'] },
  p50: { name: 'p50', unit: 'ms', samples: ['run', 'runs'] },
  p95: { name: 'p95', unit: 'ms', samples: ['run', 'runs'] },
  'whole-p95': { name: 'p95 with people', unit: 'ms', samples: ['run', 'runs'] },
  cost: { name: 'Cost', unit: 'micros', samples: ['run', 'runs'] },
  'cost-per-success': { name: 'Cost per success', unit: 'micros', samples: ['successful run', 'successful runs'] },
  'escalation-rate': { name: 'Escalation rate', unit: 'share', samples: ['run', 'runs'] },
  'correction-rate': { name: 'Correction rate', unit: 'share', samples: ['decided review', 'decided reviews'] },
  'override-rate': { name: 'Override rate', unit: 'share', samples: ['decision', 'decisions'] },
  'fallback-rate': { name: 'Fallback rate', unit: 'share', samples: ['run with model calls', 'runs with model calls'] },
  'bad-rating-rate': { name: 'Bad rating rate', unit: 'share', samples: ['rated run', 'rated runs'] },
};

/** Totals are true without samples, too: no runs are zero runs. */
export const isTotal = (metric: Metric): boolean => metric === 'runs' || metric === 'cost';

const digits = (value: number, most: number): string => value.toLocaleString('en', { maximumFractionDigits: most });

/** A value with its unit: `7.4 s`, `3.2%`, `$0.0125`, `1,120`. */
function metricValueWords(metric: Metric, value: number): string {
  switch (METRIC_KINDS[metric].unit) {
    case 'share':
      return `${digits(value * 100, 1)}%`;
    case 'ms':
      return durationWords(value);
    case 'micros':
      return `$${digits(value / 1e6, value < 1e6 ? 4 : 2)}`;
    case 'count':
      return digits(value, 0);
  }
}

function durationWords(ms: number): string {
  if (ms < 1_000) return `${digits(ms, 0)} ms`;
  if (ms < 120_000) return `${digits(ms / 1_000, 1)} s`;
  return ms < 7_200_000 ? `${digits(ms / 60_000, 1)} min` : `${digits(ms / 3_600_000, 1)} h`;
}

/** A condition: `p95 over 6 s`. */
export const conditionWords = (metric: Metric, comparison: 'above' | 'below', threshold: number): string =>
  `${METRIC_KINDS[metric].name} ${comparison === 'above' ? 'over' : 'under'} ${metricValueWords(metric, threshold)}`;

/** A window, after “the last”: `15 min`, `hour`, `3 h`. */
export const windowWords = (minutes: number): string => (minutes === 60 ? 'hour' : minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`);

interface Observed {
  readonly value: number | null;
  readonly samples: number;
}

/** A value with its window and samples: `7.4 s in the last hour, 1,120 runs`. */
export function observationWords({ metric, windowMinutes }: { readonly metric: Metric; readonly windowMinutes: number }, { value, samples }: Observed): string {
  const shown = `${value === null ? 'no value' : metricValueWords(metric, value)} in the last ${windowWords(windowMinutes)}`;
  const [one, several] = METRIC_KINDS[metric].samples;
  return isTotal(metric) ? shown : `${shown}, ${digits(samples, 0)} ${samples === 1 ? one : several}`;
}
