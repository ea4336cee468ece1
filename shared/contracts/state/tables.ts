import { z } from 'zod';
import { verbatimObject } from '../../json.ts';
import { STATE_SPACES } from '../../run/state-change.ts';
import { rowFilterSchema, rowSortSchema } from '../../tables/row-filter.ts';
import { COLUMN_TYPES, columnName, columnSchema, MOST_COLUMNS, MOST_ROWS_AT_ONCE, tableName } from '../../tables/table.ts';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';

const tag = 'Tables';
const space = z.enum(STATE_SPACES).default('live');
/** Cells by the name of their column. */
const namedCells = verbatimObject.refine((cells) => Object.keys(cells).every((name) => name.length <= 60), 'has a name of more than 60 characters');

const tableSchema = z.object({
  id: z.string(),
  name: z.string(),
  columns: z.array(columnSchema),
  /** Rows are deleted when they have not changed for this many days. Null: never. */
  keepDays: z.number().nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type Table = z.infer<typeof tableSchema>;

const tableDetails = tableSchema.extend({
  rows: z.object({ live: z.number(), draft: z.number() }),
  /** Workflows whose draft or released version names the table. */
  usedBy: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type TableDetails = z.infer<typeof tableDetails>;

const rowSchema = z.object({
  id: z.string(),
  cells: namedCells,
  createdAt: moment,
  updatedAt: moment,
  /** The run that wrote it last. Null if a person did. */
  runId: z.string().nullable(),
});
export type StoredRow = z.infer<typeof rowSchema>;

const newColumn = z.strictObject({ name: columnName, type: z.enum(COLUMN_TYPES), isKey: z.boolean().default(false) });

export const listTables = contract({
  id: 'listTables',
  method: 'GET',
  path: '/api/tables',
  scope: 'read',
  tag,
  summary: 'List tables by name',
  reply: z.object({ items: z.array(tableSchema) }),
});

export const createTable = contract({
  id: 'createTable',
  method: 'POST',
  path: '/api/tables',
  scope: 'edit',
  tag,
  summary: 'Create a table with its columns',
  body: z.strictObject({ name: tableName, columns: z.array(newColumn).max(MOST_COLUMNS).default([]) }),
  reply: tableSchema,
  statuses: [201],
  errors: ['bad-request', 'already-exists', 'too-large'],
});

export const getTable = contract({
  id: 'getTable',
  method: 'GET',
  path: '/api/tables/:id',
  scope: 'read',
  tag,
  summary: 'Get a table: its columns, how many rows it has, and which workflows use it',
  params: idParams,
  reply: tableDetails,
  errors: ['not-found'],
});

export const updateTable = contract({
  id: 'updateTable',
  method: 'PATCH',
  path: '/api/tables/:id',
  scope: 'edit',
  tag,
  summary: 'Rename a table, or set how long its rows are kept',
  params: idParams,
  body: z.strictObject({ name: tableName.optional(), keepDays: z.number().int().min(1).max(3_650).nullable().optional() }),
  reply: tableSchema,
  errors: ['not-found', 'bad-request', 'already-exists', 'revision-conflict'],
});

export const deleteTable = contract({
  id: 'deleteTable',
  method: 'DELETE',
  path: '/api/tables/:id',
  scope: 'edit',
  tag,
  summary: 'Delete a table with all its rows, live and draft',
  params: idParams,
  reply: z.object({ deleted: z.literal(true) }),
  errors: ['not-found'],
});

const columnParams = z.strictObject({ ...idParams.shape, column: z.string().max(20) });

export const addColumn = contract({
  id: 'addColumn',
  method: 'POST',
  path: '/api/tables/:id/columns',
  scope: 'edit',
  tag,
  summary: 'Add a column to a table',
  params: idParams,
  body: newColumn,
  reply: tableSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'already-exists', 'too-large', 'revision-conflict'],
});

export const renameColumn = contract({
  id: 'renameColumn',
  method: 'PATCH',
  path: '/api/tables/:id/columns/:column',
  scope: 'edit',
  tag,
  summary: 'Rename a column, by its ID',
  params: columnParams,
  body: z.strictObject({ name: columnName }),
  reply: tableSchema,
  errors: ['not-found', 'bad-request', 'already-exists', 'revision-conflict'],
});

export const removeColumn = contract({
  id: 'removeColumn',
  method: 'DELETE',
  path: '/api/tables/:id/columns/:column',
  scope: 'edit',
  tag,
  summary: 'Remove a column and its cells, by its ID',
  params: columnParams,
  reply: tableSchema,
  errors: ['not-found', 'revision-conflict'],
});

export const findTableRows = contract({
  id: 'findTableRows',
  method: 'POST',
  path: '/api/tables/:id/rows/find',
  scope: 'read',
  tag,
  summary: 'Find rows of a table',
  params: idParams,
  body: z.strictObject({
    space,
    filter: rowFilterSchema.prefault({}),
    /** A column, `createdAt`, or `updatedAt`. By default, the oldest rows come first. */
    sort: rowSortSchema.nullable().default(null),
    limit: z.number().int().min(1).max(MOST_ROWS_AT_ONCE).default(50),
    cursor: pageQuery.cursor,
  }),
  reply: pageOf(rowSchema),
  errors: ['not-found', 'bad-request'],
});

export const addTableRow = contract({
  id: 'addTableRow',
  method: 'POST',
  path: '/api/tables/:id/rows',
  scope: 'edit',
  tag,
  summary: 'Add a row to a table',
  params: idParams,
  body: z.strictObject({ space, cells: namedCells }),
  reply: rowSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'already-exists', 'too-large'],
});

export const updateTableRow = contract({
  id: 'updateTableRow',
  method: 'PATCH',
  path: '/api/tables/:id/rows/:row',
  scope: 'edit',
  tag,
  summary: 'Change cells of a row',
  params: z.strictObject({ ...idParams.shape, row: z.string().max(100) }),
  body: z.strictObject({ cells: namedCells }),
  reply: rowSchema,
  errors: ['not-found', 'bad-request', 'already-exists', 'too-large'],
});

export const deleteTableRows = contract({
  id: 'deleteTableRows',
  method: 'POST',
  path: '/api/tables/:id/rows/delete',
  scope: 'edit',
  tag,
  summary: 'Delete rows of a table by their IDs',
  params: idParams,
  body: z.strictObject({ ids: z.array(z.string().max(100)).min(1).max(MOST_ROWS_AT_ONCE) }),
  reply: z.object({ deleted: z.number() }),
  errors: ['not-found', 'bad-request'],
});

export const clearTable = contract({
  id: 'clearTable',
  method: 'POST',
  path: '/api/tables/:id/rows/clear',
  scope: 'edit',
  tag,
  summary: 'Delete all live rows, or all draft rows, of a table',
  params: idParams,
  body: z.strictObject({ space: z.enum(STATE_SPACES) }),
  reply: z.object({ deleted: z.number() }),
  errors: ['not-found', 'bad-request'],
});

export const importTableRows = contract({
  id: 'importTableRows',
  method: 'POST',
  path: '/api/tables/:id/rows/import',
  scope: 'edit',
  tag,
  summary: 'Add up to 1,000 rows: those that can’t be added are listed with their reason, and the others are added',
  params: idParams,
  body: z.strictObject({
    space,
    rows: z
      .array(
        z.strictObject({
          /** Where the row is in its file, for messages. */
          line: z.number().int().min(0),
          cells: namedCells,
        }),
      )
      .min(1)
      .max(MOST_ROWS_AT_ONCE),
    /** What to do with a row whose key is taken. */
    onTaken: z.enum(['reject', 'update', 'skip']).default('reject'),
  }),
  reply: z.object({
    added: z.number(),
    updated: z.number(),
    skipped: z.number(),
    errors: z.array(z.object({ line: z.number(), message: z.string() })),
  }),
  errors: ['not-found', 'bad-request', 'too-large'],
});

export const exportTable = contract({
  id: 'exportTable',
  method: 'GET',
  path: '/api/tables/:id/rows.csv',
  scope: 'read',
  tag,
  summary: 'Download all rows of a table as CSV',
  params: idParams,
  query: z.strictObject({ space }),
  reply: z.unknown(),
  textTypes: ['text/csv'],
  errors: ['not-found'],
});
