import { AppError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { LONGEST_STATE_KEY, MOST_APPENDED, STATE_OPERATIONS, type StateRequest } from '@switchyard/shared/run/state-change.ts';
import { ROW_OPERATIONS } from '@switchyard/shared/tables/row-request.ts';
import { z } from 'zod';
import { asNumber, asText } from '../sdk/as-value.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { keyIssues } from './key-issues.ts';
import { isRowOperation, ROW_CHOICES, ROWS_HELP, ROWS_RESULT, rowIssues, rowLine, rowParams, rowRequestOf } from './rows.ts';

const params = z.object({
  operation: field(z.enum([...STATE_OPERATIONS, ...ROW_OPERATIONS]).default('get'), {
    label: 'Operation',
    control: 'select',
    choices: {
      get: 'Get a value',
      set: 'Set a value',
      increment: 'Increment a value',
      append: 'Append to a list',
      'compare-and-set': 'Compare and set',
      delete: 'Delete a value',
      ...ROW_CHOICES,
    },
  }),
  ...rowParams,
  key: field(z.string().default(''), {
    label: 'Key',
    control: 'text',
    expression: 'template',
    placeholder: 'orders/{{ input.customer.id }}',
    help: `Up to ${LONGEST_STATE_KEY} characters. Uppercase and lowercase differ.`,
    when: { field: 'operation', is: STATE_OPERATIONS },
  }),
  by: field(z.string().default('1'), {
    label: 'By',
    control: 'text',
    expression: 'template',
    help: 'A number, which may be negative.',
    when: { field: 'operation', is: ['increment'] },
  }),
  expected: field(z.unknown().optional(), {
    label: 'Expected value',
    control: 'json',
    expression: 'tree',
    help: 'The value is set only if it is this now. *null* also means that there is none.',
    when: { field: 'operation', is: ['compare-and-set'] },
  }),
  value: field(z.unknown().optional(), {
    label: 'Value',
    control: 'json',
    expression: 'tree',
    placeholder: '{"at": "{{ now }}"}',
    when: { field: 'operation', is: ['set', 'append', 'compare-and-set'] },
  }),
  keep: field(z.number().int().min(1).max(MOST_APPENDED).default(100), {
    label: 'Keep the last',
    control: 'number',
    unit: 'items',
    when: { field: 'operation', is: ['append'] },
  }),
});
type Params = z.output<typeof params>;
type StateOperation = (typeof STATE_OPERATIONS)[number];

const help = `Reads or changes data that outlives the run: values under a key, or rows of a table.

**Values** belong to the workflow, and all its runs share them.

- **Get** reads a value.
- **Set** replaces it.
- **Increment** adds a number. Parallel runs never lose a count.
- **Append to a list** adds an item, and keeps the last ones.
- **Compare and set** sets the value only if it is the expected one. \`steps.<key>.changed\` says whether it was.
- **Delete** removes it.

Later nodes read \`steps.<key>.value\`, the value now, or \`null\` if there is none, \`.found\`, whether there was one before, and \`.changed\`.

${ROWS_HELP}

Each change takes effect once, also if the server stops in the middle or the step is retried. A rerun is a new run and changes values again, except in steps it reuses.

Draft and test runs have separate values and rows. See values under **State** in the workflow settings, and rows under **Tables**. A workflow stores up to 10,000 keys, a table up to 100,000 rows, and a value or a row has up to 64 KB.`;

const VERBS: Record<StateOperation, string> = {
  get: 'gets',
  set: 'sets',
  increment: 'increments',
  append: 'appends to',
  'compare-and-set': 'compares and sets',
  delete: 'deletes',
};

const RESULT: JsonSchema = {
  type: 'object',
  properties: { value: {}, found: { type: 'boolean' }, changed: { type: 'boolean' } },
  required: ['value', 'found', 'changed'],
  additionalProperties: false,
};

function numberOf(by: unknown): number {
  const number = asNumber(by);
  if (number === undefined) throw new AppError('bad-request', `“By” evaluated to “${asText(by)}”. It must be a number.`);
  return number;
}

function requestOf(operation: StateOperation, { key: given, by, expected = null, value = null, keep }: Params): StateRequest {
  const key = asText(given);
  switch (operation) {
    case 'increment':
      return { operation, key, by: numberOf(by) };
    case 'append':
      return { operation, key, value, keep };
    case 'set':
      return { operation, key, value };
    case 'compare-and-set':
      return { operation, key, expected, value };
    default:
      return { operation, key };
  }
}

export const state = defineNode({
  type: 'state',
  version: 1,
  title: 'State',
  icon: 'IconDatabase',
  category: 'data',
  summary: 'Remember values and table rows between runs',
  keywords: [
    'store',
    'storage',
    'memory',
    'key',
    'value',
    'counter',
    'count',
    'variable',
    'global',
    'persist',
    'save',
    'kv',
    'cache',
    'history',
    'table',
    'row',
    'rows',
    'spreadsheet',
    'records',
    'find',
    'query',
    'upsert',
  ],
  help,
  params,
  defaults: { operation: 'get', key: '' },
  example: { operation: 'increment', key: 'orders/{{ input.customer.name }}', by: '1' },
  line: ({ operation, table, key }) => {
    if (isRowOperation(operation)) return rowLine(operation, table);
    return key === '' ? 'no key yet' : `${VERBS[operation]} **${key.replaceAll('*', '∗').replaceAll('\n', ' ')}**`;
  },
  output: ({ operation }) => (isRowOperation(operation) ? ROWS_RESULT : RESULT),
  effect: () => 'idempotent',
  check: (given) => {
    const { operation, key, by } = given;
    if (isRowOperation(operation)) return rowIssues(operation, given);
    const isNoNumber = operation === 'increment' && !by.includes('{{') && asNumber(by) === undefined;
    return [...keyIssues('key', key), ...(isNoNumber ? [{ path: ['by'], message: 'Enter a number' }] : [])];
  },
  async run({ params: given, context }) {
    const { operation } = given;
    const result = isRowOperation(operation) ? await context.rows(rowRequestOf(operation, given)) : await context.state(requestOf(operation, given));
    return done({ ...result });
  },
});
