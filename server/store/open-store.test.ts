import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patience } from '../../test/kit/patience.ts';
import { DEFAULT_WORKSPACE, settings } from './collections.ts';
import { setCopyMark } from './copy/copy-mark.ts';
import { freshDatabase, SKIPPED, TEST_MONGODB_URI } from './mongo/mongo-home.fixture.ts';
import { openStore } from './open-store.ts';

const openFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'switchyard-open-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
};

const open = (dataDir: string, mongodbUri?: string) => openStore({ dataDir, mongodbUri, say: () => undefined, lost: () => undefined });

const setting = { id: 'one', workspaceId: DEFAULT_WORKSPACE, value: 1 };

describe('the store of an installation', () => {
  it('is SQLite in the data directory by default', async () => {
    await using folder = await openFolder();
    const first = await open(folder.path);
    await first.in(DEFAULT_WORKSPACE).insert(settings, setting);
    await first.close();
    const second = await open(folder.path);
    expect(await second.in(DEFAULT_WORKSPACE).get(settings, 'one')).toEqual(setting);
    await second.close();
  });

  it('is not recreated if its file is missing next to a key file, until the key file is moved away', async () => {
    await using folder = await openFolder();
    const key = join(folder.path, 'secret.key');
    await writeFile(key, '0'.repeat(64));
    await expect(open(folder.path)).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(/switchyard\.db is missing.*secret\.key.*move the key file away/),
    });
    expect(await readdir(folder.path)).toEqual(['secret.key']);
    await rm(key);
    await (await open(folder.path)).close();
  });

  it('is not opened while a copy into it is unfinished', async () => {
    await using folder = await openFolder();
    const store = await open(folder.path);
    await setCopyMark(store, 'mongodb://elsewhere/switchyard');
    await store.close();
    const refused = open(folder.path);
    await expect(refused).rejects.toMatchObject({ code: 'not-ready', message: expect.stringMatching(/mongodb:\/\/elsewhere.*switchyard copy/) });
  });
});

describe.skipIf(!TEST_MONGODB_URI)(`the store of an installation on MongoDB${SKIPPED}`, () => {
  it('is the database of MONGODB_URI, bound to one data directory at a time', async () => {
    await using database = freshDatabase(TEST_MONGODB_URI ?? '');
    await using folder = await openFolder();
    await using other = await openFolder();
    const first = await open(folder.path, database.uri);
    await first.in(DEFAULT_WORKSPACE).insert(settings, setting);
    await expect(open(other.path, database.uri)).rejects.toMatchObject({ code: 'in-use' });
    await first.close();
    const second = await open(other.path, database.uri);
    expect(await second.in(DEFAULT_WORKSPACE).get(settings, 'one')).toEqual(setting);
    await setCopyMark(second, 'sqlite:/elsewhere');
    await second.close();
    await expect(open(other.path, database.uri)).rejects.toMatchObject({ code: 'not-ready' });
    // A rejected start leaves no lease behind, so the next one doesn't wait.
    const began = performance.now();
    await expect(open(folder.path, database.uri)).rejects.toMatchObject({ code: 'not-ready' });
    expect(performance.now() - began).toBeLessThan(patience(10_000));
  });
});
