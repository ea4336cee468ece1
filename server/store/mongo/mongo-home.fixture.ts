import { randomUUID } from 'node:crypto';
import mongoose, { type Collection, type Connection } from 'mongoose';
import { contractCollections, type StoreHome } from '../contract/things.fixture.ts';
import { SCHEMA } from './migrations.ts';
import { openMongoStore } from './mongo-store.ts';

/** Where tests find a MongoDB; they use databases of their own in it. */
export const TEST_MONGODB_URI = process.env.TEST_MONGODB_URI || undefined;
/** Ends the title of a test on MongoDB: says so when there is none. */
export const SKIPPED = TEST_MONGODB_URI ? '' : ' (skipped: set TEST_MONGODB_URI to the address of a MongoDB)';

export interface FreshDatabase extends AsyncDisposable {
  /** Of a database that is not there yet, and is dropped at the end. */
  readonly uri: string;
  /** Takes all records out and leaves collections and indexes, so that the next one who opens it need not make them. */
  empty(): Promise<void>;
  /** All that is in it, as text. */
  dump(): Promise<string>;
}

/** Names a new database on the server for tests. */
export const freshDatabase = (server: string): FreshDatabase => {
  const [, before = '', options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(server) ?? [];
  const name = `switchyard_test_${randomUUID().replaceAll('-', '')}`;
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

/** A new database for one test of the contract. */
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
