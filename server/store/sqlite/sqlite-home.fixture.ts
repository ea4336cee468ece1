import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractCollections, type StoreHome } from '../contract/things.fixture.ts';
import type { Threaded } from './commit/commit-queue.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** A new folder with a database for one test. */
export const makeSqliteHome = async (threaded: Threaded = 'when-crowded'): Promise<StoreHome & { readonly file: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-store-'));
  const file = join(folder, 'switchyard.db');
  return {
    file,
    open: async () => openSqliteStore({ file, collections: contractCollections, threaded }),
    elsewhere: { module: new URL('./sqlite-store.ts', import.meta.url).href, opener: 'openSqliteStore', options: { file, threaded } },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
};
