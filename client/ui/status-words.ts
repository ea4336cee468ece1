import type { RunStatus, StepStatus } from '@switchyard/shared/run/state.ts';

export type AnyStatus = RunStatus | StepStatus;

/** How people call a status. */
export const STATUS_WORDS: Readonly<Record<AnyStatus, string>> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
  skipped: 'Skipped',
};
