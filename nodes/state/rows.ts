import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { comparingTests, MOST_CONDITIONS, ROW_TESTS, type RowFilter, rowTests } from '@switchyard/shared/tables/row-filter.ts';
import { type NamedCells, ROW_OPERATIONS, type RowRequest } from '@switchyard/shared/tables/row-request.ts';
import { MOST_ROWS_AT_ONCE } from '@switchyard/shared/tables/table.ts';
import { z } from 'zod';
import { field } from '../sdk/field.ts';
import { pairs } from '../sdk/pairs.ts';

/* The part of the State node that works on tables. */

export type RowOperation = (typeof ROW_OPERATIONS)[number];
export const isRowOperation = (operation: string): operation is RowOperation => ROW_OPERATIONS.some((one) => one === operation);

export const ROW_CHOICES: Readonly<Record<RowOperation, string>> = {
  'find-rows': 'Find rows',
  'count-rows': 'Count rows',
  'add-row': 'Add a row',
  'upsert-row': 'Add or update a row',
  'update-rows': 'Update rows',
  'delete-rows': 'Delete rows',
};

const VERBS: Readonly<Record<RowOperation, string>> = {
  'find-rows': 'finds rows in',
  'count-rows': 'counts rows in',
  'add-row': 'adds a row to',
  'upsert-row': 'adds or updates a row in',
  'update-rows': 'updates rows in',
  'delete-rows': 'deletes rows from',
};

const FILTERED: readonly RowOperation[] = ['find-rows', 'count-rows', 'update-rows', 'delete-rows'];
const WRITTEN: readonly RowOperation[] = ['add-row', 'upsert-row', 'update-rows'];

/** Whether an operation of the State node names cells. */
export const writesCells = (operation: unknown): boolean => WRITTEN.some((one) => one === operation);

const condition = z.object({
  column: field(z.string(), { label: 'Column' }),
  is: field(z.enum(rowTests).default('equal'), { label: 'Comparison', control: 'select', choices: ROW_TESTS }),
  value: field(z.string().default(''), { label: 'Value', expression: 'template', when: { field: 'is', is: comparingTests } }),
});

export const rowParams = {
  table: field(z.string().default(''), { label: 'Table', control: 'table', when: { field: 'operation', is: ROW_OPERATIONS } }),
  match: field(z.enum(['all', 'any']).default('all'), {
    label: 'Match',
    control: 'segmented',
    choices: { all: 'All conditions', any: 'Any condition' },
    when: { field: 'operation', is: FILTERED },
  }),
  conditions: field(z.array(condition).max(MOST_CONDITIONS).default([]), {
    label: 'Conditions',
    control: 'conditions',
    when: { field: 'operation', is: FILTERED },
  }),
  cells: pairs({ label: 'Cells', control: 'cells', help: 'Cells that aren’t listed stay as they are.', when: { field: 'operation', is: WRITTEN } }).default([]),
  sortBy: field(z.string().default(''), {
    label: 'Sort by',
    control: 'column',
    placeholder: 'createdAt',
    row: 'sort',
    when: { field: 'operation', is: ['find-rows'] },
  }),
  order: field(z.enum(['ascending', 'descending']).default('ascending'), {
    label: 'Order',
    control: 'select',
    choices: { ascending: 'Ascending', descending: 'Descending' },
    row: 'sort',
    when: { field: 'operation', is: ['find-rows'] },
  }),
  limit: field(z.number().int().min(1).max(MOST_ROWS_AT_ONCE).default(100), {
    label: 'Return at most',
    control: 'number',
    unit: 'rows',
    when: { field: 'operation', is: ['find-rows'] },
  }),
};
const shape = z.object(rowParams);
type RowParams = z.output<typeof shape>;

export const ROWS_HELP = `**Tables** hold rows with typed columns. They belong to the workspace, and several workflows can share one. Create them with *New table* below the field, or under *Tables*.

- **Find rows** and **Count rows** take conditions on columns.
- **Add a row** fails if a row has the same value in the key column. **Add or update a row** changes that row instead.
- **Update rows** and **Delete rows** change up to 1,000 rows that meet the conditions.

Later nodes read \`steps.<key>.row\` (the first row or \`null\`), \`.rows\`, \`.count\`, \`.more\` (whether there are more rows than the limit), and \`.added\` (whether a row is new). A row has \`id\`, \`createdAt\`, \`updatedAt\`, and its columns by name: \`steps.<key>.row.email\`, or \`steps.<key>.row["First name"]\`.`;

export const ROWS_RESULT: JsonSchema = {
  type: 'object',
  properties: {
    row: { type: ['object', 'null'] },
    rows: { type: 'array', items: { type: 'object' } },
    count: { type: 'number' },
    more: { type: 'boolean' },
    added: { type: 'boolean' },
  },
  required: ['row', 'rows', 'count', 'more', 'added'],
  additionalProperties: false,
};

export const rowLine = (operation: RowOperation, table: string): string =>
  table === '' ? 'no table yet' : `${VERBS[operation]} **${table.replaceAll('*', '∗')}**`;

const needsConditions = (operation: RowOperation): boolean => operation === 'update-rows' || operation === 'delete-rows';

export function rowIssues(operation: RowOperation, { table, conditions, cells }: RowParams): ParamIssue[] {
  return [
    ...(table.trim() === '' ? [{ path: ['table'], message: 'Choose a table', suggestion: 'Select “New table” to create one' }] : []),
    ...(writesCells(operation) && cells.length === 0 ? [{ path: ['cells'], message: 'Add a cell' }] : []),
    ...(writesCells(operation) ? cells.flatMap(({ name }, index) => unnamed(name, ['cells', index, 'name'])) : []),
    ...(needsConditions(operation) && conditions.length === 0
      ? [{ path: ['conditions'], message: 'Add a condition', suggestion: 'To change all rows, use “is not empty” on a column that every row has' }]
      : []),
    ...(FILTERED.includes(operation) ? conditions.flatMap(({ column }, index) => unnamed(column, ['conditions', index, 'column'])) : []),
  ];
}

const unnamed = (column: string, path: ParamIssue['path']): ParamIssue[] => (column.trim() === '' ? [{ path, message: 'Choose a column' }] : []);

const cellsOf = (cells: RowParams['cells']): NamedCells =>
  Object.fromEntries(cells.filter(({ name }) => name.trim() !== '').map(({ name, value }): [string, unknown] => [name.trim(), value]));

/** The request of resolved params: values may be of any type. */
export function rowRequestOf(operation: RowOperation, given: RowParams): RowRequest {
  const { table, match, conditions, cells, sortBy, order, limit } = given;
  const filter: RowFilter = { match, conditions };
  switch (operation) {
    case 'find-rows':
      return { operation, table, filter, sort: sortBy.trim() === '' ? null : { column: sortBy.trim(), descending: order === 'descending' }, limit };
    case 'count-rows':
      return { operation, table, filter };
    case 'add-row':
    case 'upsert-row':
      return { operation, table, cells: cellsOf(cells) };
    case 'update-rows':
      return { operation, table, filter: demanded(filter), cells: cellsOf(cells) };
    case 'delete-rows':
      return { operation, table, filter: demanded(filter) };
  }
}

function demanded(filter: RowFilter): RowFilter {
  if (filter.conditions.length === 0) throw new AppError('bad-request', 'Updating or deleting rows requires a condition. Add one.');
  return filter;
}
