import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { asText } from '../sdk/as-value.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { keyIssues } from './key-issues.ts';

const UNITS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
const MOST_DAYS = 366;

const params = z.object({
  value: field(z.string(), {
    label: 'Value',
    control: 'text',
    expression: 'template',
    placeholder: '{{ input.messageId }}',
    help: 'What makes an input the same as an earlier one. Also any value, as a single expression.',
  }),
  amount: field(
    z
      .number()
      .int()
      .min(1)
      .max(MOST_DAYS * 24 * 60)
      .default(7),
    { label: 'Within', control: 'number', row: 'window' },
  ),
  unit: field(z.enum(['minutes', 'hours', 'days']).default('days'), {
    label: 'Unit',
    control: 'select',
    row: 'window',
    choices: { minutes: 'minutes', hours: 'hours', days: 'days' },
  }),
});
type Params = z.output<typeof params>;

const NEW = 'new';
const SEEN = 'seen';

const help = `Checks whether a value was seen before, so that a message that arrives twice is handled once.

The first run with a value takes **new**. Runs with the same value take **seen** until the time is over, which counts from the first one. Of several runs at the same moment, exactly one takes *new*.

Only a hash of the value is stored. Each node of this type remembers its own values, and draft and test runs have separate ones. A rerun is a new run, so it takes *seen*: rerun from a later step instead.

Later nodes read \`steps.<key>.seen\`, and \`.firstAt\`, when the value was first seen.`;

const windowMs = ({ amount, unit }: Params): number => amount * UNITS[unit];

export const dedupe = defineNode({
  type: 'dedupe',
  version: 1,
  title: 'Seen before',
  icon: 'IconFilter',
  category: 'data',
  summary: 'Handle each value only once',
  keywords: ['dedupe', 'deduplicate', 'duplicate', 'unique', 'once', 'idempotent', 'repeat', 'filter', 'first', 'new'],
  help,
  params,
  defaults: { value: '', amount: 7, unit: 'days' },
  example: { value: '{{ input.orderId }}', amount: 30, unit: 'days' },
  line: ({ value, amount, unit }) => (value === '' ? 'no value yet' : `by **${value.replaceAll('*', '∗').replaceAll('\n', ' ')}** · ${amount} ${unit}`),
  ports: () => ({
    inputs: [{ id: 'in' }],
    outputs: [
      { id: NEW, label: NEW },
      { id: SEEN, label: SEEN },
    ],
  }),
  output: () => ({
    type: 'object',
    properties: { seen: { type: 'boolean' }, firstAt: { type: 'string' } },
    required: ['seen', 'firstAt'],
    additionalProperties: false,
  }),
  portOf: (_, output) => (isPlainObject(output) && typeof output.seen === 'boolean' ? (output.seen ? SEEN : NEW) : undefined),
  effect: () => 'idempotent',
  check: (given) => [
    ...keyIssues('value', given.value),
    ...(windowMs(given) > MOST_DAYS * UNITS.days ? [{ path: ['amount'], message: `The maximum is ${MOST_DAYS} days` }] : []),
  ],
  async run({ params: given, context }) {
    const text = asText(given.value);
    if (text === '') throw new AppError('bad-request', 'The value is empty, so it can’t be compared with earlier ones.');
    const now = context.now();
    const until = new Date(now.getTime() + windowMs(given));
    const { value, found } = await context.state({
      operation: 'remember',
      key: `${context.nodeKey} ${text}`,
      at: now.toISOString(),
      until: until.toISOString(),
    });
    return done({ seen: found, firstAt: asText(value) }, { port: found ? SEEN : NEW });
  },
});
