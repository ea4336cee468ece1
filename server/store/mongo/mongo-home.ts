import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { contractCollections, type StoreHome } from '../contract/things.ts';
import { openMongoStore } from './mongo-store.ts';

/** Where tests find a MongoDB; they use databases of their own in it. */
export const TEST_MONGODB_URI = process.env.TEST_MONGODB_URI || undefined;
/** Ends the title of a test on MongoDB: says so when there is none. */
export const SKIPPED = TEST_MONGODB_URI ? '' : ' (skipped: set TEST_MONGODB_URI to the address of a MongoDB)';

export interface FreshDatabase extends AsyncDisposable {
  /** Of a database that is not there yet, and is dropped at the end. */
  readonly uri: string;
}

/** Names a new database on the server for tests. */
export const freshDatabase = (server: string): FreshDatabase => {
  const [, before = '', options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(server) ?? [];
  const name = `switchyard_test_${randomUUID().replaceAll('-', '')}`;
  const uri = `${before}/${name}${options}`;
  return {
    uri,
    [Symbol.asyncDispose]: async () => {
      const connection = await mongoose.createConnection(uri, { bufferCommands: false }).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
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
