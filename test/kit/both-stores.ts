import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FreshDatabase, freshDatabase, SKIPPED, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { openMongoStore } from '@switchyard/server/store/mongo/mongo-store.ts';
import type { Store, WorkspaceStore } from '@switchyard/server/store/port.ts';
import { openSqliteStore } from '@switchyard/server/store/sqlite/sqlite-store.ts';
import { describe } from 'vitest';

/*
 * For tests that depend only on the store: the same tests on SQLite and on MongoDB, without a server.
 */

type OpenStore = () => Promise<{ readonly store: Store } & AsyncDisposable>;

/** Runs the same tests on each store. */
export function onBothStores(title: string, tests: (open: OpenStore) => void): void {
  describe(`${title}, on SQLite`, () => tests(sqlite));
  describe.skipIf(!TEST_MONGODB_URI)(`${title}, on MongoDB${SKIPPED}`, () => tests(mongo));
}

async function sqlite() {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-store-'));
  const store = openSqliteStore({ file: join(folder, 'switchyard.db') });
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Emptied, with their collections and indexes, which take long to create. test-databases.ts drops them. */
const spare: FreshDatabase[] = [];

async function mongo() {
  const database = spare.pop() ?? freshDatabase(TEST_MONGODB_URI ?? '');
  const store = await openMongoStore({ uri: database.uri });
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await database.empty();
      spare.push(database);
    },
  };
}

/** A store that makes this many changes and then none, as if the process had ended there. */
export function endingAfter(changes: number, store: WorkspaceStore): WorkspaceStore {
  let left = changes;
  const spend = (): void => {
    if (left-- <= 0) throw new Error('The process ended here');
  };
  return {
    ...store,
    insert: async (...given) => {
      spend();
      return store.insert(...given);
    },
    update: async (...given) => {
      spend();
      return store.update(...given);
    },
    delete: async (...given) => {
      spend();
      return store.delete(...given);
    },
  };
}
