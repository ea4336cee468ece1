import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_WORKSPACE, graphs, workflows } from '../collections.ts';
import { freshDatabase, SKIPPED, TEST_MONGODB_URI } from '../mongo/mongo-home.fixture.ts';
import { openMongoStore } from '../mongo/mongo-store.ts';
import type { Store, WorkspaceStore } from '../port.ts';
import { openSqliteStore } from '../sqlite/sqlite-store.ts';
import { assertNoUnfinishedCopy } from './copy-mark.ts';
import { copyStore } from './copy-store.ts';
import { fillSample, SAMPLE_SIZE } from './sample-installation.fixture.ts';

type Place = { readonly store: Store } & AsyncDisposable;

const sqlite = async (): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-copy-'));
  const store = openSqliteStore({ file: join(folder, 'switchyard.db') });
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
};

const mongo = async (): Promise<Place> => {
  const database = freshDatabase(TEST_MONGODB_URI ?? '');
  const store = await openMongoStore({ uri: database.uri });
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await database[Symbol.asyncDispose]();
    },
  };
};

/** A store that accepts this many inserts and then fails. */
const failingAfter = (store: Store, inserts: number): Store => {
  let left = inserts;
  const here = store.in(DEFAULT_WORKSPACE);
  const failing: WorkspaceStore = {
    ...here,
    insert: async (collection, record) => {
      if (left-- <= 0) throw new Error('interrupted');
      await here.insert(collection, record);
    },
  };
  return { ...store, in: () => failing };
};

const SOURCE = 'sqlite:/somewhere';
const quiet = { workspaces: [DEFAULT_WORKSPACE], source: SOURCE, say: () => undefined };

const PAIRS: readonly (readonly [string, () => Promise<Place>, () => Promise<Place>, boolean])[] = [
  ['SQLite to SQLite', sqlite, sqlite, true],
  ['SQLite to MongoDB', sqlite, mongo, TEST_MONGODB_URI !== undefined],
  ['MongoDB to SQLite', mongo, sqlite, TEST_MONGODB_URI !== undefined],
];

for (const [title, openSource, openTarget, possible] of PAIRS) {
  describe.skipIf(!possible)(`a copy from ${title}${possible ? '' : SKIPPED}`, () => {
    it('has the same counts and hashes, and reports what it did', async () => {
      await using source = await openSource();
      await using target = await openTarget();
      await fillSample(source.store);
      const said: string[] = [];
      const copied = await copyStore({ from: source.store, to: target.store, workspaces: [DEFAULT_WORKSPACE], source: SOURCE, say: (line) => said.push(line) });
      expect(copied).toContainEqual({ name: 'workflows', count: SAMPLE_SIZE, written: SAMPLE_SIZE, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(copied).toContainEqual({ name: 'journal', count: 2 * SAMPLE_SIZE + 250, written: 2 * SAMPLE_SIZE + 250, hash: expect.any(String) });
      expect(said).toHaveLength(copied.length);
      const [left, right] = await Promise.all([source, target].map(({ store }) => store.in(DEFAULT_WORKSPACE).find(graphs, { limit: SAMPLE_SIZE })));
      expect(JSON.stringify(right)).toBe(JSON.stringify(left));
      await expect(assertNoUnfinishedCopy(target.store)).resolves.toBeUndefined();
    });

    it('continues after an interruption, even if the source has changed since', async () => {
      await using source = await openSource();
      await using target = await openTarget();
      await fillSample(source.store);
      await expect(copyStore({ ...quiet, from: source.store, to: failingAfter(target.store, 100) })).rejects.toThrow('interrupted');
      await expect(assertNoUnfinishedCopy(target.store)).rejects.toMatchObject({ code: 'not-ready', message: expect.stringContaining(SOURCE) });
      const here = source.store.in(DEFAULT_WORKSPACE);
      const [first, second, third] = (await here.find(workflows)).items;
      if (!first || !second || !third) throw new Error('The sample has no workflows');
      await here.delete(workflows, third.id);
      await here.update(workflows, first.id, { slug: 'between' });
      await here.update(workflows, second.id, { slug: first.slug });
      await here.update(workflows, first.id, { slug: second.slug });
      const copied = await copyStore({ ...quiet, from: source.store, to: target.store });
      expect(copied.find((kind) => kind.name === 'workflows')).toMatchObject({ count: SAMPLE_SIZE - 1, written: 2 });
      expect(copied.find((kind) => kind.name === 'runs')).toMatchObject({ count: SAMPLE_SIZE, written: SAMPLE_SIZE });
    });
  });
}

describe('a copy', () => {
  it('rejects a target with other content', async () => {
    await using source = await sqlite();
    await using target = await sqlite();
    await fillSample(source.store);
    await copyStore({ ...quiet, from: source.store, to: target.store });
    await expect(copyStore({ ...quiet, from: source.store, to: target.store })).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('empty target'),
    });
  });

  it('neither continues another source’s copy nor reads from an unfinished one', async () => {
    await using source = await sqlite();
    await using target = await sqlite();
    await using third = await sqlite();
    await fillSample(source.store);
    await expect(copyStore({ ...quiet, from: source.store, to: failingAfter(target.store, 100) })).rejects.toThrow('interrupted');
    const other = { ...quiet, from: source.store, to: target.store, source: 'sqlite:/elsewhere' };
    await expect(copyStore(other)).rejects.toMatchObject({ code: 'in-use', message: expect.stringContaining(SOURCE) });
    await expect(copyStore({ ...quiet, from: target.store, to: third.store })).rejects.toMatchObject({ code: 'in-use' });
  });

  it('reports a difference and leaves the target unusable', async () => {
    await using source = await sqlite();
    await using target = await sqlite();
    await fillSample(source.store);
    const here = target.store.in(DEFAULT_WORKSPACE);
    const losing: Store = { ...target.store, in: () => ({ ...here, append: async () => undefined }) };
    await expect(copyStore({ ...quiet, from: source.store, to: losing })).rejects.toThrow('“journal” differs');
    await expect(assertNoUnfinishedCopy(target.store)).rejects.toMatchObject({ code: 'not-ready' });
  });
});
