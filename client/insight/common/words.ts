import { LEAST_SAMPLES, type Share } from '@switchyard/shared/contracts/insight/insight.ts';
import { formatNumber, formatShare } from '../../ui/format.ts';

/* Figures of the Insight page in words. */

export const shareWords = ({ value }: Pick<Share, 'value'>): string => (value === null ? '–' : formatShare(value));

/** “11 of 20”: how many samples there are of those needed. */
export const samplesWords = (of: number): string => `${formatNumber(of)} of ${LEAST_SAMPLES}`;

export interface Change {
  readonly text: string;
  /** Undefined if more is neither better nor worse, or nothing changed. */
  readonly isBetter: boolean | undefined;
}

const signed = (value: number, text: string): string => `${value > 0 ? '+' : '−'}${text}`;
const judged = (difference: number, wanted: 'more' | 'less' | undefined): boolean | undefined =>
  difference === 0 || wanted === undefined ? undefined : difference > 0 === (wanted === 'more');

/** Two shares differ by more than chance (z-test of two proportions, 5%). */
function differs(one: Share, other: Share): boolean {
  const pooled = (one.count + other.count) / (one.of + other.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.of + 1 / other.of));
  return error > 0 && Math.abs(one.count / one.of - other.count / other.of) > 1.96 * error;
}

/** How a share changed, in percentage points. Undefined if there are too few samples to tell. Better or worse only if it isn’t chance. */
export function shareChange(now: Share, before: Share, wanted: 'more' | 'less' | undefined): Change | undefined {
  if (!now.enough || !before.enough || now.value === null || before.value === null) return undefined;
  const points = Math.round((now.value - before.value) * 1_000) / 10;
  return { text: points === 0 ? 'no change' : signed(points, `${Math.abs(points)} pt`), isBetter: differs(now, before) ? judged(points, wanted) : undefined };
}

/** How an amount changed, in percent: without a range, neither better nor worse. Undefined without an amount before. */
export function amountChange(now: number | null, before: number | null): Change | undefined {
  if (now === null || before === null || before === 0) return undefined;
  const percent = Math.round((now / before - 1) * 100);
  return { text: percent === 0 ? 'no change' : signed(percent, `${formatNumber(Math.abs(percent))}%`), isBetter: undefined };
}

/** A duration of hours, as a count of work: “846 h”, “12 min”. */
export function workWords(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const text = minutes < 120 ? `${minutes} min` : `${formatNumber(Math.round(minutes / 60))} h`;
  return ms < 0 ? `−${text}` : text;
}

/** What exception ports mean. */
const PORT_WORDS: Readonly<Record<string, string>> = {
  error: 'took the error branch',
  none: 'found no match',
  limit: 'reached a limit',
  unsure: 'the model was unsure',
  blocked: 'a guardrail blocked it',
  recovery: 'used the fallback value',
  fallback: 'a fallback target responded',
};
export const portWords = (port: string): string => PORT_WORDS[port] ?? `took “${port}”`;
