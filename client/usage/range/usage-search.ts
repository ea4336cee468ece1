import { USAGE_FILTERS } from '@switchyard/shared/contracts/money.ts';
import { readDays } from '../../frame/day-range.ts';

/** The dimensions that usage can be grouped by on the page. */
export const GROUPINGS = ['workflow', 'tenant', 'model', 'prompt', 'route', 'source'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const PERIODS = ['24h', '7d', '14d', '30d', '90d'] as const;
export type Period = (typeof PERIODS)[number];

/** Only the calls of this workflow, tenant, model, route, and prompt. */
export type UsageFilters = { readonly [filter in (typeof USAGE_FILTERS)[number]]?: string };

/** The URL of the Usage page. `from` and `to` are days (`2026-11-30`), inclusive, and replace the period. */
export interface UsageSearch extends UsageFilters {
  readonly by?: Grouping;
  readonly period?: Period;
  readonly from?: string;
  readonly to?: string;
}

/** As the server accepts them. */
const MOST_TEXT = 300;
/** A number in the URL can be a name, too. */
const isName = (value: unknown): boolean => (typeof value === 'string' || typeof value === 'number') && value !== '' && String(value).length <= MOST_TEXT;

/** The filters among other params. */
export function filtersOf(raw: Record<string, unknown> | UsageSearch): UsageFilters {
  const params = new Map<string, unknown>(Object.entries(raw));
  return Object.fromEntries(USAGE_FILTERS.flatMap((filter) => (isName(params.get(filter)) ? [[filter, String(params.get(filter))]] : [])));
}

/** The range among other params. */
export const periodOf = ({ period, from, to }: UsageSearch): Pick<UsageSearch, 'period' | 'from' | 'to'> => ({
  ...(period && { period }),
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

/** Reads the URL; ignores invalid values. */
export function readUsageSearch(raw: Record<string, unknown>): UsageSearch {
  const { by, period } = raw;
  const grouping = GROUPINGS.find((known) => known === by);
  const span = PERIODS.find((known) => known === period);
  return { ...(grouping && { by: grouping }), ...(readDays(raw) ?? (span && { period: span })), ...filtersOf(raw) };
}
