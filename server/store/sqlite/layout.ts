import type { DatabaseSync } from 'node:sqlite';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { packJson, unpackJson } from './commit/packed-json.ts';
import { isFinal } from './commit/perform-writes.ts';
import { quote } from './quote.ts';
import { columnValues, type Table } from './table.ts';

/*
 * On every start, makes the tables of a file match the declared collections: a newly indexed field gets its column, filled from the
 * documents, and undeclared columns are dropped. So an index can be added or changed without a migration. A file that an older version
 * opened in between is right again too, because that version dropped the columns it would not have filled.
 */

/** Creates missing tables and makes columns match the declaration. Returns the tables whose documents must be read to fill new columns. */
export const alignColumns = (database: DatabaseSync, tables: readonly Table[]): Table[] => {
  const stale: Table[] = [];
  for (const table of tables) {
    if (columnsIn(database, table).length === 0) {
      database.exec(createTable(table));
      continue;
    }
    dropOutdatedIndexes(database, table);
    if (alignTable(database, table)) stale.push(table);
  }
  return stale;
};

/** Creates missing indexes. Call once all columns are filled. */
export const alignIndexes = (database: DatabaseSync, tables: readonly Table[]): void => {
  for (const table of tables) {
    const present = new Set(indexesIn(database, table).map((index) => index.name));
    for (const index of table.indexes) if (!present.has(index.name)) database.exec(index.sql);
  }
};

/** Rewrites each document of a table as `change` returns it, with its columns. */
export const rewriteDocuments = (database: DatabaseSync, table: Table, change: (document: Record<string, unknown>) => Record<string, unknown>): void => {
  const read = database.prepare(`SELECT rowid AS row, doc FROM ${quote(table.name)} WHERE rowid > ? ORDER BY rowid LIMIT 1`);
  const assignments = ['doc', ...table.columns.map((column) => quote(column.name))].map((column) => `${column} = ?`).join(', ');
  const write = database.prepare(`UPDATE ${quote(table.name)} SET ${assignments} WHERE rowid = ?`);
  for (let found = read.get(0); found !== undefined; found = read.get(Number(found.row))) {
    const document: unknown = JSON.parse(unpackJson(found.doc));
    if (!isPlainObject(document)) throw new Error(`A document of ${table.name} is not an object`);
    const changed = change(document);
    const doc = JSON.stringify(changed);
    write.run(isFinal(table, changed) ? packJson(doc) : doc, ...columnValues(table, changed), Number(found.row));
  }
};

const createTable = (table: Table): string => {
  const columns = table.columns.map((column) => quote(column.name));
  return `CREATE TABLE ${quote(table.name)} (${['workspace_id TEXT NOT NULL', 'id TEXT NOT NULL', 'doc TEXT NOT NULL', ...columns].join(', ')}, PRIMARY KEY (workspace_id, id))`;
};

const columnsIn = (database: DatabaseSync, table: Table): string[] =>
  database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table.name)
    .map((row) => String(row.name));

const indexesIn = (database: DatabaseSync, table: Table): { name: string; sql: string }[] =>
  database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
    .all(table.name)
    .map((row) => ({ name: String(row.name), sql: String(row.sql) }));

const dropOutdatedIndexes = (database: DatabaseSync, table: Table): void => {
  const wanted = new Map(table.indexes.map((index) => [index.name, index.sql]));
  for (const index of indexesIn(database, table)) if (wanted.get(index.name) !== index.sql) database.exec(`DROP INDEX ${quote(index.name)}`);
};

const alignTable = (database: DatabaseSync, table: Table): boolean => {
  const present = new Set(columnsIn(database, table));
  const wanted = new Set(['workspace_id', 'id', 'doc', ...table.columns.map((column) => column.name)]);
  const missing = [...wanted].filter((column) => !present.has(column));
  for (const column of present) if (!wanted.has(column)) database.exec(`ALTER TABLE ${quote(table.name)} DROP COLUMN ${quote(column)}`);
  for (const column of missing) database.exec(`ALTER TABLE ${quote(table.name)} ADD COLUMN ${quote(column)}`);
  return missing.length > 0;
};
