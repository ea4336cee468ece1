import { STATE_SPACES } from '@switchyard/shared/run/state-change.ts';
import type { RowChange, RowsResult } from '@switchyard/shared/tables/row-request.ts';
import { columnSchema } from '@switchyard/shared/tables/table.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

/** A table of the workspace (S75a). Its rows are in `table_rows`. */
const tableRecord = z.object({
  ...base,
  name: z.string(),
  /** The name in lowercase, which is unique. The ID once it is deleted, so the name is free. */
  nameKey: z.string(),
  columns: z.array(columnSchema),
  /** Numbers the columns, so that the ID of a removed one is never used again. */
  lastColumn: z.number(),
  /** IDs of removed columns whose cells may still be in rows. */
  removed: z.array(z.string()),
  /** Rows are deleted when they have not changed for this long. Null: never. */
  keepDays: z.number().nullable(),
  /** Set when it is deleted. Kept until its rows are. */
  deletedAt: z.string().nullable(),
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  actor,
});
export type TableRecord = z.infer<typeof tableRecord>;
export const tables = declare<TableRecord>({
  name: 'tables',
  schema: tableRecord,
  indexes: [{ name: 'name', fields: ['nameKey'], unique: true }],
});

const rowRecord = z.object({
  ...base,
  tableId: z.string(),
  /** `<tableId>/<space>`. Null once it is deleted: it is then kept only until its changes are settled. */
  place: z.string().nullable(),
  space: z.enum(STATE_SPACES),
  /** The cell of the key column as text. */
  key: z.string().nullable(),
  cells: z.record(z.string(), z.unknown()),
  /** Changes with each write, for compare-and-set. */
  stamp: z.string(),
  /** Changes that are part of the row and may not be settled, with their results. */
  pending: z.array(z.object({ id: z.string(), result: z.custom<RowsResult>() })),
  deletedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** The run that wrote it last. Null if a person did. */
  runId: z.string().nullable(),
});
export type RowRecord = z.infer<typeof rowRecord>;
export const tableRows = declare<RowRecord>({
  name: 'table_rows',
  schema: rowRecord,
  indexes: [
    { name: 'by_place', fields: ['place', 'createdAt'] },
    { name: 'changed', fields: ['place', 'updatedAt'] },
    { name: 'key', fields: ['place', 'key'], unique: true, whereSet: 'key' },
    { name: 'by_table', fields: ['tableId'] },
    { name: 'by_run', fields: ['runId'], whereSet: 'runId' },
    { name: 'deleted', fields: ['deletedAt'], whereSet: 'deletedAt' },
  ],
  hasCells: true,
});

/** A change of rows that a call has asked for. Its ID is that of the call, so a repetition finds it. */
const rowChangeRecord = z.object({
  ...base,
  runId: z.string().nullable(),
  tableId: z.string(),
  change: z.custom<RowChange>(),
  /** How often its rows were chosen: again only if none of them was changed. */
  plans: z.number(),
  /** IDs of the rows it changes, once they are chosen, and whether others fit its filter. */
  targets: z.array(z.string()).optional(),
  more: z.boolean().optional(),
  /** Set once the change is part of all its rows: it is then settled. */
  result: z.custom<RowsResult>().optional(),
  at: z.string(),
});
export type RowChangeRecord = z.infer<typeof rowChangeRecord>;
export const rowChanges = declare<RowChangeRecord>({ name: 'row_changes', schema: rowChangeRecord, indexes: [{ name: 'at', fields: ['at'] }] });

export const tableCollections = [tables, tableRows, rowChanges];
