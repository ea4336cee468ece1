import type { Activity } from '@switchyard/shared/contracts/workflows.ts';
import { shownCost } from '@switchyard/shared/run/cost.ts';

export type Totals = Omit<Activity, 'hours'>;

/** Sums over workflows. The median is the median of the workflows’ medians, each weighted by its ended runs. */
export function totals(activities: readonly Activity[]): Totals {
  const sum = (of: (activity: Activity) => number) => activities.reduce((total, activity) => total + of(activity), 0);
  return {
    runs: sum(({ runs }) => runs),
    succeeded: sum(({ succeeded }) => succeeded),
    failed: sum(({ failed }) => failed),
    waiting: sum(({ waiting }) => waiting),
    ...shownCost({ costMicros: sum(({ costMicros }) => costMicros ?? 0), unknownPrice: sum(({ unknownPrice }) => unknownPrice) }),
    medianMs: weightedMedian(
      activities.flatMap(({ medianMs, succeeded, failed }) => (medianMs === null ? [] : [{ value: medianMs, weight: succeeded + failed }])),
    ),
  };
}

function weightedMedian(values: readonly { value: number; weight: number }[]): number | null {
  const half = values.reduce((total, { weight }) => total + weight, 0) / 2;
  let passed = 0;
  for (const { value, weight } of values.toSorted((a, b) => a.value - b.value)) {
    passed += weight;
    if (passed >= half) return value;
  }
  return null;
}
