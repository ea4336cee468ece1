import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FreshDatabase, freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { openStore } from '@switchyard/server/store/open-store.ts';
import type { Store } from '@switchyard/server/store/port.ts';

/*
 * Where the servers of tests keep their records: in SQLite in their data folder or, in the project `mongodb` (vitest.config.ts), in a
 * database of MongoDB that belongs to that folder. A test need not know which. Only databases that were made here are emptied or dropped.
 */

/** The servers of this test keep their records in MongoDB. */
export const ON_MONGODB = process.env.TEST_STORE === 'mongodb';

/** By the data folder that has it. */
const databases = new Map<string, FreshDatabase>();
const ofProcesses = new Set<string>();
/** Empty again, with their collections and indexes, which take longer to make than all else of a start. */
const spare: FreshDatabase[] = [];

/** Settings for a server on this data folder; the same folder gets the same store again. */
export function storeSettings(dataDir: string): Readonly<Record<string, string>> {
  if (!ON_MONGODB) return {};
  if (TEST_MONGODB_URI === undefined) throw new Error('Set TEST_MONGODB_URI to the address of a MongoDB.');
  const database = databases.get(dataDir) ?? spare.pop() ?? freshDatabase(TEST_MONGODB_URI);
  databases.set(dataDir, database);
  return { MONGODB_URI: database.uri };
}

/** The same for a server in a process of its own. What one that is killed has sent may be written after its end, so its database is nobody's after it. */
export function storeSettingsOfProcess(dataDir: string): Readonly<Record<string, string>> {
  ofProcesses.add(dataDir);
  return storeSettings(dataDir);
}

/** A data folder goes, and with it its records. Its servers must have ended. */
export async function forgetStore(dataDir: string): Promise<void> {
  const database = databases.get(dataDir);
  if (!database) return;
  databases.delete(dataDir);
  if (ofProcesses.has(dataDir)) return database[Symbol.asyncDispose]();
  await database.empty();
  spare.push(database);
}

/** Drops what is left at the end of a test file. */
export async function dropDatabases(): Promise<void> {
  const left = [...databases.values(), ...spare.splice(0)];
  databases.clear();
  for (const database of left) await database[Symbol.asyncDispose]();
}

/** The store of a data folder whose server has stopped. */
export const openStoreOf = (dataDir: string): Promise<Store> =>
  openStore({
    mongodbUri: storeSettings(dataDir).MONGODB_URI,
    dataDir,
    say: () => undefined,
    lost: (reason) => {
      throw reason;
    },
  });

/** All that the store of a data folder has kept, byte for byte where it is a file. */
export async function everythingKept(dataDir: string): Promise<string> {
  const database = databases.get(dataDir);
  if (database) return database.dump();
  const files = ['switchyard.db', 'switchyard.db-wal'].map((name) => readFile(join(dataDir, name), 'latin1').catch(() => ''));
  return (await Promise.all(files)).join('');
}
