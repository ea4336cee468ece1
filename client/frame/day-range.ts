/** Two days (`2026-11-30`), both included, in UTC. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (value: unknown): value is string => typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value));

/** Reads a range of days from a URL. Undefined if it is invalid or missing. */
export const readDays = ({ from, to }: Record<string, unknown>): DayRange | undefined => (isDay(from) && isDay(to) && from <= to ? { from, to } : undefined);

const words = (at: number): string => new Date(at).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

/** “2 Nov”, “14 to 27 Nov”, or “30 Oct to 12 Nov”. */
export function daysTitle({ from, to }: DayRange): string {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  if (first === last) return words(first);
  const sameMonth = from.slice(0, 7) === to.slice(0, 7);
  return `${sameMonth ? new Date(first).getUTCDate() : words(first)} to ${words(last)}`;
}
