import type { InsightQuery } from '../api/insight/insight-queries.ts';
import { daysTitle, readDays } from '../frame/day-range.ts';

/* The URL of the Insight page. Days and hours are in UTC, as the server sums them. */

export const PERIODS = ['24h', '7d', '28d', '90d'] as const;
export type Period = (typeof PERIODS)[number];
export const DEFAULT_PERIOD: Period = '28d';

export const VIEWS = ['overview', 'quality', 'people', 'exceptions', 'alerts'] as const;
export type View = (typeof VIEWS)[number];

/** `from` and `to` are days (`2026-11-30`), inclusive, and replace the period. */
export interface InsightSearch {
  readonly view?: View;
  readonly workflow?: string;
  readonly version?: string;
  readonly period?: Period;
  readonly from?: string;
  readonly to?: string;
}

const MOST_TEXT = 100;
/** A number in the URL can be a version, too. */
const nameIn = (value: unknown): string | undefined =>
  (typeof value === 'string' || typeof value === 'number') && value !== '' && String(value).length <= MOST_TEXT ? String(value) : undefined;

/** Reads the URL; ignores invalid values. */
export function readInsightSearch(raw: Record<string, unknown>): InsightSearch {
  const view = VIEWS.find((known) => known === raw.view);
  const period = PERIODS.find((known) => known === raw.period);
  const workflow = nameIn(raw.workflow);
  const version = workflow === undefined ? undefined : nameIn(raw.version);
  return {
    ...(view && { view }),
    ...(workflow !== undefined && { workflow }),
    ...(version !== undefined && { version }),
    ...(readDays(raw) ?? (period && { period })),
  };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS: Readonly<Record<Exclude<Period, '24h'>, number>> = { '7d': 7, '28d': 28, '90d': 90 };
const floor = (at: number, step: number): number => at - (at % step);
const iso = (at: number): string => new Date(at).toISOString();

export interface InsightRange {
  readonly query: Pick<InsightQuery, 'from' | 'to'>;
  /** “14 to 27 Nov”. */
  readonly title: string;
  /** “28 days”. */
  readonly span: string;
}

/** The range that a URL names, at a time in ms. */
export function insightRange({ period = DEFAULT_PERIOD, from, to }: InsightSearch, now: number): InsightRange {
  if (from !== undefined && to !== undefined) {
    const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
    return {
      query: { from: iso(Date.parse(from)), to: iso(Date.parse(to) + DAY) },
      title: daysTitle({ from, to }),
      span: days === 1 ? '1 day' : `${days} days`,
    };
  }
  if (period === '24h') return { query: { from: iso(floor(now, HOUR) - 23 * HOUR) }, title: 'Last 24 hours', span: '24 hours' };
  const days = DAYS[period];
  return { query: { from: iso(floor(now, DAY) - (days - 1) * DAY) }, title: `Last ${days} days`, span: `${days} days` };
}
