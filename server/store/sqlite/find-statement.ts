import type { Query, Scalar } from '../port.ts';
import { afterCursor, type Condition } from './after-cursor.ts';
import { cellConditions } from './cell-conditions.ts';
import { chooseIndex } from './choose-index.ts';
import { type Bindable, bindable, searchable } from './columns.ts';
import { quote } from './quote.ts';
import { columnOf, searchColumnOf, type Table } from './table.ts';

/** SQL whose text depends only on the shape of a query, and the values to bind. */
export interface FindStatement {
  readonly sql: string;
  readonly values: Bindable[];
}

/** Lists of up to this many values become one search each, so that each reads its index in order and stops at the limit. */
const SEARCHES = 8;

/** Turns a checked query into a statement that reads one record more than the page needs. */
export const findStatement = (table: Table, workspaceId: string, query: Query, limit: number): FindStatement => {
  const field = query.order?.field ?? 'id';
  const direction = query.order?.descending ? ' DESC' : '';
  const searches = searchesOf(table, query).map((where) => ({ where, from: fromClause(table, where, query) }));
  const parts = searches.flatMap(({ where, from }) =>
    continuations(query).map((after) => {
      const conditions = [
        { sql: 'workspace_id = ?', values: [workspaceId] },
        ...Object.entries(where).map(([name, wanted]) => equality(columnOf(name), wanted)),
        ...rangeConditions(query),
        ...searchConditions(table, query),
        ...cellConditions(query),
        ...after,
      ];
      return {
        sql: `SELECT ${documentOf(table, query)} AS doc, ${columnOf(field)} AS place, id FROM ${from} WHERE ${conditions.map((condition) => condition.sql).join(' AND ')} ORDER BY place${direction}, id${direction} LIMIT ?`,
        values: [...conditions.flatMap((condition) => condition.values), limit + 1],
      };
    }),
  );
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const all = parts.map((part) => `SELECT * FROM (${part.sql})`).join(' UNION ALL ');
  return {
    sql: `SELECT doc FROM (${all}) ORDER BY place${direction}, id${direction} LIMIT ?`,
    values: [...parts.flatMap((part) => part.values), limit + 1],
  };
};

/** Counts the records of a query, as `doc`. Takes a limit last. */
export const countStatement = (table: Table, workspaceId: string, query: Query): FindStatement => {
  const where = query.where ?? {};
  const conditions = [
    { sql: 'workspace_id = ?', values: [workspaceId] },
    ...Object.entries(where).map(([name, wanted]) => equality(columnOf(name), wanted)),
    ...rangeConditions(query),
    ...cellConditions(query),
  ];
  const fits = conditions.map(({ sql }) => sql).join(' AND ');
  return {
    sql: `SELECT count(*) AS doc FROM (SELECT 1 FROM ${fromClause(table, where, query)} WHERE ${fits} LIMIT ?)`,
    values: conditions.flatMap((condition) => condition.values),
  };
};

/** What a search reads from the records. Each statement selects `doc`, `place` (the ordering field), and `id`. */
export interface SearchStatements {
  /** All records after the position that fit the filters, newest first. Takes a limit last. */
  readonly walk: FindStatement;
  /** One record, if it fits the filters. Takes its rowid first. */
  readonly candidate: FindStatement;
  /** Counts records that fit, up to a limit, which comes last. */
  readonly count: FindStatement;
}

/** The statements of a search in descending order of a field that every record has. */
export const searchStatements = (table: Table, workspaceId: string, query: Query, field: string): SearchStatements => {
  const where = query.where ?? {};
  const from = fromClause(table, where, query);
  const [after] = query.cursor === undefined ? [] : afterCursor(field, true, query.cursor);
  const conditions = [
    { sql: 'workspace_id = ?', values: [workspaceId] },
    ...Object.entries(where).map(([name, wanted]) => equality(columnOf(name), wanted)),
    ...rangeConditions(query),
    ...(after ? [after] : []),
  ];
  const fits = conditions.map(({ sql }) => sql).join(' AND ');
  const values = conditions.flatMap((condition) => condition.values);
  const select = `SELECT doc, ${columnOf(field)} AS place, id FROM`;
  return {
    walk: { sql: `${select} ${from} WHERE ${fits} ORDER BY place DESC, id DESC LIMIT ?`, values },
    candidate: { sql: `${select} ${quote(table.name)} WHERE rowid = ? AND ${fits}`, values },
    count: { sql: `SELECT count(*) AS found FROM (SELECT 1 FROM ${from} WHERE ${fits} LIMIT ?)`, values },
  };
};

type Where = NonNullable<Query['where']>;

/** The document, or only the requested fields if all have columns. */
const documentOf = (table: Table, { fields }: Query): string => {
  if (!fields?.every((field) => table.columns.some(({ name }) => name === `f_${field}`))) return 'doc';
  return `json_object(${['id', ...fields].map((field) => `'${field}', ${columnOf(field)}`).join(', ')})`;
};

/** One query for each value of a short list, if an index starts with its field. */
const searchesOf = (table: Table, query: Query): Where[] => {
  const where = query.where ?? {};
  const split = Object.entries(where).find(
    ([field, wanted]) => isList(wanted) && wanted.length > 0 && new Set(wanted).size <= SEARCHES && table.indexes.some((index) => index.fields[0] === field),
  );
  if (!split || Object.hasOwn(where, 'id')) return [where];
  const [field, wanted] = split;
  return [...new Set(isList(wanted) ? wanted : [wanted])].map((value) => ({ ...where, [field]: value }));
};

const fromClause = (table: Table, where: Where, query: Query): string => {
  const equal = Object.entries(where).filter(([, wanted]) => wanted !== null && !isList(wanted));
  const index = chooseIndex(table, new Set(equal.map(([field]) => field)), query);
  return `${quote(table.name)}${index ? ` INDEXED BY ${quote(index.name)}` : ''}`;
};

const continuations = (query: Query): (readonly Condition[])[] =>
  query.cursor === undefined ? [[]] : afterCursor(query.order?.field ?? 'id', query.order?.descending ?? false, query.cursor).map((condition) => [condition]);

const equality = (column: string, wanted: Scalar | readonly Scalar[]): Condition => {
  if (!isList(wanted)) return wanted === null ? { sql: `${column} IS NULL`, values: [] } : { sql: `${column} = ?`, values: [bindable(wanted)] };
  // One bound list, so the statement's text and plan are the same for any number of values.
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
