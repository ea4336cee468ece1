import { z } from 'zod';

/* Tables of a workspace: their columns, and the limits (S75a). */

export const COLUMN_TYPES = ['text', 'number', 'boolean', 'date', 'json'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const MOST_TABLES = 200;
export const MOST_COLUMNS = 50;
/** For live and for draft runs each. */
export const MOST_ROWS = 100_000;
/** Bytes of a row’s cells as JSON. */
export const MOST_ROW_BYTES = 64 * 1_024;
/** Characters of a cell in the key column. */
export const LONGEST_ROW_KEY = 200;
/** Rows that one change, or one search, handles. */
export const MOST_ROWS_AT_ONCE = 1_000;

/** Fields of a row beside its cells. No column can have these names. */
export const ROW_FIELDS = ['id', 'createdAt', 'updatedAt'] as const;

export const tableName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_ -]*$/u, 'may contain letters, digits, spaces, “_”, and “-”');

export const columnName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_ -]*$/u, 'may contain letters, digits, spaces, “_”, and “-”')
  .refine((name) => !ROW_FIELDS.some((field) => field.toLowerCase() === name.toLowerCase()), 'is a field that every row has')
  // An object can’t have it like other fields.
  .refine((name) => name !== '__proto__', 'can’t be used as a name');

export const columnSchema = z.object({
  /** Names the cells of the column. It stays when the column is renamed. */
  id: z.string(),
  name: z.string(),
  type: z.enum(COLUMN_TYPES),
  /** Its values are unique. At most one column of a table, of type text or number. */
  isKey: z.boolean(),
});
export type Column = z.infer<typeof columnSchema>;

/** The cells of a row by the ID of their column. An empty one is missing. */
export type Cells = Readonly<Record<string, unknown>>;

export const isKeyType = (type: ColumnType): boolean => type === 'text' || type === 'number';
