import { expect, it } from 'vitest';
import { cronOf, timingLabel, timingOf, timingProblem, toggledDay } from './timing.ts';

it.each([
  ['* * * * *', 'Every minute'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['5 * * * *', 'Hourly at minute 5'],
  ['30 7 * * *', 'Daily at 07:30'],
  ['0 7 * * 1-5', 'Monday to Friday at 07:00'],
  ['0 18 * * 0', 'Sundays at 18:00'],
  ['0 9 * * 1,3', 'Mon, Wed at 09:00'],
  ['0 0 31 * *', 'Monthly on day 31 at 00:00'],
])('shows %s as “%s”, and keeps it', (cron, label) => {
  expect(timingLabel(cron)).toBe(label);
  expect(timingOf(cron).repeats).not.toBe('cron');
  expect(cronOf(timingOf(cron))).toBe(cron);
});

it.each(['*/45 * * * *', '0 7 1 * 1', '0 7 1 1 *', '0 0 7 * * *', '0 7,19 * * *', '0 7 * * mon', '*/5 9 * * *'])('edits %s as cron', (cron) => {
  expect(timingOf(cron)).toMatchObject({ repeats: 'cron', cron });
  expect([cronOf(timingOf(cron)), timingLabel(cron)]).toEqual([cron, cron]);
});

it('says what is missing', () => {
  const daily = timingOf('0 7 * * *');
  expect(timingProblem(daily)).toBeUndefined();
  expect(timingProblem({ ...daily, time: '' })).toBe('Enter a time.');
  expect(timingProblem({ ...daily, repeats: 'week', days: '' })).toBe('Choose at least one day.');
  expect(timingProblem({ ...daily, repeats: 'hour', minute: '60' })).toBe('Enter a minute from 0 to 59.');
  expect(timingProblem({ ...daily, repeats: 'cron', cron: ' ' })).toBe('Enter a cron expression.');
});

it('adds and removes days in the order of the week', () => {
  expect(toggledDay('1,0', '3')).toBe('1,3,0');
  expect(toggledDay('1,3,0', '1')).toBe('3,0');
  expect(toggledDay('1', '1')).toBe('');
});
