import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { settings } from './collections.ts';
import type { Store } from './port.ts';
import { retryingStore } from './retrying-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';

let folder = '';
let opened: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-retrying-'));
});
afterEach(async () => {
  for (const store of opened) await store.close();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

/** A real store that is unavailable for the first calls. */
function away(calls: number, code: 'not-ready' | 'internal' = 'not-ready'): Store {
  const store = openSqliteStore({ file: join(folder, `${opened.length}.db`) });
  opened.push(store);
  let left = calls;
  const gone = async () => {
    if (left-- > 0) throw new AppError(code, 'The database is unavailable.');
  };
  return {
    ...store,
    in: (workspaceId) => {
      const workspace = store.in(workspaceId);
      return {
        ...workspace,
        insert: (collection, record) => gone().then(() => workspace.insert(collection, record)),
        append: (row) => gone().then(() => workspace.append(row)),
      };
    },
  };
}

const record = { id: 'one', workspaceId: 'here', value: 1 };

it('retries until the database is back', async () => {
  const here = retryingStore(away(2)).in('here');
  await here.insert(settings, record);
  expect(await here.get(settings, 'one')).toEqual(record);
});

it('passes on every other error at once', async () => {
  await expect(retryingStore(away(1, 'internal')).in('here').insert(settings, record)).rejects.toMatchObject({ code: 'internal' });
  const here = retryingStore(away(0)).in('here');
  await here.insert(settings, record);
  await expect(here.insert(settings, record)).rejects.toMatchObject({ code: 'already-exists' });
});

it('leaves it to the caller of append to check whether the first attempt was written', async () => {
  await expect(retryingStore(away(1)).in('here').append({ runId: 'run', seq: 1, epoch: 1, v: 1, events: [] })).rejects.toMatchObject({ code: 'not-ready' });
});
