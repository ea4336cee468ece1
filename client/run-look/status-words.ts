import type { RunStatus, StepStatus } from '@switchyard/shared/run/state.ts';

export type AnyStatus = RunStatus | StepStatus;

/** An output step that did its work, which is to say that the run failed. */
export const REPLIED_AS_FAILURE = 'Marked run failed';

/** How people call a status. */
export const STATUS_WORDS: Readonly<Record<AnyStatus, string>> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Canceled',
  skipped: 'Skipped',
};
