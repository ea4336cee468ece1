import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';
import { allCollections } from '../collections.ts';
import type { StoreReader } from '../port.ts';
import { examineFile } from './examine-file.ts';
import { MIGRATIONS, schemaVersion } from './migrations.ts';
import { notReady, translateSqliteError } from './sqlite-errors.ts';
import { createWorkspaceStore, type SqliteParts } from './sqlite-workspace.ts';
import { createStatementCache } from './statement-cache.ts';
import { tableOf } from './table.ts';

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens a database for reading while a server may be writing to it. Each query is a separate read, so it never blocks the
 * write-ahead log from being checkpointed. Throws AppError `not-found` without a database, and `not-ready` if its schema is not of this version.
 */
export const openSqliteReader = (file: string): StoreReader => {
  if (!existsSync(file)) throw new AppError('not-found', `No installation found: the database file ${file} is missing.`);
  examineFile(file);
  const database = openToRead(file);
  const prepare = createStatementCache(database);
  const refuse = () => Promise.reject(new AppError('internal', 'This store is read-only.'));
  const parts: SqliteParts = {
    queue: { write: refuse, fault: () => undefined, close: async () => undefined },
    aside: { find: refuse, search: refuse, close: async () => undefined },
    tables: new Map(allCollections.map(tableOf).map((table) => [table.name, table])),
    prepare,
    reading: (read) => {
      try {
        return read();
      } catch (thrown) {
        throw translateSqliteError(thrown, file);
      }
    },
    assertOpen: () => undefined,
    forgetRemoved: async () => undefined,
  };
  return { in: (workspaceId) => createWorkspaceStore(parts, workspaceId), close: async () => database.close() };
};

const openToRead = (file: string): DatabaseSync => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    const [present, newest] = [schemaVersion(database), MIGRATIONS.at(-1)?.version ?? 0];
    if (present === newest) return database;
    throw new AppError(
      'not-ready',
      `The database ${file} was written by another version of Switchyard (schema ${present}, this version uses ${newest}). Use that version, or start this one once.`,
    );
  } catch (thrown) {
    database?.close();
    throw thrown instanceof AppError ? thrown : notReady(thrown, file);
  }
};
