import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const IN_THE_BROWSER = 'test/e2e/**/*.test.ts';
const POWER_CUTS = 'test/power-cut/**/*.test.ts';
const SOAK = 'test/soak/**/*.test.ts';
const WITH_A_SERVER = 'test/integration/**/*.test.ts';
/** The page is built once before the first test, unless it was built of these sources. */
const BUILT_PAGE = 'test/kit/built-page.ts';
/** Temporary files of a run lie in one folder, which goes with it. */
const TEMPORARY_FILES = 'test/kit/temporary-files.ts';

/** All tests of whole servers again, with their records in MongoDB instead of SQLite (test/kit/store.ts). */
const onMongodb = {
  extends: true as const,
  test: {
    name: 'mongodb',
    include: [WITH_A_SERVER, SOAK],
    env: { TEST_STORE: 'mongodb' },
    setupFiles: 'test/kit/store-per-file.ts',
    globalSetup: BUILT_PAGE,
    testTimeout: 60_000,
  },
};
/** Takes the database from under everybody, so it comes after all others and alone. */
const withPowerCuts = {
  extends: true as const,
  test: {
    name: 'power-cut',
    include: [POWER_CUTS],
    env: { TEST_STORE: 'mongodb' },
    setupFiles: 'test/kit/store-per-file.ts',
    sequence: { groupOrder: 1 },
  },
};
const ON_MONGODB = Boolean(process.env.TEST_MONGODB_URI);
const mongodb = ON_MONGODB ? [onMongodb, ...(process.env.TEST_MONGODB_POWER_CUT ? [withPowerCuts] : [])] : [];
if (!ON_MONGODB) console.warn('The tests of whole servers on MongoDB are skipped: set TEST_MONGODB_URI to the address of one.');
else if (!process.env.TEST_MONGODB_POWER_CUT)
  console.warn(
    'The power cuts of MongoDB are skipped: set TEST_MONGODB_POWER_CUT to a script that knows `kill` and `up`, for a MongoDB that nobody else uses.',
  );

/** What `pnpm soak` runs: the promises at their full size, and many more seeds of the simulated world. */
const soak = [
  {
    extends: true as const,
    test: {
      name: 'soak',
      include: [SOAK, 'test/simulation/simulation.test.ts'],
      env: { SOAK: 'whole', SIMULATION_SEEDS: '10000' },
      testTimeout: 3_600_000,
    },
  },
  ...(ON_MONGODB ? [{ ...onMongodb, test: { ...onMongodb.test, name: 'soak-mongodb', include: [SOAK], env: { ...onMongodb.test.env, SOAK: 'whole' } } }] : []),
];

/** What `pnpm test` runs. */
const tests = [
  {
    extends: true as const,
    test: {
      name: 'code',
      include: ['{shared,nodes,server,client,templates,test}/**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/dist/**', IN_THE_BROWSER, POWER_CUTS],
      globalSetup: BUILT_PAGE,
    },
  },
  ...mongodb,
  {
    extends: true as const,
    test: { name: 'browser', include: [IN_THE_BROWSER], globalSetup: BUILT_PAGE, testTimeout: 90_000, retry: 1 },
  },
];

export default defineConfig(({ mode }) => ({
  test: {
    globalSetup: TEMPORARY_FILES,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Conditions are waited for as long as a busy machine may need.
    expect: { poll: { timeout: 15_000 } },
    // Most tests wait for a process, a socket or a browser more than they compute: three files at a time also on two cores.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: mode === 'soak' ? soak : tests,
  },
}));
