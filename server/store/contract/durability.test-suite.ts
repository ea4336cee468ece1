import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Store } from '../port.ts';
import { journalRow, type MakeHome, type StoreHome, thing, things, WORKSPACE } from './things.fixture.ts';

const WRITER = fileURLToPath(new URL('./acknowledging-writer.fixture.ts', import.meta.url));
const KILLS = 3;
const ACKNOWLEDGED = 150;

/** Durability: closing, killing. */
export const describeDurability = (makeHome: MakeHome): void => {
  describe('durability', () => {
    it('finds everything after reopening, and keeps its indexes', async () => {
      await using home = await makeHome();
      const first = await home.open();
      const record = thing({ slot: 'a', body: { nested: [1] } });
      await first.in(WORKSPACE).insert(things, record);
      await first.in(WORKSPACE).append(journalRow('run', 1, 2));
      await first.close();
      const second = await home.open();
      const here = second.in(WORKSPACE);
      expect(await here.get(things, record.id)).toEqual(record);
      expect(await here.readJournal('run')).toEqual([journalRow('run', 1, 2)]);
      await expect(here.insert(things, thing({ slot: 'a' }))).rejects.toMatchObject({ details: { index: 'slot' } });
      await second.close();
    });

    it('finishes pending writes before it closes, and rejects work afterwards', async () => {
      await using home = await makeHome();
      const first = await home.open();
      const writing = Promise.all(Array.from({ length: 20 }, (_, index) => first.in(WORKSPACE).insert(things, thing({ id: `${index}` }))));
      await first.close();
      await writing;
      await expect(first.ready()).rejects.toMatchObject({ code: 'not-ready' });
      await expect(first.in(WORKSPACE).get(things, '1')).rejects.toMatchObject({ code: 'not-ready' });
      await expect(first.in(WORKSPACE).insert(things, thing())).rejects.toMatchObject({ code: 'not-ready' });
      const second = await home.open();
      expect((await second.in(WORKSPACE).find(things)).items).toHaveLength(20);
      await second.close();
    });

    it('is ready once it is open', async () => {
      await using home = await makeHome();
      const store = await home.open();
      await expect(store.ready()).resolves.toBeUndefined();
      await store.close();
    });

    it('loses nothing it acknowledged when its process is killed', { timeout: 60_000 }, async () => {
      await using home = await makeHome();
      const acknowledged: string[] = [];
      for (let kill = 0; kill < KILLS; kill++) acknowledged.push(...(await killedWhileWriting(home, `round ${kill}`)));
      expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS * ACKNOWLEDGED);
      const store = await home.open();
      expect(await missing(store, acknowledged)).toEqual([]);
      await store.close();
    });
  });
};

/** Lets another process write until it has acknowledged enough, then kills it. Returns the acknowledged IDs. */
const killedWhileWriting = async (home: StoreHome, prefix: string): Promise<string[]> => {
  const child = spawn(process.execPath, [WRITER, JSON.stringify(home.elsewhere), prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const ids: string[] = [];
  for await (const line of linesOf(child)) {
    // The mark at the end tells a complete line from a truncated one.
    if (line.endsWith(';')) ids.push(line.slice(0, -1));
    if (ids.length === ACKNOWLEDGED) child.kill('SIGKILL');
  }
  await exited;
  return ids;
};

const linesOf = (child: ChildProcess): AsyncIterable<string> => {
  if (!child.stdout) throw new Error('The child has no output');
  return createInterface({ input: child.stdout });
};

const missing = async (store: Store, ids: readonly string[]): Promise<string[]> => {
  const here = store.in(WORKSPACE);
  const lost: string[] = [];
  for (const id of ids) {
    const record = await here.get(things, id);
    const journal = await here.readJournal(id);
    if (record?.rank !== 1 || journal.length !== 1) lost.push(id);
  }
  return lost;
};
