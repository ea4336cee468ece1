import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { type Controls, watchControls } from './controls.ts';

let folder: string;
let stores: Store;
const watching: Controls[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-controls-'));
  stores = openSqliteStore({ file: join(folder, 'test.db') });
});
afterEach(async () => {
  for (const controls of watching.splice(0)) controls.stop();
  await stores.close();
  rmSync(folder, { recursive: true });
});

/** A process, and how often it learned that a control was used. */
function watch(over: Store = stores) {
  const heard: string[] = [];
  const controls = watchControls({ stores: over, onUsed: () => heard.push('used'), report: () => {} });
  watching.push(controls);
  return { controls, heard };
}

test('nothing is heard before a control is used, and each use once', async () => {
  let reads = 0;
  const inner = stores;
  const one = watch({
    ...inner,
    in: (workspaceId) => {
      const store = inner.in(workspaceId);
      const get: typeof store.get = (...given) => {
        reads++;
        return store.get(...given);
      };
      return { ...store, get };
    },
  });
  await expect.poll(() => reads, { timeout: 10_000 }).toBe(3);
  expect(one.heard).toEqual([]);
  one.controls.used();
  await expect.poll(() => one.heard.length, { timeout: 10_000 }).toBe(1);
  const then = reads;
  await expect.poll(() => reads, { timeout: 10_000 }).toBe(then + 2);
  expect(one.heard).toEqual(['used']);
});

test('each process learns that a control was used', async () => {
  const one = watch();
  const two = watch();
  one.controls.used();
  await expect.poll(() => two.heard.length, { timeout: 10_000 }).toBe(1);
  two.controls.used();
  await expect.poll(() => two.heard.length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => one.heard.length, { timeout: 10_000 }).toBe(2);
});

test('a process that could not read learns of it once it can', async () => {
  let isAway = false;
  const inner = stores;
  const flaky: Store = {
    ...inner,
    in: (workspaceId) => {
      const store = inner.in(workspaceId);
      return { ...store, get: (...given) => (isAway ? Promise.reject(new Error('away')) : store.get(...given)) };
    },
  };
  const one = watch();
  const two = watch(flaky);
  one.controls.used();
  await expect.poll(() => two.heard.length, { timeout: 10_000 }).toBe(1);
  isAway = true;
  one.controls.used();
  await expect.poll(() => one.heard.length, { timeout: 10_000 }).toBe(2);
  expect(two.heard).toHaveLength(1);
  isAway = false;
  await expect.poll(() => two.heard.length, { timeout: 10_000 }).toBe(2);
});
