import { defineConfig } from 'vitest/config';

const IN_THE_BROWSER = 'test/e2e/**/*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: ['{shared,nodes,server,client,templates,test}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', IN_THE_BROWSER],
        },
      },
      // Needs the built page, which is made once before the first of these files.
      { extends: true, test: { name: 'browser', include: [IN_THE_BROWSER], globalSetup: 'test/kit/built-page.ts' } },
    ],
  },
});
