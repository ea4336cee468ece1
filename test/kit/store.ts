import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSecrets, type Secrets } from '@switchyard/server/secrets/secrets.ts';
import { createRowSeals, sealingStore } from '@switchyard/server/services/evidence/row-seals.ts';
import { allCollections, DEFAULT_WORKSPACE } from '@switchyard/server/store/collections.ts';
import { type FreshDatabase, freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { openMongoStore } from '@switchyard/server/store/mongo/mongo-store.ts';
import { openStore } from '@switchyard/server/store/open-store.ts';
import type { Page, Store, StoredRecord } from '@switchyard/server/store/port.ts';

/*
 * Where test servers store their records: in SQLite in their data folder or, in the project `mongodb` (vitest.config.ts), in a MongoDB
 * database that belongs to that folder. A test need not know which. Only databases created here are emptied or dropped.
 */

/** The servers of this test store their records in MongoDB. */
export const ON_MONGODB = process.env.TEST_STORE === 'mongodb';

/** By the data folder that uses it. */
const databases = new Map<string, FreshDatabase>();
const ofProcesses = new Set<string>();
/** Emptied, with their collections and indexes, which take longer to create than the rest of a start. test-databases.ts drops them. */
const spare: FreshDatabase[] = [];

/** Settings for a server on this data folder. The same folder gets the same store again. */
export function storeSettings(dataDir: string): Readonly<Record<string, string>> {
  if (!ON_MONGODB) return {};
  if (TEST_MONGODB_URI === undefined) throw new Error('Set TEST_MONGODB_URI to the URL of a MongoDB.');
  const database = databases.get(dataDir) ?? spare.pop() ?? freshDatabase(TEST_MONGODB_URI);
  databases.set(dataDir, database);
  return { MONGODB_URI: database.uri };
}

/** The same for a server in its own process. Writes of a killed server may arrive after its end, so its database is not reused. */
export function storeSettingsOfProcess(dataDir: string): Readonly<Record<string, string>> {
  ofProcesses.add(dataDir);
  return storeSettings(dataDir);
}

/** Removes a data folder's records with it. Its servers must have ended. */
export async function forgetStore(dataDir: string): Promise<void> {
  const database = databases.get(dataDir);
  if (!database) return;
  databases.delete(dataDir);
  if (ofProcesses.has(dataDir)) return database[Symbol.asyncDispose]();
  await database.empty();
  spare.push(database);
}

/** The store of a data folder. Takes no lease of a MongoDB database, so a server that still uses it keeps its own. */
export const openStoreOf = (dataDir: string): Promise<Store> => {
  const uri = storeSettings(dataDir).MONGODB_URI;
  if (uri !== undefined) return openMongoStore({ uri });
  return openStore({
    mongodbUri: undefined,
    dataDir,
    say: () => undefined,
    lost: (reason) => {
      throw reason;
    },
  });
};

/** What a server on a data folder encrypts and seals with. */
const secretsOf = (dataDir: string): Secrets => openSecrets({ dataDir, env: {} });

/** The store of a data folder, for use cases that write to it: rows are sealed as the server does. */
export async function openSealingStoreOf(dataDir: string): Promise<{ readonly store: Store; readonly secrets: Secrets }> {
  const secrets = secretsOf(dataDir);
  return { store: sealingStore(await openStoreOf(dataDir), createRowSeals(secrets)), secrets };
}

/** Everything the store of a data folder contains, byte for byte if it is a file. */
async function everythingKept(dataDir: string): Promise<string> {
  const database = databases.get(dataDir);
  if (database) return database.dump();
  return filesOfDatabase(dataDir);
}

/** The bytes of the SQLite file and its write-ahead log. */
export async function filesOfDatabase(dataDir: string): Promise<string> {
  const files = ['switchyard.db', 'switchyard.db-wal'].map((name) => readFile(join(dataDir, name), 'latin1').catch(() => ''));
  return (await Promise.all(files)).join('');
}

/**
 * Everything that can be read from the store of a data folder whose server has stopped: each record and journal, unpacked, and the bytes of
 * each file.
 */
export async function everythingReadable(dataDir: string): Promise<string> {
  const parts: string[] = [await everythingKept(dataDir)];
  const store = await openStoreOf(dataDir);
  try {
    const here = store.in(DEFAULT_WORKSPACE);
    for (const collection of allCollections) {
      let cursor: string | null = null;
      do {
        const page: Page<StoredRecord> = await here.find(collection, { limit: 200, ...(cursor !== null && { cursor }) });
        for (const record of page.items) {
          parts.push(JSON.stringify(record));
          if (collection.holdsJournal) parts.push(JSON.stringify(await here.readJournal(record.id)));
        }
        cursor = page.nextCursor;
      } while (cursor !== null);
    }
  } finally {
    await store.close();
  }
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) parts.push(await readFile(join(file.parentPath, file.name), 'latin1'));
  return parts.join('\n');
}
