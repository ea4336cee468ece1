import type { FaultKind } from '@switchyard/shared/run/faults.ts';
import type { RunStatus, StepStatus } from '@switchyard/shared/run/state.ts';

export type AnyStatus = RunStatus | StepStatus;

/** An Output step that marked the run as failed. */
export const REPLIED_AS_FAILURE = 'Marked run failed';

/** The label of each status. */
export const STATUS_LABELS: Readonly<Record<AnyStatus, string>> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Canceled',
  skipped: 'Skipped',
};

/** What a run can break on purpose (S78a). */
export const FAULT_LABELS: Readonly<Record<FaultKind, string>> = {
  'provider-down': 'Provider down',
  slow: 'Slow by 10 s',
  'rate-limited': 'Rate limited',
  nonsense: 'Nonsense response',
  malformed: 'Malformed response',
  'tool-error': 'Status 500',
};

/** What was broken on purpose in the calls of a step: “provider down”. Undefined if nothing was. */
export function describeFaults(calls: readonly { readonly fault?: FaultKind | undefined }[]): string | undefined {
  const kinds = [...new Set(calls.flatMap(({ fault }) => fault ?? []))];
  return kinds.length === 0 ? undefined : kinds.map((kind) => FAULT_LABELS[kind].toLowerCase()).join(', ');
}
