import type { ScheduleSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import { Cron } from 'croner';

/*
 * The due times of schedules, by the wall clock of their time zone (S88). An hour that a change of the clock skips is due right after it. In one
 * that occurs twice, a fixed time is due the first time, and a repeated one (`*`) both times.
 */

type Times = Pick<ScheduleSettings, 'cron' | 'timeZone'>;

const cronOf = ({ cron, timeZone }: Times): Cron => new Cron(cron, { timezone: timeZone, paused: true, mode: '5-or-6-parts' });

/** Throws `bad-request` if the cron expression is invalid, or never due. */
export function checkSchedule(times: Times, after: Date): void {
  const refuse = (message: string) => new AppError('bad-request', message, { fields: [{ path: 'cron', message: 'is not a valid schedule' }] });
  let cron: Cron;
  try {
    cron = cronOf(times);
  } catch {
    throw refuse(`“${times.cron}” is not a valid cron expression. It has five fields: minute, hour, day, month, and weekday, and optionally seconds first.`);
  }
  if (!cron.nextRun(after)) throw refuse(`“${times.cron}” is never due. Choose a date that exists.`);
}

/** The next due times after this one, as far as there are any. */
export const nextDueTimes = (times: Times, after: Date, count: number): string[] =>
  cronOf(times)
    .nextRuns(count, after)
    .map((time) => isoTime(time.getTime()));

/** Due times from `first` (one itself) to `until`, at most `most`, and the one after them. */
export function dueTimes(times: Times, first: string, until: Date, most: number): { readonly due: string[]; readonly next: string | null } {
  const cron = cronOf(times);
  const due = [first];
  for (;;) {
    const time = cron.nextRun(new Date(due.at(-1) ?? first));
    const next = time && isoTime(time.getTime());
    if (!next || due.length === most || next > isoTime(until.getTime())) return { due, next };
    due.push(next);
  }
}
