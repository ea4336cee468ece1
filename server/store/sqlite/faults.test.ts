import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contractCollections, thing, things, WORKSPACE } from '../contract/things.fixture.ts';
import { makeSqliteHome } from './sqlite-home.fixture.ts';
import { openSqliteStore } from './sqlite-store.ts';

const FILLER = fileURLToPath(new URL('./disk-filling-writer.fixture.ts', import.meta.url));

describe('a database file that cannot be written', () => {
  it('makes all writes of the commit fail as not ready, and is ready again when it can', async () => {
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

  it.skipIf(process.platform === 'win32')('acknowledges nothing that did not fit on the disk, and keeps what did', async () => {
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

  it('is refused with words when its folder is a file or it is not a database', async () => {
    await using home = await makeSqliteHome();
    writeFileSync(home.file, 'this is not a database, '.repeat(100));
    await expect(home.open()).rejects.toMatchObject({ code: 'not-ready' });
    mkdirSync(`${home.file}.folder`);
    expect(() => openSqliteStore({ file: `${home.file}.folder` })).toThrow('could not be opened');
  });
});

describe('an indexed field', () => {
  it('that holds an object is refused, and nothing is written', async () => {
    await using home = await makeSqliteHome();
    const store = await home.open();
    const here = store.in(WORKSPACE);
    await expect(here.insert(things, { ...thing({ id: 'a' }), kind: { $ne: 1 } as unknown as string })).rejects.toMatchObject({ code: 'internal' });
    expect(await here.get(things, 'a')).toBeUndefined();
    await store.close();
  });
});
