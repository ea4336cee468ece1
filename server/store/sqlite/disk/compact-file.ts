import { DatabaseSync } from 'node:sqlite';

/** Rewrites a database without its free space. No server may use it. */
export function compactFile(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('VACUUM');
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}
