import { formatNumber } from '../../ui/format.ts';

/** A rate as a percentage: `2.5%`. Null: “–”. */
export const percent = (rate: number | null): string => (rate === null ? '–' : `${formatNumber(Number((rate * 100).toFixed(1)))}%`);

export const day = (at: string): string => new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** What became of a group, in two words. */
export const shareWords = (share: number): string => (share === 100 ? 'Review all' : `Review ${formatNumber(share)}%`);
