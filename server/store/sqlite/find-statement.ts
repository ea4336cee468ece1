import { decodeCursor } from '../cursor.ts';
import type { Query, Scalar } from '../port.ts';
import { type Bindable, bindable, columnOf, quote, searchable, searchColumnOf, type Table } from './table.ts';

/** SQL whose text depends on the shape of a query alone, and the values to bind. */
export interface FindStatement {
  readonly sql: string;
  readonly values: Bindable[];
}

interface Condition {
  readonly sql: string;
  readonly values: readonly Bindable[];
}

/** Turns a checked query into a statement that reads one record more than the page holds. */
export const findStatement = (table: Table, workspaceId: string, query: Query, limit: number): FindStatement => {
  const field = query.order?.field ?? 'id';
  const descending = query.order?.descending ?? false;
  const conditions: Condition[] = [
    { sql: 'workspace_id = ?', values: [workspaceId] },
    ...Object.entries(query.where ?? {}).map(([name, wanted]) => equality(columnOf(name), wanted)),
    ...rangeConditions(query),
    ...searchConditions(table, query),
    ...(query.cursor === undefined ? [] : [afterCursor(columnOf(field), descending, query.cursor)]),
  ];
  const direction = descending ? ' DESC' : '';
  const order = field === 'id' ? `id${direction}` : `${columnOf(field)}${direction}, id${direction}`;
  return {
    sql: `SELECT doc FROM ${quote(table.name)} WHERE ${conditions.map((condition) => condition.sql).join(' AND ')} ORDER BY ${order} LIMIT ?`,
    values: [...conditions.flatMap((condition) => condition.values), limit + 1],
  };
};

const equality = (column: string, wanted: Scalar | readonly Scalar[]): Condition => {
  if (!isList(wanted)) return wanted === null ? { sql: `${column} IS NULL`, values: [] } : { sql: `${column} = ?`, values: [bindable(wanted)] };
  // One bound list: the text of the statement, and so its plan, is the same for any number of values.
  const oneOf = `${column} IN (SELECT value FROM json_each(?))`;
  return { sql: wanted.includes(null) ? `(${oneOf} OR ${column} IS NULL)` : oneOf, values: [JSON.stringify(wanted.map(bindable))] };
};

const isList = (value: Scalar | readonly Scalar[]): value is readonly Scalar[] => Array.isArray(value);

const rangeConditions = ({ range }: Query): Condition[] => {
  if (!range) return [];
  const column = columnOf(range.field);
  return [
    ...(range.from === undefined ? [] : [{ sql: `${column} >= ?`, values: [range.from] }]),
    ...(range.to === undefined ? [] : [{ sql: `${column} <= ?`, values: [range.to] }]),
  ];
};

const searchConditions = ({ collection }: Table, { search }: Query): Condition[] => {
  if (!search || collection.searchField === undefined) return [];
  return [{ sql: `instr(${searchColumnOf(collection.searchField)}, ?) > 0`, values: [searchable(search)] }];
};

/** What comes after a position; null sorts before everything, as SQLite and MongoDB have it. */
const afterCursor = (column: string, descending: boolean, cursor: string): Condition => {
  const position = decodeCursor(cursor);
  const than = descending ? '<' : '>';
  if (column === 'id') return { sql: `id ${than} ?`, values: [position.id] };
  const value = bindable(position.value);
  if (value === null) {
    const sameNull = `(${column} IS NULL AND id ${than} ?)`;
    return { sql: descending ? sameNull : `(${sameNull} OR ${column} IS NOT NULL)`, values: [position.id] };
  }
  const later = `(${column}, id) ${than} (?, ?)`;
  return { sql: descending ? `(${later} OR ${column} IS NULL)` : later, values: [value, position.id] };
};
