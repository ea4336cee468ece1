import type { RunFilters } from '../../api/queries.ts';
import type { Period, RunsSearch } from './runs-search.ts';

const HOUR = 3_600_000;
const LENGTHS: Readonly<Record<Exclude<Period, 'all'>, number>> = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR };
/** The time range if the URL has none. */
export const DEFAULT_PERIOD: Period = '24h';

/** The API filters for the search params. The start is rounded to minutes, which keeps the query key stable for a while. */
export function filtersOf(search: RunsSearch, now: number): RunFilters {
  const period = search.period ?? DEFAULT_PERIOD;
  return {
    ...(search.status && { status: search.status }),
    ...(search.workflow && { workflowId: search.workflow }),
    ...(search.version && { version: search.version }),
    ...(search.trigger && { trigger: search.trigger }),
    ...(search.label && { label: search.label }),
    ...(search.search && { search: search.search }),
    ...(period !== 'all' && { from: new Date(Math.floor((now - LENGTHS[period]) / 60_000) * 60_000).toISOString() }),
  };
}

/** Whether any filter differs from the default. */
export const isFiltered = ({ run: _run, compare: _compare, ...filters }: RunsSearch): boolean => Object.keys(filters).length > 0;
