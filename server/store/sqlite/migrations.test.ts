import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { allCollections, workflows } from '../collections.ts';
import { type Thing, thing, things, WORKSPACE } from '../contract/things.fixture.ts';
import type { Collection, Index } from '../port.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { makeSqliteHome } from './sqlite-home.fixture.ts';
import { openSqliteStore } from './sqlite-store.ts';

const withIndexes = (indexes: readonly Index[], searchField?: string): Collection<Thing> => ({
  name: things.name,
  schema: things.schema,
  indexes,
  ...(searchField !== undefined && { searchField }),
});
const opened = (file: string, collection: Collection<Thing>, migrations: readonly Migration[] = MIGRATIONS) =>
  openSqliteStore({ file, collections: [collection as unknown as Collection], migrations });

const peek = (file: string, sql: string): Record<string, unknown>[] => {
  const database = new DatabaseSync(file);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
};

describe('the schema of a database file', () => {
  it('is the newest in a new file, with all collections of the product', async () => {
    await using home = await makeSqliteHome();
    const store = openSqliteStore({ file: home.file });
    expect((await store.in(WORKSPACE).find(workflows)).items).toEqual([]);
    await store.close();
    expect(peek(home.file, 'PRAGMA user_version')).toEqual([{ user_version: MIGRATIONS.at(-1)?.version }]);
    const tables = peek(home.file, "SELECT name FROM sqlite_schema WHERE type = 'table'").map((row) => row.name);
    expect(tables).toEqual(expect.arrayContaining(['journal', ...allCollections.map((collection) => collection.name)]));
  });

  it('gains an index, a unique index, and a search field, filled from existing records', async () => {
    await using home = await makeSqliteHome();
    const older = opened(home.file, withIndexes([]));
    for (const [id, owner] of [
      ['a', 'anna'],
      ['b', 'bob'],
      ['c', null],
    ] as const)
      await older.in(WORKSPACE).insert(things, thing({ id, owner, slot: id, title: `Title ${id.toUpperCase()}` }));
    await expect(older.in(WORKSPACE).find(withIndexes([]), { where: { owner: 'anna' } })).rejects.toMatchObject({ code: 'internal' });
    await older.close();
    const newer = opened(home.file, things);
    const here = newer.in(WORKSPACE);
    expect((await here.find(things, { where: { owner: ['anna', null] } })).items.map((item) => item.id)).toEqual(['a', 'c']);
    expect((await here.find(things, { search: 'title b' })).items.map((item) => item.id)).toEqual(['b']);
    await expect(here.insert(things, thing({ slot: 'a' }))).rejects.toMatchObject({ details: { index: 'slot' } });
    await newer.close();
  });

  it('follows an index that became unique or lost a field', async () => {
    await using home = await makeSqliteHome();
    const older = opened(home.file, withIndexes([{ name: 'main', fields: ['kind', 'rank'] }]));
    await older.in(WORKSPACE).insert(things, thing({ kind: 'one' }));
    await older.close();
    const newer = opened(home.file, withIndexes([{ name: 'main', fields: ['kind'], unique: true }]));
    await expect(newer.in(WORKSPACE).insert(things, thing({ kind: 'one' }))).rejects.toMatchObject({ details: { index: 'main' } });
    await newer.close();
  });

  it('is right again after an older version has written to it in between', async () => {
    await using home = await makeSqliteHome();
    for (const [id, collection] of [
      ['a', things],
      ['b', withIndexes([])],
      ['c', things],
    ] as const) {
      const store = opened(home.file, collection);
      await store.in(WORKSPACE).insert(collection, thing({ id, owner: 'anna' }));
      await store.close();
    }
    const store = opened(home.file, things);
    expect((await store.in(WORKSPACE).find(things, { where: { owner: 'anna' } })).items.map((item) => item.id)).toEqual(['a', 'b', 'c']);
    await store.close();
  });
});

describe('migrations of a database file', () => {
  it('run once if missing, and indexes fit the new documents', async () => {
    await using home = await makeSqliteHome();
    const older = opened(home.file, things);
    await older.in(WORKSPACE).insert(things, thing({ id: 'a', title: 'Anna', kind: 'old' }));
    await older.close();
    const next: Migration = {
      version: 1_000,
      title: 'Uppercase titles',
      up: ({ rewrite }) => rewrite('things', (document) => ({ ...document, title: `${String(document.title)}!`, kind: 'new' })),
    };
    for (let start = 0; start < 2; start++) {
      const store = opened(home.file, things, [...MIGRATIONS, next]);
      expect((await store.in(WORKSPACE).find(things, { where: { kind: 'new' }, search: 'anna!' })).items).toMatchObject([{ id: 'a', title: 'Anna!' }]);
      await store.close();
    }
    expect(peek(home.file, 'PRAGMA user_version')).toEqual([{ user_version: 1_000 }]);
  });

  it('leave the file unchanged if one fails', async () => {
    await using home = await makeSqliteHome();
    const older = opened(home.file, things);
    await older.in(WORKSPACE).insert(things, thing({ id: 'a', title: 'Anna' }));
    await older.close();
    const failing: Migration = {
      version: 1_000,
      title: 'Fails halfway',
      up: ({ rewrite }) => {
        rewrite('things', (document) => ({ ...document, title: 'half' }));
        throw new Error('half-way');
      },
    };
    expect(() => opened(home.file, things, [...MIGRATIONS, failing])).toThrow('half-way');
    const again = opened(home.file, things);
    expect(await again.in(WORKSPACE).get(things, 'a')).toMatchObject({ title: 'Anna' });
    await again.close();
  });

  it('from a newer version are rejected with advice, and the database stays unchanged', async () => {
    await using home = await makeSqliteHome();
    await (await home.open()).close();
    const database = new DatabaseSync(home.file);
    database.exec('PRAGMA user_version = 4711');
    database.close();
    await expect(home.open()).rejects.toMatchObject({ code: 'not-ready', message: expect.stringMatching(/newer version.*4711/) });
    expect(peek(home.file, 'PRAGMA user_version')).toEqual([{ user_version: 4711 }]);
  });
});
