import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settings } from '../../store/collections.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { measuredStore } from './measured-store.ts';

it('names each operation and how long it took, also if it fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-measured-'));
  const seen: string[] = [];
  let now = 0;
  const elapsed = (): number => {
    now += 5;
    return now;
  };
  const opened = openSqliteStore({ file: join(folder, 'test.db') });
  const store = measuredStore(opened, { elapsed, took: (operation, on, ms) => void seen.push(`${operation} ${on} ${ms}`) }).in('ws');
  const setting = { id: 'a', workspaceId: 'ws', value: 1 };
  await store.insert(settings, setting);
  await expect(store.insert(settings, setting)).rejects.toMatchObject({ code: 'already-exists' });
  expect(await store.get(settings, 'a')).toEqual(setting);
  expect(await store.readJournal('run_1')).toEqual([]);
  await opened.close();
  await rm(folder, { recursive: true });
  expect(seen).toEqual(['insert settings 5', 'insert settings 5', 'get settings 5', 'read journal 5']);
});
