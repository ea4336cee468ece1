import type { DatabaseSync } from 'node:sqlite';

/**
 * Moves the write-ahead log into the file and empties it, so earlier versions of changed pages are gone. False if someone still reads from the
 * log. Doesn't wait for readers: it would block its thread.
 */
export function emptyLog(database: DatabaseSync): boolean {
  const patience = Number(database.prepare('PRAGMA busy_timeout').get()?.timeout ?? 0);
  database.exec('PRAGMA busy_timeout = 0');
  try {
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${patience}`);
  }
}
