import type { UsageRow } from '@switchyard/shared/contracts/money.ts';
import { formatCost } from '../../ui/format.ts';
import type { Grouping } from '../range/usage-search.ts';

/* Sums usage by group and by bar. */

/** What some calls used and cost. `costMicros` leaves out calls whose model has no price. */
export type Sum = Pick<UsageRow, 'calls' | 'inputTokens' | 'outputTokens' | 'costMicros' | 'unknownPrice'>;

export interface Group extends Sum {
  readonly key: string;
  readonly name: string;
  /** Place among the shades, from the darkest. The last one is gray and shared by all other groups. */
  readonly shade: number;
}

/** Four shades of the accent, and one gray. */
export const SHADES = 5;
const NOTHING: Sum = { calls: 0, inputTokens: 0, outputTokens: 0, costMicros: null, unknownPrice: 0 };

const plus = (a: Sum, b: Sum): Sum => ({
  calls: a.calls + b.calls,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  costMicros: a.costMicros === null || b.costMicros === null ? (a.costMicros ?? b.costMicros) : a.costMicros + b.costMicros,
  unknownPrice: a.unknownPrice + b.unknownPrice,
});

export const totalOf = (rows: readonly Sum[]): Sum => rows.reduce(plus, NOTHING);

/** The key of calls without a value. */
export const NOTHING_KEY = '(none)';
/** What calls without a workflow, tenant, or other key are called. */
export const NO_KEY: Readonly<Record<Grouping, string>> = {
  workflow: 'Outside workflows',
  tenant: 'No tenant',
  model: 'No model',
  prompt: 'No registry prompt',
  route: 'No route',
  source: 'Unknown source',
};

/** The groups, most expensive first. */
export function groupsOf(rows: readonly UsageRow[], by: Grouping): Group[] {
  const sums = new Map<string, Sum & { readonly name: string }>();
  for (const row of rows) {
    const name = row.key === NOTHING_KEY ? NO_KEY[by] : row.name;
    sums.set(row.key, { ...plus(sums.get(row.key) ?? NOTHING, row), name });
  }
  return [...sums]
    .sort(([, a], [, b]) => (b.costMicros ?? 0) - (a.costMicros ?? 0) || b.calls - a.calls)
    .map(([key, sum], index) => ({ key, ...sum, shade: Math.min(index, SHADES - 1) }));
}

/** What the bars show. Calls, if none of them cost anything known. */
export type Measure = 'cost' | 'calls';
export const measureOf = (total: Sum): Measure => ((total.costMicros ?? 0) > 0 ? 'cost' : 'calls');

/** Why the bars show calls. */
export function callsNote({ costMicros, unknownPrice }: Pick<Sum, 'costMicros' | 'unknownPrice'>): string {
  if (unknownPrice === 0) return 'Bars show calls: none of these calls cost anything.';
  return costMicros === null ? 'Bars show calls: the prices are unknown.' : 'Bars show calls: the known prices are zero, the others unknown.';
}

export interface Bar {
  readonly start: string;
  readonly sum: Sum;
  /** One value per shade, in the order of the groups. */
  readonly parts: readonly number[];
}

/** One bar for each start, also for those without calls. */
export function barsOf(rows: readonly UsageRow[], groups: readonly Group[], starts: readonly string[], measure: Measure): Bar[] {
  const shades = new Map(groups.map(({ key, shade }) => [key, shade]));
  const byStart = Map.groupBy(rows, ({ bucket }) => bucket);
  return starts.map((start) => {
    const parts = new Array<number>(SHADES).fill(0);
    const here = byStart.get(start) ?? [];
    for (const row of here) {
      const shade = shades.get(row.key) ?? SHADES - 1;
      parts[shade] = (parts[shade] ?? 0) + (measure === 'cost' ? (row.costMicros ?? 0) : row.calls);
    }
    return { start, sum: totalOf(here), parts };
  });
}

/** The change of a sum from the previous period: “+12%”, “new”, “–”. */
export function changeWords(now: Sum, before: Sum | undefined, measure: Measure): string {
  if (measure === 'cost' && [now, before].some((sum) => sum && sum.calls > 0 && sum.costMicros === null)) return '–';
  const of = (sum: Sum) => (measure === 'cost' ? (sum.costMicros ?? 0) : sum.calls);
  if (before === undefined || before.calls === 0) return of(now) > 0 ? 'new' : '–';
  if (of(before) === 0) return of(now) > 0 ? 'was free' : '–';
  const percent = Math.round((of(now) / of(before) - 1) * 100);
  if (percent > MOST_PERCENT) return `× ${Math.round(of(now) / of(before)).toLocaleString('en')}`;
  return percent === 0 ? '0%' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)}%`;
}

/** A rise by at least this share of the previous cost is marked. */
const STEEP = 0.5;

/** Whether the cost has risen steeply since the previous period. */
export const hasRisenSteeply = (now: Sum, before: Sum | undefined, measure: Measure): boolean =>
  measure === 'cost' && before !== undefined && (before.costMicros ?? 0) > 0 && (now.costMicros ?? 0) / (before.costMicros ?? 0) - 1 >= STEEP;

/** A larger change is shown as a factor. */
const MOST_PERCENT = 900;

const STEPS = [1, 2, 2.5, 5, 10];
const LINES = 4;

/** The values of the grid lines above 0: at most four round numbers, the last one at or above `most`. */
export function gridOf(most: number): number[] {
  if (most <= 0) return [1];
  const magnitude = 10 ** Math.floor(Math.log10(most / LINES));
  const step = (STEPS.find((one) => one * magnitude * LINES >= most * (1 - 1e-9)) ?? 10) * magnitude;
  return Array.from({ length: Math.ceil(most / step - 1e-9) }, (_, index) => (index + 1) * step);
}

/** What calls cost: “–” without calls, “unknown” without a price, “free” at a price of zero. */
export function costWords({ calls, costMicros }: Pick<Sum, 'calls' | 'costMicros'>): string {
  if (calls === 0) return '–';
  return costMicros === null ? 'unknown' : formatCost(costMicros);
}

/** The average cost of the calls whose price is known. */
export const costPerCall = ({ calls, unknownPrice, costMicros }: Sum): string =>
  costWords({ calls, costMicros: costMicros && costMicros / Math.max(1, calls - unknownPrice) });
