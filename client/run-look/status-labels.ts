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
