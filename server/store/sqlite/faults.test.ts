import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contractCollections, entries, type StoreHome, thing, things, WORKSPACE } from '../contract/things.fixture.ts';
import { makeSqliteHome } from './sqlite-home.fixture.ts';
import { openSqliteStore } from './sqlite-store.ts';

const FILLER = fileURLToPath(new URL('./disk-filling-writer.fixture.ts', import.meta.url));

describe('a database file that cannot be written', () => {
  it('fails all writes of the commit as not ready, and recovers once it can be written', async () => {
    await using home = await makeSqliteHome();
    const store = openSqliteStore({ file: home.file, collections: contractCollections, busyTimeoutMs: 20 });
    const here = store.in(WORKSPACE);
    await here.insert(things, thing({ id: 'before' }));
    const other = new DatabaseSync(home.file);
    other.exec('BEGIN IMMEDIATE');
    const outcomes = await Promise.allSettled([here.insert(things, thing()), here.update(things, 'before', { rank: 1 }), here.delete(things, 'before')]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toMatchObject([
      { code: 'not-ready' },
      { code: 'not-ready' },
      { code: 'not-ready' },
    ]);
    await expect(store.ready()).rejects.toMatchObject({ code: 'not-ready' });
    expect(await here.get(things, 'before')).toMatchObject({ rank: 0 });
    other.exec('ROLLBACK');
    other.close();
    await expect(store.ready()).resolves.toBeUndefined();
    await here.insert(things, thing({ id: 'after' }));
    await store.close();
  });

  it.skipIf(process.platform === 'win32')('acknowledges nothing that didn’t fit on the disk, and keeps what did', async () => {
    await using home = await makeSqliteHome();
    const script = 'ulimit -f 4096 && exec "$0" "$@"';
    const child = spawnSync('bash', ['-c', script, process.execPath, FILLER, home.file], { encoding: 'utf8' });
    expect(child.stderr).toBe('');
    const report: { acknowledged: string[]; refused: string[]; ready: string } = JSON.parse(child.stdout);
    expect(report.acknowledged.length).toBeGreaterThan(10);
    expect(new Set(report.refused)).toEqual(new Set(['not-ready']));
    expect(report.ready).toBe('not-ready');
    const store = await home.open();
    for (const id of report.acknowledged) expect(await store.in(WORKSPACE).get(things, id)).toBeDefined();
    await store.close();
  });

  it('is rejected with its name and the cause, and left unchanged', async () => {
    await using home = await makeSqliteHome();
    const refused = (content: string | Uint8Array, reason: RegExp) => {
      writeFileSync(home.file, content);
      expect(() => openSqliteStore({ file: home.file })).toThrow(expect.objectContaining({ code: 'not-ready', message: expect.stringContaining(home.file) }));
      expect(() => openSqliteStore({ file: home.file })).toThrow(reason);
      expect(readFileSync(home.file)).toEqual(Buffer.from(content));
    };
    const whole = await bytesOfDatabase(home, (database) => database.exec('PRAGMA user_version = 0'));
    refused('this is not a database, '.repeat(100), /is not a database/);
    refused('', /is empty/);
    refused(whole.subarray(0, whole.length / 2), /is damaged/);
    refused(Buffer.concat([whole.subarray(0, 200), Buffer.alloc(8_000, 0x5a), whole.subarray(8_200)]), /is damaged/);
    refused(await bytesOfOtherProgram(), /belongs to another program/);
  });

  it('is named if it is a folder, or if its folder is a file', async () => {
    await using home = await makeSqliteHome();
    mkdirSync(`${home.file}.folder`);
    expect(() => openSqliteStore({ file: `${home.file}.folder` })).toThrow(/switchyard.db.folder can’t be opened/);
    writeFileSync(home.file, 'a file');
    expect(() => openSqliteStore({ file: join(home.file, 'below.db') })).toThrow(/folder of the database file .*below.db can’t be created/);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('reports that it is read-only', async () => {
    await using home = await makeSqliteHome();
    await (await home.open()).close();
    chmodSync(home.file, 0o400);
    expect(() => openSqliteStore({ file: home.file, collections: contractCollections })).toThrow(/switchyard.db is read-only/);
  });
});

describe('a database file that is damaged while in use', () => {
  const filtered = { search: 'order', order: { field: 'at', descending: true } } as const;

  it.each(['a page of a table', 'the content of rows'])('rejects every query with its name and the cause: %s', async (what) => {
    await using home = await makeSqliteHome();
    const filled = await home.open();
    const about = { workspaceId: WORKSPACE, at: new Date(0).toISOString(), group: 'all', kind: 'usual', labels: {}, body: { value: 'an order' } };
    await filled.in(WORKSPACE).insert(entries, { id: 'entry', ...about });
    await filled.close();
    const damage = what === 'a page of a table' ? damageRoot : damageRows;
    damage(home.file, entries.name);
    const store = await home.open();
    const here = store.in(WORKSPACE);
    const reads = [
      here.get(entries, 'entry'),
      here.find(entries),
      here.find(entries, { aside: true }),
      here.find(entries, filtered),
      here.update(entries, 'entry', { kind: 'new' }),
    ];
    const outcomes = await Promise.allSettled(reads);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { code: 'not-ready', message: expect.stringContaining(`${home.file} is damaged`) } });
    await store.close();
  });
});

/** Overwrites the first page of a table. */
function damageRoot(file: string, table: string): void {
  const database = new DatabaseSync(file);
  const page = Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.rootpage);
  const size = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  database.close();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, (page - 1) * size, page * size);
  writeFileSync(file, bytes);
}

/** Overwrites the documents of a table with text that is not JSON. */
function damageRows(file: string, table: string): void {
  const database = new DatabaseSync(file);
  database.exec(`UPDATE "${table}" SET doc = 'order {'`);
  database.close();
}

/** The file of a store, complete and closed. */
const bytesOfDatabase = async (home: StoreHome & { readonly file: string }, change: (database: DatabaseSync) => void): Promise<Buffer> => {
  await (await home.open()).close();
  const database = new DatabaseSync(home.file);
  change(database);
  database.exec('PRAGMA journal_mode = DELETE');
  database.close();
  return readFileSync(home.file);
};

const bytesOfOtherProgram = async (): Promise<Buffer> => {
  await using other = await makeSqliteHome();
  const database = new DatabaseSync(other.file);
  database.exec('CREATE TABLE journal (id INTEGER PRIMARY KEY, entry TEXT)');
  database.close();
  return readFileSync(other.file);
};

describe('an indexed field', () => {
  it('that holds an object is rejected, and nothing is written', async () => {
    await using home = await makeSqliteHome();
    const store = await home.open();
    const here = store.in(WORKSPACE);
    await expect(here.insert(things, { ...thing({ id: 'a' }), kind: { $ne: 1 } as unknown as string })).rejects.toMatchObject({ code: 'internal' });
    expect(await here.get(things, 'a')).toBeUndefined();
    await store.close();
  });
});
