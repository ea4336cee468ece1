import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { thing, things, WORKSPACE } from '../../contract/things.fixture.ts';
import { makeSqliteHome } from '../sqlite-home.fixture.ts';

const isOnDisk = (file: string): boolean => [file, `${file}-wal`].some((name) => readFileSync(name, 'latin1').includes('secret-of'));

describe.for(['when-crowded', 'always'] as const)('values removed from a database that commits in a thread %s', (threaded) => {
  it('are overwritten in its file and its log', async () => {
    await using home = await makeSqliteHome(threaded);
    const store = await home.open();
    const here = store.in(WORKSPACE);
    await here.insert(things, thing({ id: 'changed', name: 'secret-of-a-record' }));
    await here.insert(things, thing({ id: 'deleted', name: `secret-of-a-long-record ${'x'.repeat(20_000)}` }));
    await here.update(things, 'changed', { name: 'none' });
    await here.delete(things, 'deleted');
    expect(isOnDisk(home.file)).toBe(true);
    await Promise.all([here.forgetRemoved(), here.forgetRemoved()]);
    expect(isOnDisk(home.file)).toBe(false);
    await store.close();
  });
});

describe('a reader of the log', () => {
  it('delays overwriting, but no write', async () => {
    await using home = await makeSqliteHome();
    const store = await home.open();
    const here = store.in(WORKSPACE);
    await here.insert(things, thing({ id: 'a', name: 'secret-of-a-record' }));
    const reader = new DatabaseSync(home.file, { readOnly: true });
    reader.exec('BEGIN');
    expect(reader.prepare('SELECT count(*) AS count FROM things').get()).toMatchObject({ count: 1 });
    await here.delete(things, 'a');
    const forgotten = here.forgetRemoved();
    for (let written = 0; written < 20; written++) await here.insert(things, thing());
    expect(isOnDisk(home.file)).toBe(true);
    const closing = setTimeout(() => reader.close(), 1_500);
    await forgotten;
    clearTimeout(closing);
    expect(reader.isOpen).toBe(false);
    expect(isOnDisk(home.file)).toBe(false);
    await store.close();
  });
});

describe('the log of a server that crashed', () => {
  it('is emptied when the database is opened', async () => {
    await using home = await makeSqliteHome();
    const crashed = await home.open();
    await crashed.in(WORKSPACE).insert(things, thing({ id: 'a', name: 'secret-of-a-record' }));
    await crashed.in(WORKSPACE).delete(things, 'a');
    const next = await home.open();
    expect(isOnDisk(home.file)).toBe(false);
    await next.close();
    await crashed.close();
  });
});
