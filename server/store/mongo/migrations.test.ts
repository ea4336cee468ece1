import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { allCollections, workflows } from '../collections.ts';
import { contractCollections, type Thing, thing, things, WORKSPACE } from '../contract/things.fixture.ts';
import type { Collection, Index, Store } from '../port.ts';
import type { MongoMigration } from './migrations.ts';
import { makeMongoHome, SKIPPED, TEST_MONGODB_URI } from './mongo-home.fixture.ts';
import { openMongoStore } from './mongo-store.ts';

const makeHome = makeMongoHome(TEST_MONGODB_URI ?? '');

const withIndexes = (indexes: readonly Index[]): Collection<Thing> => ({ name: things.name, schema: things.schema, indexes });

const opened = (uri: string, collection: Collection<Thing>, migrations: readonly MongoMigration[] = []): Promise<Store> =>
  openMongoStore({ uri, collections: [collection as unknown as Collection], migrations });

/** Looks at the database directly, without the store. */
const peek = async <T>(uri: string, look: (connection: mongoose.Connection) => Promise<T>): Promise<T> => {
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    return await look(connection);
  } finally {
    await connection.close();
  }
};

const louder = (version: number): MongoMigration => ({
  version,
  title: 'Uppercase titles',
  rewrite: { things: (record) => ({ ...record, title: `${String(record.title)}!`, kind: 'new' }) },
});

describe.skipIf(!TEST_MONGODB_URI)(`the schema of a MongoDB database${SKIPPED}`, () => {
  it('has all collections of the product, and each index starts with the workspace unless it finds a record by a token', async () => {
    await using home = await makeHome();
    const store = await openMongoStore({ uri: home.uri });
    expect((await store.in(WORKSPACE).find(workflows)).items).toEqual([]);
    await store.close();
    const indexes = await peek(home.uri, (connection) =>
      Promise.all(['journal', ...allCollections.map(({ name }) => name)].map((name) => connection.collection(name).indexes())),
    );
    const declared = allCollections.reduce((count, { indexes, searchIndex }) => count + indexes.length + (searchIndex?.facets.length ?? 0), 0);
    const ours = indexes.flat().filter((index) => index.name !== '_id_');
    expect(ours).toHaveLength(declared + allCollections.length + 1);
    const everywhere = allCollections.flatMap((collection) => collection.indexes).filter((index) => index.everywhere);
    expect(ours.filter((index) => Object.keys(index.key)[0] !== 'workspaceId')).toHaveLength(everywhere.length);
  });

  it('gains indexes and a search field, filled from existing records', async () => {
    await using home = await makeHome();
    const older = await opened(home.uri, withIndexes([]));
    for (const [id, owner] of [
      ['a', 'anna'],
      ['b', 'bob'],
      ['c', null],
    ] as const)
      await older.in(WORKSPACE).insert(things, thing({ id, owner, slot: id, title: `Title ${id.toUpperCase()}` }));
    await older.close();
    const newer = await opened(home.uri, things);
    const here = newer.in(WORKSPACE);
    expect((await here.find(things, { where: { owner: ['anna', null] } })).items.map((item) => item.id)).toEqual(['a', 'c']);
    expect((await here.find(things, { search: 'title b' })).items.map((item) => item.id)).toEqual(['b']);
    await expect(here.insert(things, thing({ slot: 'a' }))).rejects.toMatchObject({ details: { index: 'slot' } });
    await newer.close();
  });

  it('follows an index that became unique or lost a field', async () => {
    await using home = await makeHome();
    const older = await opened(home.uri, withIndexes([{ name: 'main', fields: ['kind', 'rank'] }]));
    await older.in(WORKSPACE).insert(things, thing({ kind: 'one' }));
    await older.close();
    const newer = await opened(home.uri, withIndexes([{ name: 'main', fields: ['kind'], unique: true }]));
    await expect(newer.in(WORKSPACE).insert(things, thing({ kind: 'one' }))).rejects.toMatchObject({ details: { index: 'main' } });
    await newer.close();
  });

  it('is right again after an older version has written to it in between', async () => {
    await using home = await makeHome();
    for (const [id, collection] of [
      ['a', things],
      ['b', withIndexes([])],
      ['c', things],
    ] as const) {
      const store = await opened(home.uri, collection);
      await store.in(WORKSPACE).insert(collection, thing({ id, owner: 'anna' }));
      await store.close();
    }
    const store = await opened(home.uri, things);
    expect((await store.in(WORKSPACE).find(things, { where: { owner: 'anna' } })).items.map((item) => item.id)).toEqual(['a', 'b', 'c']);
    await store.close();
  });
});

describe.skipIf(!TEST_MONGODB_URI)(`migrations of a MongoDB database${SKIPPED}`, () => {
  it('run once if missing, and indexes fit the new records', async () => {
    await using home = await makeHome();
    const older = await opened(home.uri, things);
    await Promise.all(Array.from({ length: 450 }, (_, index) => older.in(WORKSPACE).insert(things, thing({ id: `${index}`, title: 'Anna', kind: 'old' }))));
    await older.close();
    for (let start = 0; start < 2; start++) {
      const store = await opened(home.uri, things, [louder(1_000)]);
      const found = await store.in(WORKSPACE).find(things, { where: { kind: 'new' }, search: 'anna!', limit: 500 });
      expect(found.items).toHaveLength(450);
      expect(new Set(found.items.map((item) => item.title))).toEqual(new Set(['Anna!']));
      await store.close();
    }
  });

  it('continue where they were interrupted and change no record twice', async () => {
    await using home = await makeHome();
    const older = await opened(home.uri, things);
    await Promise.all(Array.from({ length: 450 }, (_, index) => older.in(WORKSPACE).insert(things, thing({ id: `${index}`, title: 'Anna' }))));
    await older.close();
    let calls = 0;
    const cutOff: MongoMigration = {
      ...louder(1_000),
      rewrite: {
        things: (record) => {
          if (++calls > 300) throw new Error('interrupted');
          return { ...record, title: `${String(record.title)}!` };
        },
      },
    };
    await expect(opened(home.uri, things, [cutOff])).rejects.toThrow('interrupted');
    const store = await opened(home.uri, things, [louder(1_000)]);
    const { items } = await store.in(WORKSPACE).find(things, { limit: 500 });
    expect(items.map((item) => item.title)).toEqual(Array.from({ length: 450 }, () => 'Anna!'));
    await store.close();
  });

  it('from a newer version are rejected with advice, and the database stays unchanged', async () => {
    await using home = await makeHome();
    await (await opened(home.uri, things, [louder(4_711)])).close();
    await expect(openMongoStore({ uri: home.uri, collections: contractCollections })).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(/newer version.*4711/),
    });
    expect(await peek(home.uri, (connection) => connection.collection('schema').findOne({}))).toMatchObject({ version: 4_711 });
  });
});
