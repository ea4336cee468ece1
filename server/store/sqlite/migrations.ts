import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';
import { alignColumns, alignIndexes, rewriteDocuments } from './layout.ts';
import type { Table } from './table.ts';

/** What a migration may do. */
export interface MigrationContext {
  readonly database: DatabaseSync;
  /** Rewrites each document of a collection as `change` returns it. */
  rewrite(collection: string, change: (document: Record<string, unknown>) => Record<string, unknown>): void;
}

/** One step forward of a file's schema. Tables, columns, and indexes of collections follow their declarations automatically (layout.ts). */
export interface Migration {
  readonly version: number;
  readonly title: string;
  up(context: MigrationContext): void;
}

/** In order, never changed once released. The version of a file is its `user_version`. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    title: 'Create the journal, one row per append',
    // With rowids: large rows are written sequentially, whatever the IDs of their runs. Without them, writing was 10 to 50% slower.
    up: ({ database }) =>
      database.exec(`CREATE TABLE journal (
        workspace_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        v INTEGER NOT NULL,
        events TEXT NOT NULL,
        PRIMARY KEY (workspace_id, run_id, seq)
      )`),
  },
  {
    version: 2,
    title: 'Pack long journal rows (packed-json.ts)',
    // Existing rows stay as they are. The new number keeps older versions from reading packed ones.
    up: () => {},
  },
  {
    version: 3,
    title: 'Seal journal rows (S89)',
    // Without a default, existing rows are not rewritten.
    up: ({ database }) => database.exec('ALTER TABLE journal ADD COLUMN seal TEXT'),
  },
];

/** Migrates a file to the newest schema in one transaction. Rejects a file of a newer version. */
export const migrate = (database: DatabaseSync, tables: readonly Table[], migrations: readonly Migration[], file: string): void => {
  const newest = migrations.at(-1)?.version ?? 0;
  const present = schemaVersion(database);
  if (present > newest) {
    throw new AppError(
      'not-ready',
      `The database ${file} was written by a newer version of Switchyard (schema ${present}, this version supports ${newest}). Start the newer version, or choose another data directory with DATA_DIR.`,
    );
  }
  database.exec('BEGIN IMMEDIATE');
  try {
    bringForward(database, tables, migrations, present);
    database.exec(`PRAGMA user_version = ${newest}`);
    database.exec('COMMIT');
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
};

/** The schema version stored in the file; 0 in a new one. */
export const schemaVersion = (database: DatabaseSync): number => Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);

const bringForward = (database: DatabaseSync, tables: readonly Table[], migrations: readonly Migration[], present: number): void => {
  const stale = alignColumns(database, tables);
  const byName = new Map(tables.map((table) => [table.name, table]));
  const rewrite: MigrationContext['rewrite'] = (collection, change) => {
    const table = byName.get(collection);
    if (table === undefined) throw new Error(`No collection is named ${collection}`);
    rewriteDocuments(database, table, change);
  };
  for (const migration of migrations) if (migration.version > present) migration.up({ database, rewrite });
  for (const table of stale) rewriteDocuments(database, table, (document) => document);
  alignIndexes(database, tables);
};
