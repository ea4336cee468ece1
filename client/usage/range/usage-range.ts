import { daysTitle } from '../../frame/day-range.ts';
import type { Period, UsageSearch } from './usage-search.ts';

/* Ranges of the Usage page. Days and hours are in UTC, as the server sums them. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The longest custom range. */
export const MOST_DAYS = 366;
export const DEFAULT_PERIOD: Period = '14d';
const DAYS: Readonly<Record<Exclude<Period, '24h'>, number>> = { '7d': 7, '14d': 14, '30d': 30, '90d': 90 };

/** A range and the bars that it is drawn with. */
export interface UsageRange {
  readonly from: string;
  /** Missing while the range ends now. */
  readonly to?: string;
  readonly bucket: 'hour' | 'day';
  /** The start of each hour or day, oldest first. */
  readonly starts: readonly string[];
  /** “14 to 27 Nov”. */
  readonly title: string;
  /** “in 14 days”. */
  readonly span: string;
}

const floor = (at: number, step: number): number => at - (at % step);
const iso = (at: number): string => new Date(at).toISOString();
const startsOf = (first: number, count: number, step: number): string[] => Array.from({ length: count }, (_, index) => iso(first + index * step));

/** The range that a URL names, at a time in ms. A custom range longer than `MOST_DAYS` is cut at its start. */
export function usageRange({ period = DEFAULT_PERIOD, from, to }: UsageSearch, now: number): UsageRange {
  if (from !== undefined && to !== undefined) {
    const last = Date.parse(to);
    const first = Math.max(Date.parse(from), last - (MOST_DAYS - 1) * DAY);
    return { ...daysFrom(first, (last - first) / DAY + 1), to: iso(last + DAY - 1) };
  }
  if (period === '24h') {
    const first = floor(now, HOUR) - 23 * HOUR;
    return { from: iso(first), bucket: 'hour', starts: startsOf(first, 24, HOUR), title: 'Last 24 hours', span: 'in 24 hours' };
  }
  const count = DAYS[period];
  return daysFrom(floor(now, DAY) - (count - 1) * DAY, count);
}

function daysFrom(first: number, count: number): UsageRange {
  const starts = startsOf(first, count, DAY);
  const span = count === 1 ? 'in 1 day' : `in ${count} days`;
  return {
    from: iso(first),
    bucket: 'day',
    starts,
    title: daysTitle({ from: iso(first).slice(0, 10), to: iso(first + (count - 1) * DAY).slice(0, 10) }),
    span,
  };
}

/** If a range ends now, the end of its previous period is rounded to this. */
const STEP = 5 * 60_000;

/** The previous period: as long as the elapsed part of the range. */
export function periodBefore({ from, to, bucket, starts }: UsageRange, now: number): { readonly from: string; readonly to: string } {
  const length = starts.length * (bucket === 'hour' ? HOUR : DAY);
  const end = to === undefined ? floor(now, STEP) + STEP - 1 : Math.min(Date.parse(to), floor(now, STEP) + STEP - 1);
  return { from: iso(Date.parse(from) - length), to: iso(Math.max(Date.parse(from), end) - length) };
}

const inUtc = { timeZone: 'UTC' } as const;
const day = (at: number): string => new Date(at).toLocaleDateString('en-GB', { ...inUtc, day: 'numeric', month: 'short' });

/** The start of an hour or day in words: “24 Nov”, “14:00”. */
export const bucketWords = (start: string, bucket: UsageRange['bucket']): string => (bucket === 'hour' ? start.slice(11, 16) : day(Date.parse(start)));
