import { decodeCursor } from '../cursor.ts';
import { type Bindable, bindable } from './columns.ts';
import { columnOf } from './table.ts';

/** A part of a WHERE clause, and its values to bind. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Bindable[];
}

/**
 * What comes after a position, as mutually exclusive alternatives: records with and without a value are separate in an index. Null sorts
 * before everything, as in SQLite and MongoDB.
 */
export const afterCursor = (field: string, descending: boolean, cursor: string): readonly Condition[] => {
  const position = decodeCursor(cursor);
  const column = columnOf(field);
  const than = descending ? '<' : '>';
  if (field === 'id') return [{ sql: `id ${than} ?`, values: [position.id] }];
  const value = bindable(position.value);
  if (value === null) {
    const sameNull = { sql: `${column} IS NULL AND id ${than} ?`, values: [position.id] };
    return descending ? [sameNull] : [sameNull, { sql: `${column} IS NOT NULL`, values: [] }];
  }
  // The first comparison is redundant, but lets the index start at the position.
  const later = { sql: `${column} ${than}= ? AND (${column} ${than} ? OR id ${than} ?)`, values: [value, value, position.id] };
  return descending ? [later, { sql: `${column} IS NULL`, values: [] }] : [later];
};
