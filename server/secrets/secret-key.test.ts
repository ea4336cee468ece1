import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const THREADS = 4;
const FINDER = new URL('./find-key.fixture.ts', import.meta.url);

/** The keys that several processes find in a new data directory at the same moment. */
async function keysFoundAtOnce(dir: string): Promise<unknown[]> {
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  const finders = Array.from({ length: THREADS }, () => new Worker(FINDER, { workerData: { dir, arrived, threads: THREADS } }));
  return Promise.all(finders.map(async (finder) => (await once(finder, 'message'))[0]));
}

test('processes that start in one new data directory at the same moment all use the key in its file', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'switchyard-key-'));
  try {
    for (const name of ['first', 'second', 'third']) {
      const dir = join(parent, name);
      const keys = await keysFoundAtOnce(dir);
      expect(new Set(keys)).toEqual(new Set([readFileSync(join(dir, 'secret.key'), 'utf8').trim()]));
      expect(readdirSync(dir)).toEqual(['secret.key']);
    }
  } finally {
    rmSync(parent, { recursive: true });
  }
});
