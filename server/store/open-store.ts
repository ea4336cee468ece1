import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { assertNoUnfinishedCopy } from './copy/copy-mark.ts';
import type { Store } from './port.ts';

/** Where an installation keeps its records. */
export interface StoreSettings {
  /** MONGODB_URI; without it, SQLite in the data directory. */
  readonly mongodbUri: string | undefined;
  /** Its lock is held by this process. */
  readonly dataDir: string;
  /** Told what is waited for at the start. */
  say(line: string): void;
  /** Another process took over the database, so this one must end. Never called for SQLite. */
  lost(reason: AppError): void;
}

/** Made with the first start; see secrets/secret-key.ts. */
const KEY_FILE = 'secret.key';

/** Name of the database file in a data directory. */
export const sqliteFileIn = (dataDir: string): string => join(dataDir, 'switchyard.db');

/** Opens the store that the settings ask for; waits for a MongoDB that is not there yet. Throws AppError `not-ready` or `in-use` with what to do. */
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

/** A key file without its database: a volume that is not mounted, or a wrong DATA_DIR. Starting anew would hide that. */
const refuseLostDatabase = (dataDir: string): void => {
  const [file, key] = [sqliteFileIn(dataDir), join(dataDir, KEY_FILE)];
  if (existsSync(file) || !existsSync(key)) return;
  throw new AppError(
    'not-ready',
    `The database file ${file} is missing, but its key file ${key} is there. Check DATA_DIR, or restore the database from a backup. If the records are in MongoDB, set MONGODB_URI. For a new installation, move the key file away first, or pass its key in SWITCHYARD_SECRET_KEY.`,
  );
};

// Only the one that is used is loaded.
const openSqlite = async ({ dataDir }: StoreSettings): Promise<Store> => {
  refuseLostDatabase(dataDir);
  const { openSqliteStore } = await import('./sqlite/sqlite-store.ts');
  return openSqliteStore({ file: sqliteFileIn(dataDir) });
};

const openMongo = async (uri: string, { dataDir, say, lost }: StoreSettings): Promise<Store> => {
  const [{ openMongoStore }, { installationOf }] = await Promise.all([import('./mongo/mongo-store.ts'), import('./mongo/installation-id.ts')]);
  return openMongoStore({ uri, say, holder: { installation: installationOf(dataDir), lost } });
};
