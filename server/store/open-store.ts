import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { assertNoUnfinishedCopy } from './copy/copy-mark.ts';
import type { Store } from './port.ts';

/** Where an installation stores its records. */
export interface StoreSettings {
  /** MONGODB_URI. If unset, SQLite in the data directory. */
  readonly mongodbUri: string | undefined;
  /** Whether other processes use the same MongoDB. */
  readonly shared?: boolean;
  /** This process holds its lock. */
  readonly dataDir: string;
  /** Told what startup waits for. */
  say(line: string): void;
  /** Another process took over the database, so this one must end. Never called for SQLite. */
  lost(reason: AppError): void;
}

/** Created on the first start; see secrets/secret-key.ts. */
const KEY_FILE = 'secret.key';

/** The database file in a data directory. */
export const sqliteFileIn = (dataDir: string): string => join(dataDir, 'switchyard.db');

/** Opens the store chosen by the settings; waits for a MongoDB that is unavailable. Throws AppError `not-ready` or `in-use` with advice. */
export const openStore = async (settings: StoreSettings): Promise<Store> => {
  const store = settings.mongodbUri === undefined ? await openSqlite(settings) : await openMongo(settings.mongodbUri, settings);
  try {
    await assertNoUnfinishedCopy(store);
    return store;
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
};

/** A key file without its database means an unmounted volume or a wrong DATA_DIR. Creating a new database would hide that. */
const refuseLostDatabase = (dataDir: string): void => {
  const [file, key] = [sqliteFileIn(dataDir), join(dataDir, KEY_FILE)];
  if (existsSync(file) || !existsSync(key)) return;
  throw new AppError(
    'not-ready',
    `The database file ${file} is missing, but its key file ${key} exists. Check DATA_DIR, or restore the database from a backup. If the records are in MongoDB, set MONGODB_URI. For a new installation, move the key file away first, or pass its key in SWITCHYARD_SECRET_KEY.`,
  );
};

// Only the store in use is loaded.
const openSqlite = async ({ dataDir }: StoreSettings): Promise<Store> => {
  refuseLostDatabase(dataDir);
  const { openSqliteStore } = await import('./sqlite/sqlite-store.ts');
  return openSqliteStore({ file: sqliteFileIn(dataDir) });
};

const openMongo = async (uri: string, { dataDir, shared, say, lost }: StoreSettings): Promise<Store> => {
  const [{ openMongoStore }, { installationOf }] = await Promise.all([import('./mongo/mongo-store.ts'), import('./mongo/installation-id.ts')]);
  return openMongoStore({ uri, say, holder: { installation: shared ? { together: true } : installationOf(dataDir), lost } });
};
