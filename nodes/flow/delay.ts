import { AppError } from '@switchyard/shared/errors.ts';
import { z } from 'zod';
import { asNumber, asText } from '../sdk/as-value.ts';
import { defineNode, done, waitFor } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const UNITS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
type Unit = keyof typeof UNITS;
const units = Object.keys(UNITS) as [Unit, ...Unit[]];
/** The longest wait, in ms. Anything longer is more likely a mistake. */
const LONGEST_MS = 366 * UNITS.days;

const params = z.object({
  by: field(z.enum(['duration', 'time']).default('duration'), {
    label: 'Wait',
    control: 'segmented',
    choices: { duration: 'For a duration', time: 'Until a time' },
  }),
  amount: field(z.string().default('5'), {
    label: 'Duration',
    control: 'text',
    expression: 'template',
    row: 'span',
    when: { field: 'by', is: ['duration'] },
  }),
  unit: field(z.enum(units).default('minutes'), {
    label: 'Unit',
    control: 'select',
    row: 'span',
    choices: { seconds: 'seconds', minutes: 'minutes', hours: 'hours', days: 'days' },
    when: { field: 'by', is: ['duration'] },
  }),
  until: field(z.string().default(''), {
    label: 'Time',
    control: 'text',
    expression: 'template',
    placeholder: '2027-01-31T09:00:00Z',
    help: 'Include the time zone, for example 2027-01-31T09:00:00Z or 2027-01-31T09:00+01:00.',
    when: { field: 'by', is: ['time'] },
  }),
});
type Params = z.output<typeof params>;

const help = `Waits for a duration or until a time. A waiting run uses no memory and survives server restarts. If it comes due while the server is off, it continues at the next start.

- **For a duration**: a number and a unit. The number can be an expression: \`{{ input.days }}\`.
- **Until a time**: a time with its time zone, as text or an expression. A time in the past doesn’t wait.

The output is \`{until, waited}\`: the earliest time the run could continue, and whether it waited at all.`;

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** The time in ms. Throws `bad-request` if it is invalid; a retry would fail the same way. */
function momentOf({ by, amount, unit, until }: Params, now: number): number {
  const at = by === 'duration' ? now + span(amount, unit) : timeOf(until);
  if (at - now <= LONGEST_MS) return at;
  throw new AppError('bad-request', `The delay would end on ${inWords(at)}. The maximum is one year. Check the ${by === 'duration' ? 'duration' : 'time'}.`);
}

const inWords = (at: number): string => (Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : 'a date out of range');

function span(amount: unknown, unit: Unit): number {
  const number = asNumber(amount);
  if (number !== undefined && number >= 0) return number * UNITS[unit];
  throw new AppError('bad-request', `The delay is “${asText(amount)} ${unit}”. It must be a number of 0 or more.`);
}

function timeOf(until: unknown): number {
  const text = asText(until).trim();
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new AppError('bad-request', `“${text}” is not a time with a time zone. Use a format like 2027-01-31T09:00:00Z.`);
}

const isTemplate = (text: string): boolean => text.includes('{{');
const complaint = (perform: () => unknown): string | undefined => {
  try {
    perform();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

export const delay = defineNode({
  type: 'delay',
  version: 1,
  title: 'Delay',
  icon: 'IconHourglass',
  category: 'flow',
  summary: 'Wait for a duration or until a time',
  keywords: ['wait', 'sleep', 'schedule', 'timer', 'pause', 'cron', 'later', 'date'],
  help,
  params,
  defaults: {},
  example: { by: 'duration', amount: '{{ size(input.message) }}', unit: 'seconds' },
  line: ({ by, amount, unit, until }) =>
    (by === 'duration' ? `waits **${amount.trim() || '…'}** ${unit}` : `waits until **${until.trim() || '…'}**`).replaceAll(/\s+/g, ' '),
  output: () => ({
    type: 'object',
    properties: { until: { type: 'string', format: 'date-time' }, waited: { type: 'boolean' } },
    required: ['until', 'waited'],
    additionalProperties: false,
  }),
  check: ({ by, amount, unit, until }) => {
    if (by === 'duration') {
      const wrong = isTemplate(amount) ? undefined : complaint(() => span(amount, unit));
      return wrong ? [{ path: ['amount'], message: wrong }] : [];
    }
    if (until.trim() === '') return [{ path: ['until'], message: 'Enter the time to wait until' }];
    const wrong = isTemplate(until) ? undefined : complaint(() => timeOf(until));
    return wrong ? [{ path: ['until'], message: wrong }] : [];
  },
  compute({ params, context }) {
    const now = context.now().getTime();
    const at = momentOf(params, now);
    const until = new Date(at).toISOString();
    return at > now ? waitFor({ kind: 'timer', dueAt: until, ...(params.by === 'time' && { wallClock: true }) }) : done({ until, waited: false });
  },
  resume({ resolution }) {
    if (resolution.wait.kind !== 'timer') throw new AppError('internal', `A delay was resumed by a wait of kind ${resolution.wait.kind}`);
    return done({ until: resolution.wait.dueAt, waited: true });
  },
});
