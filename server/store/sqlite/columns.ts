import type { DatabaseSync } from 'node:sqlite';
import type { Scalar } from '../port.ts';

/* The columns next to a document. Imports no module of ours at runtime: the commit thread loads it. */

/** A value that SQLite takes as a parameter. */
export type Bindable = string | number | null;

/** A column that holds one field of the document, for an index or for the search. */
export interface Column {
  readonly name: string;
  readonly field: string;
  /** `search` columns hold text in lowercase: SQLite's LIKE ignores case only in ASCII. */
  readonly kind: 'scalar' | 'search';
}

/** The text that a search compares. */
export const searchable = (text: string): string => text.toLowerCase();

/** The bound value of a scalar: booleans as 0 and 1, absent values as null. */
export const bindable = (value: Scalar | undefined): Bindable => (typeof value === 'boolean' ? Number(value) : (value ?? null));

/** The value of a column for a document. `undefined` if the field holds an object, which a scalar column can't store. */
export function columnValue(column: Column, record: object): Bindable | undefined {
  const value: unknown = Object.hasOwn(record, column.field) ? Reflect.get(record, column.field) : undefined;
  if (column.kind === 'search') return typeof value === 'string' ? searchable(value) : null;
  if (value !== null && (typeof value === 'object' || typeof value === 'function')) return undefined;
  return bindable(value as Scalar | undefined);
}

/** Defines the functions that conditions use. SQLite’s own `lower` changes only ASCII letters. */
export function defineFunctions(database: DatabaseSync): void {
  database.function('lower_case', { deterministic: true }, (text) => (typeof text === 'string' ? searchable(text) : null));
}
