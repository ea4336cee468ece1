import { formSettings } from '../../../contracts/triggers/hosted-pages.ts';
import { scheduleSettings } from '../../../contracts/triggers/triggers.ts';
import type { IncludedTrigger } from '../../included.ts';
import type { N8nNode } from '../file.ts';
import { plain, record, rows, text } from './kind.ts';

/* The schedules and forms of n8n as triggers of ours. */

interface Timing {
  /** Undefined if cron can’t express it. */
  readonly cron: string | undefined;
  /** What is different, if anything. */
  readonly note?: string;
}

const whole = (value: unknown, byDefault: number): number => {
  const number = Number(plain(value) === '' ? byDefault : plain(value));
  return Number.isInteger(number) && number >= 0 ? number : byDefault;
};

/** `*`, or every so many. Cron counts again from the start of the next larger unit. */
function every(count: number, within: number): { readonly field: string; readonly isExact: boolean } {
  return { field: count <= 1 ? '*' : `*/${count}`, isExact: count <= 1 || within % count === 0 };
}

const approximate = (isExact: boolean, what: string): { note?: string } =>
  isExact ? {} : { note: `Its interval of ${what} starts again with each larger unit of time here.` };

/** One rule of a Schedule Trigger. What n8n leaves out is its default. */
function ruleTiming(rule: Record<string, unknown>): Timing {
  const field = text(rule.field) || 'days';
  const minute = whole(rule.triggerAtMinute, 0);
  const hour = whole(rule.triggerAtHour, 0);
  switch (field) {
    case 'cronExpression':
      return { cron: plain(rule.expression).trim() };
    case 'seconds': {
      const { field: seconds, isExact } = every(whole(rule.secondsInterval, 30), 60);
      return { cron: `${seconds} * * * * *`, ...approximate(isExact, 'seconds') };
    }
    case 'minutes': {
      const { field: minutes, isExact } = every(whole(rule.minutesInterval, 5), 60);
      return { cron: `${minutes} * * * *`, ...approximate(isExact, 'minutes') };
    }
    case 'hours': {
      const { field: hours, isExact } = every(whole(rule.hoursInterval, 1), 24);
      return { cron: `${minute} ${hours} * * *`, ...approximate(isExact, 'hours') };
    }
    case 'days': {
      const days = whole(rule.daysInterval, 1);
      return { cron: `${minute} ${hour} ${every(days, 1).field} * *`, ...approximate(days <= 1, 'days') };
    }
    case 'weeks': {
      const days = Array.isArray(rule.triggerAtDay) && rule.triggerAtDay.length > 0 ? rule.triggerAtDay : [0];
      const isWeekly = whole(rule.weeksInterval, 1) <= 1;
      return { cron: `${minute} ${hour} * * ${days.map(String).join(',')}`, ...(!isWeekly && { note: 'It ran every few weeks. Here, it runs every week.' }) };
    }
    case 'months': {
      const { field: months, isExact } = every(whole(rule.monthsInterval, 1), 12);
      return { cron: `${minute} ${hour} ${whole(rule.triggerAtDayOfMonth, 1)} ${months} *`, ...approximate(isExact, 'months') };
    }
    default:
      return { cron: undefined };
  }
}

/** One time of the older Cron node. */
function timeTiming(item: Record<string, unknown>): Timing {
  const minute = whole(item.minute, 0);
  const hour = whole(item.hour, 14);
  const count = whole(item.value, 2);
  const crons: Readonly<Record<string, Timing>> = {
    everyMinute: { cron: '* * * * *' },
    everyHour: { cron: `${minute} * * * *` },
    everyDay: { cron: `${minute} ${hour} * * *` },
    everyWeek: { cron: `${minute} ${hour} * * ${text(item.weekday) || '1'}` },
    everyMonth: { cron: `${minute} ${hour} ${whole(item.dayOfMonth, 1)} * *` },
    everyX: text(item.unit) === 'minutes' ? ruleTiming({ field: 'minutes', minutesInterval: count }) : ruleTiming({ field: 'hours', hoursInterval: count }),
    custom: { cron: plain(item.cronExpression).trim() },
  };
  return crons[text(item.mode) || 'everyDay'] ?? { cron: undefined };
}

function timingsOf({ type, parameters }: N8nNode): Timing[] {
  if (type === 'n8n-nodes-base.interval') {
    const unit = text(parameters.unit) || 'seconds';
    const count = whole(parameters.interval, 1);
    return [ruleTiming({ field: unit, [`${unit}Interval`]: count })];
  }
  if (type === 'n8n-nodes-base.cron') return rows(record(parameters.triggerTimes).item).map(timeTiming);
  const interval = rows(record(parameters.rule).interval);
  if (interval.length > 0) return interval.map(ruleTiming);
  return text(parameters.cronExpression) === '' ? [ruleTiming({})] : [{ cron: plain(parameters.cronExpression).trim() }];
}

export interface FoundTriggers {
  readonly triggers: readonly IncludedTrigger[];
  readonly notes: readonly string[];
}

function schedules(node: N8nNode, timeZone: string | undefined): FoundTriggers {
  const timings = timingsOf(node);
  const parsed = timings.flatMap(({ cron }) => scheduleSettings.safeParse({ cron, ...(timeZone !== undefined && { timeZone }) }).data ?? []);
  const lost = timings.length - parsed.length;
  return {
    triggers: parsed.map((settings) => ({ kind: 'schedule', ...settings })),
    notes: [
      ...timings.flatMap(({ note }) => note ?? []),
      ...(lost > 0 ? ['Its schedule has no counterpart. Add one under Triggers.'] : []),
      ...(parsed.length > 0 ? [`Its schedule is under Triggers, turned off${timeZone === undefined ? '. It uses UTC: choose your time zone' : ''}.`] : []),
    ],
  };
}

/** The text after a form was sent, in each version of the node. */
function thanksOf(parameters: Readonly<Record<string, unknown>>): string {
  const options = record(parameters.options);
  return plain(options.formSubmittedText) || plain(record(record(options.respondWithOptions).values).formSubmittedText);
}

function form({ parameters }: N8nNode): FoundTriggers {
  const [title, intro, thanks] = [plain(parameters.formTitle), plain(parameters.formDescription), thanksOf(parameters)];
  const settings = formSettings.parse({
    ...(title !== '' && { title: title.slice(0, 200) }),
    intro: intro.slice(0, 2_000),
    ...(thanks !== '' && { thanks: thanks.slice(0, 2_000) }),
  });
  return { triggers: [{ kind: 'form', ...settings }], notes: ['Its form is under Triggers, turned off, with a URL of its own.'] };
}

const SCHEDULES = new Set(['n8n-nodes-base.scheduleTrigger', 'n8n-nodes-base.cron', 'n8n-nodes-base.interval']);

/** The triggers that a node of n8n becomes, besides the Input node. */
export function triggersOf(node: N8nNode, timeZone: string | undefined): FoundTriggers {
  if (SCHEDULES.has(node.type)) return schedules(node, timeZone);
  return node.type === 'n8n-nodes-base.formTrigger' ? form(node) : { triggers: [], notes: [] };
}
