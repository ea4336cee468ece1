import type { Retry } from '@switchyard/shared/graph/graph.ts';

/** A retry setting as a sentence: “Retries after about 1 s, 2 s, and 4 s.” */
export function describeRetries({ max, backoffMs, factor, jitter }: Retry, formatDuration: (ms: number) => string): string {
  if (max === 0) return 'No retries.';
  const waits = Array.from({ length: Math.min(max, 4) }, (_, index) => formatDuration(backoffMs * factor ** index));
  const about = jitter > 0 ? 'about ' : '';
  if (max > waits.length) return `Retries after ${about}${waits.join(', ')}…, up to ${max} times.`;
  return `Retries after ${about}${new Intl.ListFormat('en').format(waits)}.`;
}
