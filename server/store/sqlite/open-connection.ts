import { DatabaseSync } from 'node:sqlite';

/* Imports no module of ours: the commit thread loads it. */

/** 16 MB of log between checkpoints: pages that change often are copied into the file less often than at SQLite's 4 MB. */
const CHECKPOINT_PAGES = 4_000;
const CACHE_KIB = 32_000;

/** Opens a file. Throws SQLite's errors. */
export const openConnection = (file: string, busyTimeoutMs: number): DatabaseSync =>
  new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });

/** Ensures that a commit is on disk when it returns (write-ahead log, `synchronous=FULL`), and that removed values are overwritten. */
export function configureConnection(database: DatabaseSync): void {
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA secure_delete = ON');
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
}
