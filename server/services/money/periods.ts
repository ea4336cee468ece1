import { LRUCache } from 'lru-cache';
import type { BudgetRecord } from '../../store/money-collections.ts';

/* Periods of budgets in their time zone. */

const MINUTE = 60_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** The last minute, and its date. Days begin at full minutes, in every time zone. */
  last: { readonly minute: number; readonly date: string };
}

/** Creating a format takes a hundred times as long as using it, and each model call needs a date. */
const zones = new LRUCache<string, Zone>({ max: 100 });

/** The date in a time zone, as `2026-11-30`. */
function dateIn(timeZone: string, at: Date): string {
  const zone = zones.get(timeZone) ?? newZone(timeZone);
  zones.set(timeZone, zone);
  const minute = Math.floor(at.getTime() / MINUTE);
  if (zone.last.minute !== minute) zone.last = { minute, date: zone.format.format(at).slice(0, 10) };
  return zone.last.date;
}

const newZone = (timeZone: string): Zone => ({
  format: new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
  last: { minute: Number.NaN, date: '' },
});

/** The period of a moment: `2026-11-30`, `2026-11`, or the run's ID. */
export function periodKey({ period, timeZone = 'UTC' }: Pick<BudgetRecord, 'period' | 'timeZone'>, at: Date, runId: string): string {
  if (period === 'run') return runId;
  const date = dateIn(timeZone, at);
  return period === 'day' ? date : date.slice(0, 7);
}

/** A month has at most 31 days, and clock changes are at most two hours. */
const LONGEST_MS = 32 * 86_400_000;

/** When the period of a moment ends, to the minute. Undefined for the period `run`. */
export function periodEnd(budget: Pick<BudgetRecord, 'period' | 'timeZone'>, at: Date): Date | undefined {
  if (budget.period === 'run') return undefined;
  const current = periodKey(budget, at, '');
  // The first minute that belongs to another period. All periods begin at a full minute, in every time zone.
  let [low, high] = [Math.floor(at.getTime() / MINUTE), Math.ceil((at.getTime() + LONGEST_MS) / MINUTE)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (periodKey(budget, new Date(middle * MINUTE), '') === current) low = middle;
    else high = middle;
  }
  return new Date(high * MINUTE);
}
