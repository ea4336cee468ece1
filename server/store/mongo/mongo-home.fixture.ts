import { randomUUID } from 'node:crypto';
import mongoose, { type Collection, type Connection } from 'mongoose';
import { contractCollections, type StoreHome } from '../contract/things.fixture.ts';
import { SCHEMA } from './migrations.ts';
import { openMongoStore } from './mongo-store.ts';

/** The MongoDB for tests, which use their own databases in it. */
export const TEST_MONGODB_URI = process.env.TEST_MONGODB_URI || undefined;
/** Appended to the titles of tests on MongoDB; says so if there is none. */
export const SKIPPED = TEST_MONGODB_URI ? '' : ' (skipped: set TEST_MONGODB_URI to the URL of a MongoDB)';

export interface FreshDatabase extends AsyncDisposable {
  /** A database that doesn't exist yet and is dropped at the end. */
  readonly uri: string;
  /** Deletes all records but keeps collections and indexes, so the next test need not create them. */
  empty(): Promise<void>;
  /** Everything in it, as text. */
  dump(): Promise<string>;
}

/** How the names of the databases of one test run start. */
const beginningOf = (run = 'single'): string => `switchyard_test_${run}_`;

/** Drops all databases of a test run (`TEST_RUN`). */
export async function dropDatabasesOf(run: string): Promise<void> {
  const connection = await mongoose.createConnection(TEST_MONGODB_URI ?? '').asPromise();
  try {
    const { databases } = await connection.listDatabases();
    for (const { name } of databases) if (name.startsWith(beginningOf(run))) await connection.useDb(name).dropDatabase();
  } finally {
    await connection.close();
  }
}

/** Names a new database on the test server. */
export const freshDatabase = (server: string): FreshDatabase => {
  const [, before = '', options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(server) ?? [];
  const name = `${beginningOf(process.env.TEST_RUN)}${randomUUID().replaceAll('-', '')}`;
  const uri = `${before}/${name}${options}`;
  const connected = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await mongoose.createConnection(uri, { bufferCommands: false }).asPromise();
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  const inEach = <T>(work: (collection: Collection) => Promise<T>): Promise<T[]> =>
    connected(async (connection) => Promise.all((await connection.listCollections()).map(({ name }) => work(connection.collection(name)))));
  return {
    uri,
    empty: async () => {
      await inEach(async (collection) => collection.name === SCHEMA || collection.deleteMany({}));
    },
    dump: async () => JSON.stringify(await inEach((collection) => collection.find({}).toArray())),
    [Symbol.asyncDispose]: () => connected((connection) => connection.dropDatabase()),
  };
};

/** A new database for one contract test. */
export const makeMongoHome = (server: string) => async (): Promise<StoreHome & { readonly uri: string }> => {
  const database = freshDatabase(server);
  const { uri } = database;
  return {
    uri,
    open: () => openMongoStore({ uri, collections: contractCollections }),
    elsewhere: { module: new URL('./mongo-store.ts', import.meta.url).href, opener: 'openMongoStore', options: { uri } },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};
