import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,nodes,server,client,templates,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
  },
});
