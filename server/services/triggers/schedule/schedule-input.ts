import type { ScheduleSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';

/** The input of a run of a schedule: its fixed input, and when it was due and started. */
export const scheduleInput = (
  { input }: Pick<ScheduleSettings, 'input'>,
  times: { readonly dueAt: string; readonly firedAt: string },
): Record<string, unknown> => ({
  // First, so that lists of runs find them, and never replaced.
  ...times,
  ...input,
  ...times,
});
