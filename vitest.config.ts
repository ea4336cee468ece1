import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { measureSlowness } from './test/kit/measure-slowness.ts';

/*
 * `pnpm test`: everything cheap, and a small part of everything else. `pnpm test:full`: the rest, so the two together are all tests, and no
 * scenario runs twice at the same size. `pnpm soak`: the promises at their full size. CONTRIBUTING says where a new test belongs.
 */

const FULL_ONLY = '**/*.full.test.ts';
const IN_THE_BROWSER = 'test/e2e/**/*.test.ts';
const POWER_CUTS = 'test/power-cut/**/*.test.ts';
const SOAK = 'test/soak/**/*.test.ts';
/** The scenarios that `pnpm test` runs, at their smallest size. */
const SOAK_SAMPLE = '(kills|forgeries|breakages|hostile)';
/** The tests of whole servers that `pnpm test:full` also runs on MongoDB: those about what a store keeps. The others do in `pnpm soak`. */
const SERVER_ON_MONGODB = [
  ...[
    'backup',
    'experiments-kill',
    'kill',
    'pagination',
    'recovery-queue',
    'release-kill',
    'replays-kill',
    'review-restart',
    'state-kills',
    'sub-workflows-kill',
    'timers',
  ].map((name) => `${name}.full`),
  ...['callbacks', 'cancel', 'daily-heads', 'files', 'for-each', 'held-runs', 'housekeeping', 'items', 'kill-switches', 'large', 'live'],
  ...['money'],
  ...['queue', 'rerun', 'rerun-failed', 'retention', 'retries', 'reviews', 'state', 'sub-workflows', 'tables', 'triggers', 'workflows'],
].map((name) => `test/integration/${name}.test.ts`);
const SIMULATION = 'test/simulation/simulation.test.ts';
/** Web processes and workers on MongoDB and Redis. Skipped without TEST_MONGODB_URI and TEST_REDIS_URL. */
const CHAOS = 'test/cluster/chaos.test.ts';
const WITH_A_SERVER = 'test/integration/**/*.test.ts';
/** The tests of whole servers that `pnpm test` also runs on MongoDB. */
const MONGODB_SAMPLE = ['runs', 'review', 'webhooks-keys'].map((name) => `test/integration/${name}.test.ts`);
const NOT_OURS = ['**/node_modules/**', '**/dist/**'];

/** The page is built once before the first test, unless it was built from the current sources. */
const BUILT_PAGE = 'test/kit/built-page.ts';
/** For `pnpm bench tests`: notes the CPU time of each file. */
const CPU_PER_FILE = process.env.TEST_CPU_LOG ? ['test/kit/cpu-per-file.ts'] : [];
/** Temporary files of a test run are in one folder, which is removed with them. */
const TEMPORARY_FILES = 'test/kit/temporary-files.ts';
/** The databases of a test run are dropped with it. */
const TEST_DATABASES = 'test/kit/test-databases.ts';

const slowness = measureSlowness();
if (slowness > 2)
  console.warn(`This machine is ${slowness.toFixed(1)} times slower right now than the reference machine, so test limits are that much longer.`);
const MINUTE = 60_000 * slowness;

interface Project {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly [setting: string]: unknown;
}
const project = ({ exclude = [], ...test }: Project) => ({
  extends: true as const,
  test: { globalSetup: BUILT_PAGE, exclude: [...NOT_OURS, ...exclude], ...test },
});

/** Tests of whole servers with their records in MongoDB instead of SQLite (test/kit/store.ts). */
const onMongodb = ({ env, ...test }: Project) => project({ env: { TEST_STORE: 'mongodb', ...env }, ...test });

const ON_MONGODB = Boolean(process.env.TEST_MONGODB_URI);
if (!ON_MONGODB) console.warn('Tests of whole servers on MongoDB are skipped: set TEST_MONGODB_URI to the URL of one.');

/** Cuts off the database that other tests use, so it runs last. */
function powerCuts() {
  if (ON_MONGODB && process.env.TEST_MONGODB_POWER_CUT) return [onMongodb({ name: 'power-cut', include: [POWER_CUTS], sequence: { groupOrder: 1 } })];
  console.warn('Power cuts of MongoDB are skipped: set TEST_MONGODB_POWER_CUT to a script with `kill` and `up`, for a MongoDB that nothing else uses.');
  return [];
}

const quick = () => [
  project({
    name: 'code',
    include: ['{shared,nodes,server,client,templates,test,bench}/**/*.test.ts'],
    exclude: [FULL_ONLY, IN_THE_BROWSER, POWER_CUTS, `test/soak/!${SOAK_SAMPLE}.test.ts`],
  }),
  project({ name: 'browser', include: [IN_THE_BROWSER], exclude: [FULL_ONLY] }),
  ...(ON_MONGODB ? [onMongodb({ name: 'mongodb', include: MONGODB_SAMPLE })] : []),
];

const full = () => {
  const env = { TEST_SIZE: 'tenth' };
  return [
    project({ name: 'code', include: [FULL_ONLY, SOAK, SIMULATION, CHAOS], exclude: [IN_THE_BROWSER], env }),
    project({ name: 'browser', include: ['test/e2e/**/*.full.test.ts'] }),
    ...(ON_MONGODB ? [onMongodb({ name: 'mongodb', include: SERVER_ON_MONGODB, env })] : []),
    ...powerCuts(),
  ];
};

const soak = () => {
  const env = { TEST_SIZE: 'whole' };
  return [
    project({ name: 'soak', include: [SOAK, SIMULATION, CHAOS], env }),
    ...(ON_MONGODB ? [onMongodb({ name: 'soak-mongodb', include: [WITH_A_SERVER, SOAK], env })] : []),
  ];
};

const PROJECTS: Readonly<Record<string, () => ReturnType<typeof project>[]>> = { full, soak };

export default defineConfig(({ mode }) => ({
  test: {
    globalSetup: [TEMPORARY_FILES, TEST_DATABASES],
    setupFiles: CPU_PER_FILE,
    // Files share a worker and its modules, which are loaded once: a third of the CPU time. So tests must leave nothing behind in a module
    // or in process.env.
    isolate: false,
    // Limits only end tests that hang. None is close to what a test needs, and all grow with how slow the machine is.
    testTimeout: 5 * MINUTE,
    hookTimeout: 5 * MINUTE,
    teardownTimeout: MINUTE,
    expect: { poll: { timeout: MINUTE } },
    // Most tests wait for a process, a socket, or a browser rather than compute, the heavy ones most of the time. So several files at a time,
    // on two cores too.
    maxWorkers: Math.max(mode === 'full' ? 4 : 3, availableParallelism() - 1),
    projects: (PROJECTS[mode] ?? quick)(),
  },
}));
