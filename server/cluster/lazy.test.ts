import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** How many files of a package a process loads with a module of the server. */
async function loadedOf(name: string, file: string): Promise<number> {
  const script = `
    const { default: module } = await import('node:module');
    await import(${JSON.stringify(join(import.meta.dirname, '..', file))});
    process.stdout.write(String(Object.keys(module._cache).filter((file) => file.includes('/${name}/')).length));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return Number(stdout);
}

test('a server without REDIS_URL loads no Redis client', async () => {
  expect(await loadedOf('ioredis', 'main.ts')).toBe(0);
  expect(await loadedOf('ioredis', 'cluster/cluster.ts')).toBeGreaterThan(0);
});

test('a process that only drives runs loads no socket code', async () => {
  expect(await loadedOf('socket.io', 'main.ts')).toBe(0);
  expect(await loadedOf('socket.io', 'roles/worker-web.ts')).toBe(0);
  expect(await loadedOf('socket.io', 'roles/web.ts')).toBeGreaterThan(0);
});
