import { randomUUID } from 'node:crypto';
import { dropDatabasesOf, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';

let made = false;

/**
 * Gives the MongoDB databases of a test run a common beginning of their names, and drops those that are left at the end: the spare ones, and
 * those of interrupted tests. Called before the tests of each project; the first call does it.
 */
export function setup(): (() => Promise<void>) | undefined {
  if (made || TEST_MONGODB_URI === undefined) return undefined;
  made = true;
  const run = randomUUID().slice(0, 8);
  process.env.TEST_RUN = run;
  return async () => {
    made = false;
    delete process.env.TEST_RUN;
    await dropDatabasesOf(run);
  };
}
