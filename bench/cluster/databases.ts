import { type FreshDatabase, freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';

/** A new database on the MongoDB of TEST_MONGODB_URI, dropped at the end. Throws if that isn't set. */
export function mongoForBench(): FreshDatabase {
  if (TEST_MONGODB_URI === undefined) throw new Error('Set TEST_MONGODB_URI to the URL of a MongoDB.');
  return freshDatabase(TEST_MONGODB_URI);
}
