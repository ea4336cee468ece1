import { AppError } from '@switchyard/shared/errors.ts';
import { allCollections } from '../collections.ts';
import { checkDirectory } from '../declared-fields.ts';
import type { Collection, Store, WorkspaceStore } from '../port.ts';
import { createAside, searchFileOf } from './aside/aside.ts';
import { createCommitQueue, type Threaded } from './commit/commit-queue.ts';
import { emptyLog } from './commit/empty-log.ts';
import { explainWrite } from './commit/explain-write.ts';
import { createForgetting } from './commit/forget-removed.ts';
import { createCommitter } from './commit/perform-writes.ts';
import { usageOf } from './disk/usage.ts';
import { MIGRATIONS, type Migration, migrate } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { quote } from './quote.ts';
import { notReady, translateSqliteError } from './sqlite-errors.ts';
import { createWorkspaceStore, type SqliteParts } from './sqlite-workspace.ts';
import { createStatementCache } from './statement-cache.ts';
import { columnOf, tableOf } from './table.ts';

/*
 * The storage port on node:sqlite. Owns: the file and its schema. Does not own: what is in a record, or which thread commits (commit/).
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
  /** Which thread commits. Default: the server's own, and a separate one under many concurrent writes. */
  readonly threaded?: Threaded;
}

/** Opens the file, migrates its schema, and returns the store. Throws AppError `not-ready` with advice. */
export const openSqliteStore = (options: SqliteOptions): Store => {
  const { file, collections = allCollections, migrations = MIGRATIONS, busyTimeoutMs = BUSY_TIMEOUT_MS } = options;
  const database = openDatabase(file, busyTimeoutMs);
  const tables = collections.map(tableOf);
  try {
    migrate(database, tables, migrations, file);
    // After a crash, the log may contain removed values.
    emptyLog(database);
  } catch (thrown) {
    database.close();
    throw translateSqliteError(thrown, file);
  }
  const prepare = createStatementCache(database);
  const tablesByName = new Map(tables.map((table) => [table.name, table]));
  const written = tables.map(({ name, columns, finalWhenSet }) => ({ name, columns, finalWhenSet }));
  const queue = createCommitQueue({
    commitHere: createCommitter(database, prepare, written),
    thread: { file, busyTimeoutMs, tables: written },
    threaded: options.threaded,
    explain: (write, error) => explainWrite(file, tablesByName, write, error),
  });
  const reading = <T>(read: () => T): T => {
    try {
      return read();
    } catch (thrown) {
      throw translateSqliteError(thrown, file);
    }
  };
  const parts: SqliteParts = {
    queue,
    aside: createAside({ file, collections, prepare, reading }),
    tables: tablesByName,
    prepare,
    reading,
    forgetRemoved: createForgetting(queue, () => database.isOpen),
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
      if (queue.fault()) await queue.write({ kind: 'probe' });
      else prepare('SELECT 1').get();
    },
    usage: () => {
      parts.assertOpen();
      return usageOf({ file, searchFile: searchFileOf(file), tables: tables.map(({ name }) => name), prepare, reading });
    },
    close: async () => {
      if (!database.isOpen) return;
      await queue.close();
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
