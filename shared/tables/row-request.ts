import type { RowFilter, RowSort } from './row-filter.ts';

/* What a step can ask of a table, and what it gets. Cells are named by their columns. */

export const ROW_OPERATIONS = ['find-rows', 'count-rows', 'add-row', 'upsert-row', 'update-rows', 'delete-rows'] as const;

/** Cells by the name of their column. */
export type NamedCells = Readonly<Record<string, unknown>>;

export type RowChange =
  | { readonly operation: 'add-row'; readonly cells: NamedCells }
  /** Changes the row with the same key, or adds one. */
  | { readonly operation: 'upsert-row'; readonly cells: NamedCells }
  | { readonly operation: 'update-rows'; readonly filter: RowFilter; readonly cells: NamedCells }
  | { readonly operation: 'delete-rows'; readonly filter: RowFilter };

export type RowQuery =
  | { readonly operation: 'find-rows'; readonly filter: RowFilter; readonly sort: RowSort | null; readonly limit: number }
  | { readonly operation: 'count-rows'; readonly filter: RowFilter };

export type RowRequest = { readonly table: string } & (RowQuery | RowChange);

/** A row as workflows see it: `id`, `createdAt`, `updatedAt`, and each cell by the name of its column. Empty cells are null. */
export type Row = Readonly<Record<string, unknown>>;

/** What a step learns. Always of one shape, so expressions work with every operation. */
export interface RowsResult {
  /** The first row. Null if there is none. */
  readonly row: Row | null;
  /** The rows that were found, added, or changed. Not of changes by filter, which only count. */
  readonly rows: readonly Row[];
  /** How many rows were found, counted, added, changed, or deleted. */
  readonly count: number;
  /** Of a search: whether there are more than the limit. */
  readonly more: boolean;
  /** Whether a row is new. */
  readonly added: boolean;
}
