import { AppError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { LONGEST_STATE_KEY, MOST_APPENDED, STATE_OPERATIONS, type StateRequest } from '@switchyard/shared/run/state-change.ts';
import { z } from 'zod';
import { asNumber, asText } from '../sdk/as-value.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { keyIssues } from './key-issues.ts';

const params = z.object({
  operation: field(z.enum(STATE_OPERATIONS).default('get'), {
    label: 'Operation',
    control: 'select',
    choices: { get: 'Get', set: 'Set', increment: 'Increment', append: 'Append to a list', 'compare-and-set': 'Compare and set', delete: 'Delete' },
  }),
  key: field(z.string(), {
    label: 'Key',
    control: 'text',
    expression: 'template',
    placeholder: 'orders/{{ input.customer.id }}',
    help: `Up to ${LONGEST_STATE_KEY} characters. Uppercase and lowercase differ.`,
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

const help = `Reads or changes a value that outlives the run. Values belong to the workflow, and all its runs share them.

- **Get** reads a value.
- **Set** replaces it.
- **Increment** adds a number. Parallel runs never lose a count.
- **Append to a list** adds an item, and keeps the last ones.
- **Compare and set** sets the value only if it is the expected one. \`steps.<key>.changed\` says whether it was.
- **Delete** removes it.

Later nodes read \`steps.<key>.value\`, the value now, or \`null\` if there is none, \`.found\`, whether there was one before, and \`.changed\`.

Each change takes effect once, also if the server stops in the middle or the step is retried. A rerun is a new run and changes values again, except in steps it reuses.

Draft and test runs have separate values. See them all under **State** in the workflow settings. A workflow stores up to 10,000 keys, and a value is up to 64 KB.`;

const VERBS: Record<Params['operation'], string> = {
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

function requestOf({ operation, key: given, by, expected = null, value = null, keep }: Params): StateRequest {
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
  summary: 'Remember values between runs',
  keywords: ['store', 'storage', 'memory', 'key', 'value', 'counter', 'count', 'variable', 'global', 'persist', 'save', 'kv', 'cache', 'history'],
  help,
  params,
  defaults: { operation: 'get', key: '' },
  example: { operation: 'increment', key: 'orders/{{ input.customer.name }}', by: '1' },
  line: ({ operation, key }) => (key === '' ? 'no key yet' : `${VERBS[operation]} **${key.replaceAll('*', '∗').replaceAll('\n', ' ')}**`),
  output: () => RESULT,
  effect: () => 'idempotent',
  check: ({ operation, key, by }) => [
    ...keyIssues('key', key),
    ...(operation === 'increment' && !by.includes('{{') && asNumber(by) === undefined ? [{ path: ['by'], message: 'Enter a number' }] : []),
  ],
  run: async ({ params: given, context }) => done({ ...(await context.state(requestOf(given))) }),
});
