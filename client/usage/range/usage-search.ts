/** The dimensions that usage can be grouped by on the page. */
export const GROUPINGS = ['workflow', 'tenant', 'model', 'prompt', 'route'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const PERIODS = ['24h', '7d', '14d', '30d', '90d'] as const;
export type Period = (typeof PERIODS)[number];

/** The URL of the Usage page. `from` and `to` are days (`2026-11-30`), inclusive, and replace the period. */
export interface UsageSearch {
  readonly by?: Grouping;
  readonly period?: Period;
  readonly from?: string;
  readonly to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (value: unknown): value is string => typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value));

/** Reads the URL; ignores invalid values. */
export function readUsageSearch({ by, period, from, to }: Record<string, unknown>): UsageSearch {
  const grouping = GROUPINGS.find((known) => known === by);
  const span = PERIODS.find((known) => known === period);
  const days = isDay(from) && isDay(to) && from <= to ? { from, to } : undefined;
  return { ...(grouping && { by: grouping }), ...(days ?? (span && { period: span })) };
}
