import type { SampleResult, Verdict } from '../../open-workflow/samples/sample-batch.ts';

export const VERDICT_LABELS: Readonly<Record<Verdict, string>> = {
  none: 'Not run',
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  passed: 'Passed',
  failed: 'Failed',
  canceled: 'Canceled',
};

const ORDER: readonly Verdict[] = ['passed', 'failed', 'waiting', 'running', 'queued', 'canceled', 'none'];

/** How many samples have each verdict: “3 passed, 1 failed”. */
export function describeVerdicts(results: readonly SampleResult[]): string {
  const counts = ORDER.map((verdict) => ({ verdict, count: results.filter((result) => result.verdict === verdict).length }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${VERDICT_LABELS[verdict].toLowerCase()}`)
    .join(', ');
}
