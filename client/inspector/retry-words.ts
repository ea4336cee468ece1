import type { Retry } from '@switchyard/shared/graph/graph.ts';

/** What a retry setting means: "Retries after about 1 s, 2 s, and 4 s." */
export function retriesInWords({ max, backoffMs, factor, jitter }: Retry, formatDuration: (ms: number) => string): string {
  if (max === 0) return 'No retries.';
  const waits = Array.from({ length: Math.min(max, 4) }, (_, index) => formatDuration(backoffMs * factor ** index));
  const about = jitter > 0 ? 'about ' : '';
  if (max > waits.length) return `Tried again after ${about}${waits.join(', ')} and so on, ${max} times at most.`;
  const last = waits.pop();
  return `Tried again after ${about}${waits.length > 0 ? `${waits.join(', ')} and ${last}` : last}.`;
}
