import { lockDataDir } from '@switchyard/server/data-dir/lock.ts';
import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { fillSample, SAMPLE_SIZE } from '@switchyard/server/store/copy/sample-installation.fixture.ts';
import { sqliteFileIn } from '@switchyard/server/store/open-store.ts';
import { openSqliteStore } from '@switchyard/server/store/sqlite/sqlite-store.ts';
import { describe, expect, it } from 'vitest';
import { mongoForTest, SKIPPED } from '../kit/mongo.ts';
import { temporaryDir } from '../kit/server.ts';
import { switchyard } from '../kit/switchyard.ts';

const fill = async (dataDir: string): Promise<void> => {
  const store = openSqliteStore({ file: sqliteFileIn(dataDir) });
  await fillSample(store);
  await store.close();
};

const runsIn = async (dataDir: string): Promise<number> => {
  const store = openSqliteStore({ file: sqliteFileIn(dataDir) });
  const { items } = await store.in(DEFAULT_WORKSPACE).find(runs, { limit: 1_000 });
  await store.close();
  return items.length;
};

describe('switchyard copy', () => {
  it('copies one data directory to another and prints what it did', async () => {
    await using from = await temporaryDir();
    await using to = await temporaryDir();
    await fill(from.path);
    const { code, output } = await switchyard(['copy', '--from', `sqlite:${from.path}`, '--to', `sqlite:${to.path}`]);
    expect(output).toMatch(/runs +60 copied, +60 of them now, SHA-256 [0-9a-f]{16}… in both\n/);
    expect([code, await runsIn(to.path)]).toEqual([0, SAMPLE_SIZE]);
  });

  it.skipIf(!process.env.TEST_MONGODB_URI)(`copies to MongoDB and back${SKIPPED}`, async () => {
    await using from = await temporaryDir();
    await using back = await temporaryDir();
    await using database = mongoForTest();
    const uri = database?.uri ?? '';
    await fill(from.path);
    const there = await switchyard(['copy', '--from', `sqlite:${from.path}`, '--to', uri]);
    expect(there).toMatchObject({ code: 0, output: expect.stringContaining('identical in both stores') });
    const again = await switchyard(['copy', '--from', uri, '--to', `sqlite:${back.path}`]);
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('identical in both stores') });
    expect(await runsIn(back.path)).toBe(SAMPLE_SIZE);
  });

  it('rejects a data directory in use by a server, one without an installation, and an invalid address', async () => {
    await using from = await temporaryDir();
    await using to = await temporaryDir();
    const target = ['--to', `sqlite:${to.path}`] as const;
    expect(await switchyard(['copy', '--from', `sqlite:${from.path}`, ...target])).toMatchObject({
      code: 1,
      output: expect.stringContaining('No installation'),
    });
    await fill(from.path);
    const lock = lockDataDir(from.path);
    expect(await switchyard(['copy', '--from', `sqlite:${from.path}`, ...target])).toMatchObject({ code: 1, output: expect.stringContaining(from.path) });
    lock.release();
    expect(await switchyard(['copy', '--from', 'postgres://x', ...target])).toMatchObject({ code: 1, output: expect.stringContaining('--from must be') });
    expect(await switchyard(['copy', ...target])).toMatchObject({ code: 1, output: expect.stringContaining('Usage') });
  });
});
