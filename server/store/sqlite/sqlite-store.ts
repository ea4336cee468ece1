import { AppError } from '@switchyard/shared/errors.ts';
import { allCollections } from '../collections.ts';
import { checkDirectory } from '../declared-fields.ts';
import type { Collection, Store, WorkspaceStore } from '../port.ts';
import { createAside } from './aside.ts';
import { createCommitQueue } from './commit-queue.ts';
import { createJournal } from './journal.ts';
import { MIGRATIONS, type Migration, migrate } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { quote } from './quote.ts';
import { notReady, translateSqliteError } from './sqlite-errors.ts';
import { createWorkspaceStore, type SqliteParts } from './sqlite-workspace.ts';
import { createStatementCache } from './statement-cache.ts';
import { columnOf, tableOf } from './table.ts';
import { createTableWriter } from './table-writer.ts';

/*
 * The storage port on node:sqlite, in this thread. Owns: the file, its schema, the transaction. Does not own: what is in a record.
 * Invariants: 1. Only one process writes to the file (ensured by the data directory's lock). 2. Reads see only committed writes. 3. Values
 * are always bound, never part of a statement's text; names in it come from declarations.
 */

const BUSY_TIMEOUT_MS = 5_000;

export interface SqliteOptions {
  /** The database file. Its folder is created. */
  readonly file: string;
  readonly collections?: readonly Collection[];
  readonly migrations?: readonly Migration[];
  /** How long to wait for another program that holds the file, in ms. The process is blocked meanwhile. */
  readonly busyTimeoutMs?: number;
}

/** Opens the file, migrates its schema, and returns the store. Throws AppError `not-ready` with advice. */
export const openSqliteStore = (options: SqliteOptions): Store => {
  const { file, collections = allCollections, migrations = MIGRATIONS, busyTimeoutMs = BUSY_TIMEOUT_MS } = options;
  const database = openDatabase(file, busyTimeoutMs);
  const tables = collections.map(tableOf);
  try {
    migrate(database, tables, migrations, file);
  } catch (thrown) {
    database.close();
    throw translateSqliteError(thrown, file);
  }
  const prepare = createStatementCache(database);
  const parts: SqliteParts = {
    queue: createCommitQueue(database),
    journal: createJournal(prepare),
    aside: createAside(file, collections),
    tables: new Map(tables.map((table) => [table.name, { table, writer: createTableWriter(table, prepare) }])),
    prepare,
    reading: (read) => {
      try {
        return read();
      } catch (thrown) {
        throw translateSqliteError(thrown, file);
      }
    },
    assertOpen: () => {
      if (!database.isOpen) throw new AppError('not-ready', 'The database is closed: the server is shutting down.');
    },
  };
  const workspaces = new Map<string, WorkspaceStore>();
  return {
    in: (workspaceId) => {
      const known = workspaces.get(workspaceId) ?? createWorkspaceStore(parts, workspaceId);
      workspaces.set(workspaceId, known);
      return known;
    },
    workspaceOf: async (collection, field, value) => {
      checkDirectory(collection, field);
      parts.assertOpen();
      const found = parts.reading(() => prepare(`SELECT workspace_id FROM ${quote(collection.name)} WHERE ${columnOf(field)} = ?`).get(value));
      return found && String(found.workspace_id);
    },
    ready: async () => {
      parts.assertOpen();
      // After a failed commit, only another write can tell whether it would succeed now.
      if (parts.queue.fault()) await parts.queue.write(() => database.exec(`PRAGMA user_version = ${migrations.at(-1)?.version ?? 0}`));
      else prepare('SELECT 1').get();
    },
    close: async () => {
      if (!database.isOpen) return;
      parts.queue.flush();
      await parts.aside.close();
      if (database.isOpen) closeFile();
    },
  };

  function closeFile(): void {
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (thrown) {
      throw notReady(thrown, file);
    } finally {
      database.close();
    }
  }
};
