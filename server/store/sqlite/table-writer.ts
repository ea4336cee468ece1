import type { StatementSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Expected, StoredRecord } from '../port.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { quote } from './quote.ts';
import { applyChanges, type Changes, meets } from './record-update.ts';
import { violatedColumns } from './sqlite-errors.ts';
import type { Table } from './table.ts';

/** The writes of one table, called in the commit queue. Each changes data with one statement. */
export interface TableWriter {
  /** Copies the record now; the returned operation inserts it. */
  insert(record: StoredRecord): () => void;
  update(workspaceId: string, id: string, changes: Changes, expected: Expected): Record<string, unknown> | undefined;
  delete(workspaceId: string, id: string): boolean;
}

/** Creates the writer of a table. */
export const createTableWriter = (table: Table, prepare: (sql: string) => StatementSync): TableWriter => {
  const name = quote(table.name);
  const columns = ['workspace_id', 'id', 'doc', ...table.columns.map((column) => quote(column.name))];
  const insert = prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const read = prepare(`SELECT rowid AS row, doc FROM ${name} WHERE workspace_id = ? AND id = ?`);
  const remove = prepare(`DELETE FROM ${name} WHERE workspace_id = ? AND id = ?`);

  return {
    insert: (record) => {
      const values = [record.workspaceId, record.id, storedDocument(table, record), ...table.columns.map((column) => column.read(record))];
      return () => {
        naming(table, record.id, () => insert.run(...values));
      };
    },
    update: (workspaceId, id, changes, expected) => {
      const found = read.get(workspaceId, id);
      if (found === undefined) return undefined;
      const record = JSON.parse(unpackJson(found.doc)) as Record<string, unknown>;
      if (!meets(record, expected)) return undefined;
      const before = touchedColumns(table, changes).map((column) => ({ column, value: column.read(record) }));
      applyChanges(record, changes);
      const after = before.map(({ column, value }) => ({ column, value: column.read(record), changed: column.read(record) !== value }));
      const changed = after.filter((entry) => entry.changed);
      // Only changed columns are named, so SQLite doesn't touch the other indexes.
      const assignments = ['doc = ?', ...changed.map(({ column }) => `${quote(column.name)} = ?`)].join(', ');
      const values = [storedDocument(table, record), ...changed.map((entry) => entry.value), Number(found.row)];
      naming(table, id, () => prepare(`UPDATE ${name} SET ${assignments} WHERE rowid = ?`).run(...values));
      return record;
    },
    delete: (workspaceId, id) => Number(remove.run(workspaceId, id).changes) > 0,
  };
};

/** A document as stored: packed once it is unlikely to change. */
export const storedDocument = ({ collection }: Table, record: object): string | Uint8Array => {
  const json = JSON.stringify(record);
  return collection.isFinal?.(record) ? packJson(json) : json;
};

const touchedColumns = (table: Table, changes: Changes): Table['columns'] =>
  table.columns.filter((column) => Object.hasOwn(changes.values, column.field) || changes.removed.includes(column.field));

/** Names the unique index that a write would have broken. */
const naming = (table: Table, id: string, write: () => void): void => {
  try {
    write();
  } catch (thrown) {
    const columns = violatedColumns(thrown);
    if (columns === undefined) throw thrown;
    const index = table.uniqueNames.get(columns) ?? columns;
    throw new AppError('already-exists', `“${table.name}” already has a record with the same ${index === 'id' ? 'ID' : `“${index}”`} as “${id}”.`, {
      details: { index },
      cause: thrown,
    });
  }
};
