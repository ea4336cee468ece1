import type { RouteFiguresView, TargetPlace } from '@switchyard/shared/contracts/routes.ts';
import { isSameModel } from '@switchyard/shared/model/target-copy.ts';
import { formatCost, formatDuration, formatNumber } from '../../../ui/format.ts';

export type TargetFigures = RouteFiguresView['targets'][number];
type Spending = Pick<TargetFigures, 'calls' | 'failed' | 'costMicros' | 'unknownPrice'>;

export const callsText = (calls: number): string => (calls === 0 ? 'no calls' : calls === 1 ? '1 call' : `${formatNumber(calls)} calls`);

/** A time of the last hours: `14:06`. */
export const clockText = (at: string): string => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** “–” without a response to pay for, “unknown” without any price, “free” if the price is 0. A sum that lacks prices ends in “+”. */
export function spendText({ calls, failed, costMicros, unknownPrice }: Spending): string {
  if (calls === 0) return '–';
  if (unknownPrice > 0 && costMicros === 0) return 'unknown';
  if (costMicros === 0 && failed === calls) return '–';
  if (costMicros === 0) return 'free';
  return `${formatCost(costMicros)}${unknownPrice > 0 ? ' +' : ''}`;
}

/** The figures of a target. Figures are in the order of the route’s targets. */
export const figuresOf = (figures: readonly TargetFigures[], target: TargetPlace): TargetFigures | undefined =>
  figures.filter((other) => isSameModel(other, target))[target.copy];

/** Sums the spending of targets. */
export const totalOf = (targets: readonly TargetFigures[]): Spending => {
  const sum = (value: (target: TargetFigures) => number) => targets.reduce((total, target) => total + value(target), 0);
  return {
    calls: sum(({ calls }) => calls),
    failed: sum(({ failed }) => failed),
    costMicros: sum(({ costMicros }) => costMicros),
    unknownPrice: sum(({ unknownPrice }) => unknownPrice),
  };
};

/** `1.8 / 4.1 s`, or `412 ms / 1.2 s`. “–” without a response. */
export function latencyText(p50Ms: number | null, p95Ms: number | null): string {
  if (p50Ms === null || p95Ms === null) return '–';
  const [p50, p95] = [formatDuration(p50Ms), formatDuration(p95Ms)];
  const unit = p95.slice(p95.lastIndexOf(' '));
  return p50.endsWith(unit) && !p50.includes('min') && !p95.includes('min') ? `${p50.slice(0, -unit.length)} / ${p95}` : `${p50} / ${p95}`;
}

/** Joins minutes into bars of `size` minutes, oldest first. */
export function barsOf<T extends Readonly<Record<string, number>>>(minutes: readonly T[], size: number): T[] {
  const bars: T[] = [];
  for (let at = 0; at < minutes.length; at += size) {
    const group = minutes.slice(at, at + size);
    bars.push(group.reduce((sum, minute) => Object.fromEntries(Object.entries(sum).map(([name, value]) => [name, value + (minute[name] ?? 0)])) as T));
  }
  return bars;
}
