import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** How many files of the Redis client a process loads with a module of the server. */
async function clientFilesOf(file: string): Promise<number> {
  const script = `
    const { default: module } = await import('node:module');
    await import(${JSON.stringify(join(import.meta.dirname, '..', file))});
    process.stdout.write(String(Object.keys(module._cache).filter((name) => name.includes('ioredis')).length));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return Number(stdout);
}

test('a server without REDIS_URL loads no Redis client', async () => {
  expect(await clientFilesOf('main.ts')).toBe(0);
  expect(await clientFilesOf('cluster/cluster.ts')).toBeGreaterThan(0);
});
