import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const IN_THE_BROWSER = 'test/e2e/**/*.test.ts';
/** The page is built once before the first test, unless it was built of these sources. */
const BUILT_PAGE = 'test/kit/built-page.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // Most tests wait for a process, a socket or a browser more than they compute: three files at a time also on two cores.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: ['{shared,nodes,server,client,templates,test}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', IN_THE_BROWSER],
          globalSetup: BUILT_PAGE,
        },
      },
      { extends: true, test: { name: 'browser', include: [IN_THE_BROWSER], globalSetup: BUILT_PAGE, testTimeout: 90_000, hookTimeout: 60_000, retry: 1 } },
    ],
  },
});
