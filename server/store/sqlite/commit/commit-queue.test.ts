import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { contractCollections, type Thing, thing, things, WORKSPACE } from '../../contract/things.fixture.ts';
import type { WorkspaceStore } from '../../port.ts';
import { makeSqliteHome } from '../sqlite-home.fixture.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { createCommitQueue } from './commit-queue.ts';

const many = (from: number, count: number): Thing[] => Array.from({ length: count }, (_, index) => thing({ id: `t${from + index}`, rank: from + index }));
const insertAll = (store: WorkspaceStore, records: readonly Thing[]) => Promise.all(records.map((record) => store.insert(things, record)));

describe('group commit', () => {
  it('loses and reorders nothing while frequent writes move to its thread', async () => {
    await using home = await makeSqliteHome();
    const store = await home.open();
    const here = store.in(WORKSPACE);
    // Enough rounds for the average to pass the threshold, and for the thread to start.
    for (let round = 0; round < 100; round++) await insertAll(here, many(round * 30, 30));
    const updates = Array.from({ length: 50 }, (_, rank) => here.update(things, 't0', { rank: rank + 1 }, { equal: { rank } }));
    expect((await Promise.all(updates)).map((record) => record?.rank)).toEqual(Array.from({ length: 50 }, (_, rank) => rank + 1));
    await store.close();
    const again = await home.open();
    const { items } = await again.in(WORKSPACE).find(things, { limit: 5_000 });
    expect(items).toHaveLength(3_000);
    await again.close();
  });

  it('commits in the server’s own thread again once writes are few, although the other one still exists', async () => {
    await using home = await makeSqliteHome();
    await (await home.open()).close();
    let here = 0;
    const queue = createCommitQueue({
      commitHere: (batch) => {
        here++;
        return batch.map(() => ({ value: undefined }));
      },
      thread: { file: home.file, busyTimeoutMs: 5_000, tables: [] },
      explain: (_write, error) => error,
    });
    const crowd = () => Promise.all(Array.from({ length: 30 }, () => queue.write({ kind: 'probe' })));
    const isHere = async (write: () => Promise<unknown>): Promise<boolean> => {
      const before = here;
      await write();
      return here > before;
    };
    await expect.poll(() => isHere(crowd), { interval: 0 }).toBe(false);
    await expect.poll(() => isHere(() => queue.write({ kind: 'probe' })), { interval: 0 }).toBe(true);
    await queue.close();
  });

  it('names the violated index from the thread, and commits the rest of the batch', async () => {
    await using home = await makeSqliteHome('always');
    const store = await home.open();
    const here = store.in(WORKSPACE);
    await here.insert(things, thing({ id: 'first', name: 'taken' }));
    const outcomes = await Promise.allSettled([here.insert(things, thing({ id: 'second', name: 'taken' })), here.insert(things, thing({ id: 'third' }))]);
    expect(outcomes).toMatchObject([{ reason: { code: 'already-exists', details: { index: 'name' } } }, { status: 'fulfilled' }]);
    expect(await here.get(things, 'third')).toBeDefined();
    await store.close();
  });

  it('reports the thread’s failed commit as not ready, and recovers', async () => {
    await using home = await makeSqliteHome('always');
    const store = openSqliteStore({ file: home.file, collections: contractCollections, busyTimeoutMs: 20, threaded: 'always' });
    const here = store.in(WORKSPACE);
    await here.insert(things, thing({ id: 'before' }));
    const other = new DatabaseSync(home.file);
    other.exec('BEGIN IMMEDIATE');
    await expect(here.insert(things, thing({ id: 'refused' }))).rejects.toMatchObject({ code: 'not-ready' });
    await expect(store.ready()).rejects.toMatchObject({ code: 'not-ready' });
    other.exec('ROLLBACK');
    other.close();
    await expect(store.ready()).resolves.toBeUndefined();
    await here.insert(things, thing({ id: 'after' }));
    expect(await here.get(things, 'refused')).toBeUndefined();
    await store.close();
  });

  it('commits pending writes when the store closes', async () => {
    await using home = await makeSqliteHome('always');
    const store = await home.open();
    const writes = insertAll(store.in(WORKSPACE), many(0, 20));
    await store.close();
    await writes;
    const again = await home.open();
    expect((await again.in(WORKSPACE).find(things)).items).toHaveLength(20);
    await again.close();
  });
});
