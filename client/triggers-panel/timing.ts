/* The friendly form of a cron expression. What it doesn’t cover is edited as cron. */

export const REPEATS = ['minutes', 'hour', 'day', 'weekdays', 'week', 'month', 'cron'] as const;
type Repeats = (typeof REPEATS)[number];

/** Steps that divide an hour evenly. */
export const MINUTE_STEPS = ['1', '2', '3', '5', '10', '15', '20', '30'] as const;
export const WEEKDAYS = [
  { value: '1', short: 'Mo', name: 'Monday' },
  { value: '2', short: 'Tu', name: 'Tuesday' },
  { value: '3', short: 'We', name: 'Wednesday' },
  { value: '4', short: 'Th', name: 'Thursday' },
  { value: '5', short: 'Fr', name: 'Friday' },
  { value: '6', short: 'Sa', name: 'Saturday' },
  { value: '0', short: 'Su', name: 'Sunday' },
] as const;

/** All as texts, as fields hold them. */
export interface Timing {
  readonly repeats: Repeats;
  /** Minutes between due times. */
  readonly step: string;
  /** The minute of each hour. */
  readonly minute: string;
  /** `07:00` */
  readonly time: string;
  /** Days of the week: `1,3` */
  readonly days: string;
  readonly monthDay: string;
  readonly cron: string;
}

const FIRST: Omit<Timing, 'repeats' | 'cron'> = { step: '15', minute: '0', time: '07:00', days: '1', monthDay: '1' };
const two = (digits: string): string => digits.padStart(2, '0');
const MINUTE = /^[1-5]?\d$/;
const HOUR = /^(?:1?\d|2[0-3])$/;
const MONTH_DAY = /^(?:[1-9]|[12]\d|3[01])$/;
const DAYS = /^[0-6](?:,[0-6])*$/;

/** How a cron expression is shown in the form. */
export function timingOf(cron: string): Timing {
  const other: Timing = { ...FIRST, repeats: 'cron', cron };
  const [minute = '', hour = '', date = '', month = '', day = '', ...more] = cron.trim().split(/\s+/);
  if (more.length > 0 || month !== '*') return other;
  const [, step] = /^\*\/(\d+)$/.exec(minute) ?? (minute === '*' ? ['', '1'] : []);
  if (step !== undefined && hour === '*' && date === '*' && day === '*') {
    return MINUTE_STEPS.some((known) => known === step) ? { ...other, repeats: 'minutes', step } : other;
  }
  if (!MINUTE.test(minute)) return other;
  if (hour === '*') return date === '*' && day === '*' ? { ...other, repeats: 'hour', minute } : other;
  if (!HOUR.test(hour)) return other;
  const at = { ...other, time: `${two(hour)}:${two(minute)}` };
  if (day === '*') {
    if (date === '*') return { ...at, repeats: 'day' };
    return MONTH_DAY.test(date) ? { ...at, repeats: 'month', monthDay: date } : other;
  }
  if (date !== '*') return other;
  if (day === '1-5') return { ...at, repeats: 'weekdays' };
  return DAYS.test(day) ? { ...at, repeats: 'week', days: day } : other;
}

/** The cron expression of a timing. */
export function cronOf({ repeats, step, minute, time, days, monthDay, cron }: Timing): string {
  const [hour = '0', minutes = '0'] = time.split(':').map((part) => String(Number(part)));
  switch (repeats) {
    case 'minutes':
      return step === '1' ? '* * * * *' : `*/${step} * * * *`;
    case 'hour':
      return `${minute.trim()} * * * *`;
    case 'day':
      return `${minutes} ${hour} * * *`;
    case 'weekdays':
      return `${minutes} ${hour} * * 1-5`;
    case 'week':
      return `${minutes} ${hour} * * ${days}`;
    case 'month':
      return `${minutes} ${hour} ${monthDay} * *`;
    case 'cron':
      return cron.trim();
  }
}

/** What is missing, if anything. */
export function timingProblem({ repeats, minute, time, days, cron }: Timing): string | undefined {
  if (repeats === 'cron') return cron.trim() === '' ? 'Enter a cron expression.' : undefined;
  if (repeats === 'hour') return MINUTE.test(minute.trim()) ? undefined : 'Enter a minute from 0 to 59.';
  if (repeats === 'minutes') return undefined;
  if (time === '') return 'Enter a time.';
  return repeats === 'week' && days === '' ? 'Choose at least one day.' : undefined;
}

/** “Monday to Friday at 07:00” */
export function timingLabel(cron: string): string {
  const { repeats, step, minute, time, days, monthDay } = timingOf(cron);
  switch (repeats) {
    case 'minutes':
      return step === '1' ? 'Every minute' : `Every ${step} minutes`;
    case 'hour':
      return `Hourly at minute ${minute}`;
    case 'day':
      return `Daily at ${time}`;
    case 'weekdays':
      return `Monday to Friday at ${time}`;
    case 'week':
      return `${dayNames(days)} at ${time}`;
    case 'month':
      return `Monthly on day ${monthDay} at ${time}`;
    case 'cron':
      return cron;
  }
}

function dayNames(days: string): string {
  const chosen = WEEKDAYS.filter(({ value }) => days.split(',').includes(value));
  return chosen.length === 1 ? `${chosen[0]?.name}s` : chosen.map(({ name }) => name.slice(0, 3)).join(', ');
}

/** The days with one added or removed, Monday first. */
export function toggledDay(days: string, day: string): string {
  const has = days.split(',').includes(day);
  return WEEKDAYS.filter(({ value }) => (value === day ? !has : days.split(',').includes(value)))
    .map(({ value }) => value)
    .join(',');
}
