const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (whole: number, wholeUnit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${whole} ${wholeUnit}` : `${whole} ${wholeUnit} ${rest} ${restUnit}`;

/** A duration: `412 ms`, `1.8 s`, `41 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  const span = Math.max(0, ms);
  if (Math.round(span) < SECOND) return `${Math.round(span)} ms`;
  if (span < 9_950) return `${(span / SECOND).toFixed(1)} s`;
  const seconds = Math.round(span / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(span / MINUTE);
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(span / HOUR);
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A duration that is still changing: never in ms, which would flicker. */
export function formatElapsed(ms: number): string {
  const span = Math.max(0, ms);
  return span < SECOND ? `${(span / SECOND).toFixed(1)} s` : formatDuration(span);
}

/** Micro-dollars as money: `$0.0008`, `$14.20`. Smaller amounts are `< $0.0001`; a known cost of zero is `free`. */
export function formatCost(micros: number | null): string {
  if (micros === null) return 'unknown price';
  const dollars = micros / 1_000_000;
  if (dollars === 0) return 'free';
  if (dollars < 0.0001) return '< $0.0001';
  if (dollars < 1) return `$${dollars.toFixed(4)}`;
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** “1 call”, “318 calls”. */
export const callWords = (calls: number): string => (calls === 1 ? '1 call' : `${formatNumber(calls)} calls`);

/** A sum of costs. Null if nothing about it is known; otherwise it leaves out the calls of unknown price. */
export interface SummedCost {
  readonly costMicros: number | null;
  readonly unknownPrice: number;
}

/** `$0.0123`, `unknown price`, or `$0.0123 + 2 calls of unknown price`. Zero is “–”: perhaps there were no calls. */
export function formatCostSum({ costMicros, unknownPrice }: SummedCost): string {
  if (unknownPrice === 0) return costMicros === 0 ? '–' : formatCost(costMicros);
  const known = costMicros === 0 ? null : costMicros;
  return known === null ? formatCost(known) : `${formatCost(known)} + ${callWords(unknownPrice)} of unknown price`;
}

/** The same for columns: `$0.0123`, `unknown`, or `$0.0123 +`. */
export function formatShortSum(sum: SummedCost): string {
  if (sum.unknownPrice === 0) return formatCostSum(sum);
  return sum.costMicros ? `${formatCost(sum.costMicros)} +` : 'unknown';
}

export const formatNumber = (value: number): string => value.toLocaleString('en');

/** A share of 1 as a percentage with one decimal, never rounded up to 100 or down to 0: `99.6%`, `100%`, `0%`. */
export function formatShare(share: number): string {
  if (share === 1 || share === 0) return `${share * 100}%`;
  return `${(Math.max(1, Math.floor(share * 1_000)) / 10).toFixed(1)}%`;
}

/** A size: `148 bytes`, `12 kB`, `3.4 MB`, `20.1 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** Whether `at` is on the previous calendar day, in local time. */
const isYesterday = (at: Date, now: Date): boolean => at.toDateString() === new Date(now.getTime() - DAY).toDateString();

/** How long ago: `just now`, `20 s ago`, `2 min ago`, `3 h ago`, `yesterday`, `4 days ago`, `4 Nov`. */
export function formatAgo(at: Date, now: Date): string {
  const span = now.getTime() - at.getTime();
  if (span < 10 * SECOND) return 'just now';
  if (span < MINUTE) return `${Math.floor(span / (10 * SECOND)) * 10} s ago`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min ago`;
  if (isYesterday(at, now)) return 'yesterday';
  if (span < DAY) return `${Math.floor(span / HOUR)} h ago`;
  if (span < 7 * DAY) return `${Math.round(span / DAY)} days ago`;
  const sameYear = at.getFullYear() === now.getFullYear();
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }) });
}

/** The exact time, for hover. */
export const formatExact = (at: Date): string => at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `wanted`, or `wanted 2`, `wanted 3` … if it is in use. */
export function freeTitle(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/ \d+$/, '');
  for (let number = 2; ; number++) {
    const title = `${stem} ${number}`;
    if (!taken.has(title)) return title;
  }
}
