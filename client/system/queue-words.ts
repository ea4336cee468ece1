import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { type getQueue, MOST_COUNTED } from '@switchyard/shared/contracts/controls/queue.ts';
import { formatNumber } from '../ui/format.ts';

type Queue = ReplyOf<typeof getQueue>;
export type QueueItem = Queue['items'][number];

/** Counting stops at a limit. */
const countWords = (count: number): string => (count >= MOST_COUNTED ? `${formatNumber(MOST_COUNTED)}+` : formatNumber(count));

/** `3`, or `3 of 5` with a limit. */
export const countOf = (count: number, limit: number | null): string => (limit === null ? countWords(count) : `${countWords(count)} of ${formatNumber(limit)}`);

/** All workflows together: `7 queued (1 with high and 2 with low priority), 4 driven`. */
export function totalWords({ queued: { high, normal, low }, running }: Pick<Queue, 'queued' | 'running'>): string {
  const others = [high > 0 && `${countWords(high)} with high`, low > 0 && `${countWords(low)} with low`].filter(Boolean).join(' and ');
  return `In all, ${countWords(Math.min(MOST_COUNTED, high + normal + low))} queued${others && ` (${others} priority)`}, ${countWords(running)} driven.`;
}
