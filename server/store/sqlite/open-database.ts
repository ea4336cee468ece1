import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';
import { defineFunctions } from './columns.ts';
import { examineDatabase, examineFile } from './examine-file.ts';
import { configureConnection, openConnection } from './open-connection.ts';
import { notReady } from './sqlite-errors.ts';

const FULL = 2;

/** Opens the file so that a commit is on disk when it returns (write-ahead log, `synchronous=FULL`), and verifies these settings. */
export const openDatabase = (file: string, busyTimeoutMs: number): DatabaseSync => {
  makeFolder(file);
  examineFile(file);
  const database = open(file, busyTimeoutMs);
  try {
    examineDatabase(database, file);
    configureConnection(database);
    defineFunctions(database);
    assertPragma(database, file, 'journal_mode', 'wal');
    assertPragma(database, file, 'synchronous', FULL);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown instanceof AppError ? thrown : notReady(thrown, file);
  }
};

const makeFolder = (file: string): void => {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (cause) {
    throw new AppError('not-ready', `The folder of the database file ${file} can’t be created: ${cause instanceof Error ? cause.message : cause}.`, { cause });
  }
};

const open = (file: string, busyTimeoutMs: number): DatabaseSync => {
  try {
    return openConnection(file, busyTimeoutMs);
  } catch (thrown) {
    throw notReady(thrown, file);
  }
};

const assertPragma = (database: DatabaseSync, file: string, name: string, wanted: string | number): void => {
  const found = database.prepare(`PRAGMA ${name}`).get()?.[name];
  if (found === wanted) return;
  throw new AppError(
    'not-ready',
    `The database ${file} isn’t durable on this disk: ${name} is ${String(found)} but must be ${wanted}. Put the data directory on a local disk.`,
  );
};
