import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { z } from 'zod';
import { asText } from '../sdk/as-value.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const MOST_ROWS = 10_000;
const MOST_BYTES = 10_000_000;
const MOST_SECONDS = 300;

const params = z.object({
  connectionId: field(z.string(), { label: 'Database', control: 'database' }),
  statement: field(z.string(), {
    label: 'Statement',
    control: 'long-text',
    placeholder: 'SELECT * FROM orders WHERE customer = $1',
    help: 'Write $1, $2, … where a value belongs.',
  }),
  parameters: field(z.unknown().optional(), {
    label: 'Parameters',
    control: 'json',
    expression: 'tree',
    placeholder: '["{{ input.customer }}"]',
    help: 'A list: the values of $1, $2, … in order. They are bound, never part of the statement.',
  }),
  readOnly: field(z.boolean().default(true), {
    label: 'Read-only',
    control: 'switch',
    help: 'The database rejects changes. A step that only reads is repeated after a crash.',
  }),
  maxRows: field(z.number().int().min(1).max(MOST_ROWS).default(1_000), {
    label: 'Return at most',
    control: 'number',
    unit: 'rows',
    row: 'limits',
    advanced: true,
  }),
  maxBytes: field(z.number().int().min(1_000).max(MOST_BYTES).default(1_000_000), {
    label: 'Return at most',
    control: 'number',
    unit: 'bytes',
    row: 'limits',
    advanced: true,
  }),
  timeoutSeconds: field(z.number().int().min(1).max(MOST_SECONDS).default(30), {
    label: 'Statement timeout',
    control: 'number',
    unit: 's',
    advanced: true,
  }),
});
type Params = z.output<typeof params>;

const help = `Performs one statement in a PostgreSQL, MongoDB, or Redis database.

Values never become part of the statement: write \`$1\`, \`$2\`, … and list the values under **Parameters**, in order. A parameter that is a single expression keeps its type.

- **PostgreSQL**: one SQL statement, such as \`SELECT * FROM orders WHERE customer = $1 AND total > $2\`. It runs in a transaction of its own.
- **MongoDB**: one command as JSON: \`{"find": "orders", "filter": {"customer": "$1"}, "sort": {"at": -1}}\`. *find*, *aggregate*, *count*, *distinct*, *insert*, *update*, *delete*, and *findAndModify* are allowed. Write IDs as \`{"$oid": "$1"}\` and times as \`{"$date": "$1"}\`.
- **Redis**: one command: \`HGET user:$1 name\`.

Later nodes read \`steps.<key>.rows\`, \`.row\` (the first row or \`null\`), \`.count\` (how many rows were returned or changed), and \`.truncated\` (whether there were more than the limits allow). For Redis, \`.value\` is the reply. Integers beyond 2^53 are text.

**Read-only** is enforced by the database, or for MongoDB and Redis by the kind of command. Without it, a step is never repeated automatically after its statement was sent.`;

const EXPRESSION = /\{\{/;

function issues({ connectionId, statement, parameters }: Params): ParamIssue[] {
  const path = ['statement'];
  return [
    ...(connectionId === '' ? [{ path: ['connectionId'], message: 'Choose a database', suggestion: 'Add one under Connections' }] : []),
    ...(statement.trim() === '' ? [{ path, message: 'Enter the statement' }] : []),
    ...(EXPRESSION.test(statement)
      ? [{ path, message: 'The statement can’t contain expressions', suggestion: 'Write $1 instead, and move the expression to Parameters: ["{{ … }}"]' }]
      : []),
    ...(parameters !== undefined && parameters !== null && !Array.isArray(parameters) && typeof parameters !== 'string'
      ? [{ path: ['parameters'], message: 'Enter a list', suggestion: 'For example, ["{{ input.customer }}"]' }]
      : []),
    ...missing(statement, parameters).map((number) => ({
      path: ['parameters'],
      message: `The statement uses $${number}, but there is no such parameter`,
      suggestion: 'Add it to the list',
    })),
  ];
}

/** The numbers in a statement beyond a list of parameters. */
function missing(statement: string, parameters: unknown): number[] {
  const count = Array.isArray(parameters) ? parameters.length : parameters === undefined || parameters === null ? 0 : Number.POSITIVE_INFINITY;
  const used = [...statement.matchAll(/\$(\d{1,3})(?!\d)/g)].map(([, number]) => Number(number));
  return [...new Set(used)].filter((number) => number > count).slice(0, 1);
}

function listOf(parameters: unknown): readonly unknown[] {
  if (parameters === undefined || parameters === null) return [];
  if (Array.isArray(parameters)) return parameters;
  throw new AppError('bad-request', `“Parameters” evaluated to “${asText(parameters).slice(0, 100)}”. It must be a list.`, { beforeEffect: true });
}

const shortened = (statement: string): string => {
  const line = statement.trim().replaceAll(/\s+/g, ' ').replaceAll('*', '∗');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};

export const database = defineNode({
  type: 'database',
  version: 1,
  title: 'Database',
  icon: 'IconDatabase',
  category: 'tools',
  summary: 'Query PostgreSQL, MongoDB, or Redis',
  keywords: ['sql', 'postgres', 'postgresql', 'mongo', 'mongodb', 'redis', 'query', 'select', 'insert', 'update', 'db', 'rows', 'find', 'cache'],
  help,
  params,
  defaults: { connectionId: '', statement: '' },
  example: { connectionId: 'con_orders', statement: 'SELECT * FROM orders WHERE customer = $1', parameters: ['{{ input.message }}'] },
  line: ({ statement }) => (statement.trim() === '' ? 'no statement yet' : `**${shortened(statement)}**`),
  output: () => ({
    type: 'object',
    properties: { value: {}, row: {}, rows: { type: 'array' }, count: { type: 'number' }, truncated: { type: 'boolean' } },
    required: ['value', 'row', 'rows', 'count', 'truncated'],
    additionalProperties: false,
  }),
  effect: ({ readOnly }) => (readOnly ? 'idempotent' : 'unsafe'),
  check: issues,
  async run({ params: given, context }) {
    const { connectionId, statement, readOnly, maxRows, maxBytes, timeoutSeconds } = given;
    const request = { connectionId, statement, parameters: listOf(given.parameters), readOnly, maxRows, maxBytes, timeoutMs: timeoutSeconds * 1_000 };
    const { value, rows, count, truncated } = await context.database(request);
    return done({ value, row: rows[0] ?? null, rows: [...rows], count, truncated });
  },
});
