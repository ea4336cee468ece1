import { LEAST_SAMPLES } from '@switchyard/shared/contracts/insight/insight.ts';
import type { Metric } from '@switchyard/shared/insight/metrics.ts';
import type { RollUpRecord } from '../../store/insight/insight-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { addCounters, addFigures, type Counters, type Figures, noFigures, readCounters, readFigures, timeOf, wholeTimeOf } from '../figures/figures.ts';
import { quantileOf, samplesIn } from '../figures/histogram.ts';
import { SLOTS } from '../figures/roll-up.ts';
import { hourOf } from '../roll-ups/roll-up-records.ts';
import { readRollUps, STEP_MS } from './read-roll-ups.ts';

/** Which runs: of everything that is given. Of a tenant or target, no durations are known, and windows are whole hours. */
export interface MetricScope {
  readonly workflowId?: string | undefined;
  readonly version?: string | undefined;
  readonly tenant?: string | undefined;
  /** `<connection>/<model>`. */
  readonly target?: string | undefined;
}

export interface MetricValue {
  /** Null without samples, and for a duration that isn’t kept for this scope. */
  readonly value: number | null;
  /** What it was computed from: runs, or reviews, decisions, and ratings for their rates. */
  readonly samples: number;
  /** There are enough samples to tell. */
  readonly enough: boolean;
}

/**
 * The value of a metric over the runs that were accepted in the window [now − windowMs, now], in steps of 5 minutes (whole hours for the scopes
 * version, tenant, and target). Runs that have not ended don’t count, and figures are up to 30 s late. Reads at most the hours of the window.
 */
export async function metricValue(
  store: WorkspaceStore,
  metric: Metric,
  scope: MetricScope,
  { windowMs, now }: { readonly windowMs: number; readonly now: Date },
): Promise<MetricValue> {
  const from = now.getTime() - windowMs;
  const range = {
    span: 'hour',
    from: hourOf(new Date(from).toISOString()),
    to: new Date(Date.parse(hourOf(now.toISOString())) + STEP_MS.hour).toISOString(),
  } as const;
  const sum = noFigures();
  for (const record of await readRollUps(store, range, scope.workflowId)) addScope(sum, record, scope, from);
  const { value, samples } = computed(metric, sum);
  return { value, samples, enough: samples >= LEAST_SAMPLES };
}

const SLOT_MS = STEP_MS.hour / SLOTS;

function addScope(sum: Figures, { at, figures }: RollUpRecord, { version, tenant, target }: MetricScope, from: number): void {
  const named = tenant !== undefined ? ([figures.tenants, tenant] as const) : target !== undefined ? ([figures.targets, target] as const) : undefined;
  if (named) {
    for (const [name, packed] of named[0]) if (name === named[1]) addCounters(sum.counters, readCounters(packed));
  } else if (version !== undefined) {
    for (const [name, packed] of figures.versions) if (name === version) addFigures(sum, readFigures(packed));
  } else {
    for (const [slot, packed] of figures.slots ?? []) if (Date.parse(at) + (slot + 1) * SLOT_MS > from) addFigures(sum, readFigures(packed));
  }
}

type Computed = Pick<MetricValue, 'value' | 'samples'>;

const ratio = (count: number, of: number): Computed => ({ value: of === 0 ? null : count / of, samples: of });

const SHARES: Partial<Readonly<Record<Metric, (counters: Counters) => Computed>>> = {
  'failure-rate': ({ failed, succeeded }) => ratio(failed, failed + succeeded),
  'escalation-rate': ({ escalated, runs }) => ratio(escalated, runs),
  'correction-rate': ({ changed, judged }) => ratio(changed, judged),
  'override-rate': ({ overrides, asked }) => ratio(overrides, asked),
  'fallback-rate': ({ withFallback, withModel }) => ratio(withFallback, withModel),
  'bad-rating-rate': ({ badRatings, rated }) => ratio(badRatings, rated),
  'cost-per-success': ({ costNanos, succeeded }) => ratio(costNanos / 1_000, succeeded),
  cost: ({ costNanos, runs }) => ({ value: costNanos / 1_000, samples: runs }),
  runs: ({ runs }) => ({ value: runs, samples: runs }),
};

function computed(metric: Metric, figures: Figures): Computed {
  const share = SHARES[metric];
  if (share) return share(figures.counters);
  const histogram = metric === 'whole-p95' ? wholeTimeOf(figures) : timeOf(figures);
  return { value: quantileOf(histogram, metric === 'p50' ? 0.5 : 0.95), samples: samplesIn(histogram) };
}
