import { type FreshDatabase, freshDatabase, SKIPPED, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';

export { SKIPPED };

/**
 * A new database on the test MongoDB, dropped at the end of the scope; undefined without TEST_MONGODB_URI: `await using database =
 * mongoForTest()`, then `MONGODB_URI: database.uri`.
 */
export const mongoForTest = (): FreshDatabase | undefined => (TEST_MONGODB_URI === undefined ? undefined : freshDatabase(TEST_MONGODB_URI));
