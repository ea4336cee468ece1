import type { WaterfallRow } from './step-rows.ts';

export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

const MIN_SPAN_MS = 10;
const MAX_TICKS = 5;

/** The smallest of 1, 2, 5 × 10ⁿ that needs no more ticks than fit. */
function tickStep(span: number): number {
  const rough = span / MAX_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
}

function tickLabel(ms: number, step: number): string {
  if (ms === 0) return '0';
  if (step >= 60_000) return `${Math.round(ms / 6_000) / 10} min`;
  if (step >= 1_000) return `${Math.round(ms / 1_000)} s`;
  if (step >= 100) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms)} ms`;
}

/** The axis of a run in progress grows in steps instead of shrinking its bars continuously. */
const LIVE_STEPS = [1, 1.5, 2, 3, 4, 6, 8, 10];

function roundedUp(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return power * (LIVE_STEPS.find((step) => step * power >= length) ?? 10);
}

/** Start, end, and ticks of the time covered by these rows. `now` ends running bars. Waits do not stretch the scale. */
export function timeScale(rows: readonly WaterfallRow[], now: number): TimeScale {
  const bars = rows.flatMap((row) => [
    ...row.bars.map((bar) => ({ ...bar, open: row.status === 'waiting' })),
    ...row.calls.map((call) => ({ ...call.bar, open: false })),
  ]);
  if (bars.length === 0) return { from: now, to: now + 1_000, ticks: [] };
  const from = Math.min(...bars.map((bar) => bar.from));
  const ends = bars.map((bar) => bar.to ?? (bar.open ? bar.from : Math.max(now, bar.from)));
  const busy = Math.max(MIN_SPAN_MS, Math.max(...ends) - from);
  const waits = bars.some((bar) => bar.open && bar.to === null);
  const live = bars.some((bar) => bar.to === null && !bar.open);
  const exact = busy * (waits ? 1.2 : 1.03);
  const length = live ? roundedUp(exact) : exact;
  const step = tickStep(length);
  const ticks = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => ({ at: from + index * step, label: tickLabel(index * step, step) }));
  return { from, to: from + length, ticks };
}
