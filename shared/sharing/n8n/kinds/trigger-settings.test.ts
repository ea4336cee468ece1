import { describe, expect, it } from 'vitest';
import { triggersOf } from './trigger-settings.ts';

const node = (type: string, parameters: Record<string, unknown>) => ({
  name: 'Start',
  type: `n8n-nodes-base.${type}`,
  typeVersion: 1,
  position: [0, 0] as [number, number],
  parameters,
});
const cronsOf = (type: string, parameters: Record<string, unknown>): string[] =>
  triggersOf(node(type, parameters), 'UTC').triggers.map((trigger) => (trigger.kind === 'schedule' ? trigger.cron : trigger.kind));
const rule = (...interval: Record<string, unknown>[]) => ({ rule: { interval } });

describe('schedules of n8n', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['scheduleTrigger', rule({}), ['0 0 * * *']],
    ['scheduleTrigger', rule({ triggerAtHour: 9, triggerAtMinute: 30 }), ['30 9 * * *']],
    ['scheduleTrigger', rule({ field: 'seconds' }), ['*/30 * * * * *']],
    ['scheduleTrigger', rule({ field: 'minutes', minutesInterval: 10 }), ['*/10 * * * *']],
    ['scheduleTrigger', rule({ field: 'hours', hoursInterval: 2, triggerAtMinute: 15 }), ['15 */2 * * *']],
    ['scheduleTrigger', rule({ field: 'weeks', triggerAtDay: [1, 5], triggerAtHour: 7 }), ['0 7 * * 1,5']],
    ['scheduleTrigger', rule({ field: 'months', triggerAtDayOfMonth: 15, triggerAtHour: 8 }), ['0 8 15 * *']],
    ['scheduleTrigger', rule({ field: 'cronExpression', expression: '=0 9 * * 1-5' }), ['0 9 * * 1-5']],
    ['scheduleTrigger', rule({ field: 'days' }, { field: 'hours' }), ['0 0 * * *', '0 * * * *']],
    ['cron', { triggerTimes: { item: [{ mode: 'everyWeek', weekday: '3', hour: 6 }] } }, ['0 6 * * 3']],
    ['cron', { triggerTimes: { item: [{ hour: 8 }, { mode: 'everyX', unit: 'minutes', value: 20 }] } }, ['0 8 * * *', '*/20 * * * *']],
    ['cron', { triggerTimes: { item: [{ mode: 'custom', cronExpression: '0 0 1 * *' }] } }, ['0 0 1 * *']],
    ['interval', { interval: 5, unit: 'minutes' }, ['*/5 * * * *']],
    ['scheduleTrigger', rule({ field: 'eclipses' }), []],
  ])('%s %j is due at %j', (type, parameters, expected) => {
    expect(cronsOf(type, parameters)).toEqual(expected);
  });

  it('say what is different', () => {
    const notes = (parameters: Record<string, unknown>, timeZone?: string) => triggersOf(node('scheduleTrigger', parameters), timeZone).notes.join(' ');
    expect(notes(rule({ field: 'minutes', minutesInterval: 7 }), 'UTC')).toContain('interval of minutes');
    expect(notes(rule({ field: 'weeks', weeksInterval: 2 }), 'UTC')).toContain('every week');
    expect(notes(rule({}))).toContain('It uses UTC');
    expect(notes(rule({ field: 'eclipses' }), 'UTC')).toContain('no counterpart');
  });
});

it.each([
  { formTitle: 'Contact', formDescription: 'Write to us', options: { formSubmittedText: 'Got it' } },
  { formTitle: 'Contact', formDescription: 'Write to us', options: { respondWithOptions: { values: { respondWith: 'text', formSubmittedText: 'Got it' } } } },
])('a form keeps its texts: %j', (parameters) => {
  expect(triggersOf(node('formTrigger', parameters), undefined).triggers).toMatchObject([
    { kind: 'form', title: 'Contact', intro: 'Write to us', thanks: 'Got it', perMinute: 5 },
  ]);
});
