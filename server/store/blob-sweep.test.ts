import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { expect, it } from 'vitest';
import { endingAfter, onBothStores } from '../../test/kit/both-stores.ts';
import { createBlobLocks } from './blob-locks.ts';
import { createBlobSweep } from './blob-sweep.ts';
import { type ReviewRecord, type RunRecord, reviews, runs } from './collections.ts';
import { createPayloads } from './payloads.ts';
import { blobs, looseBlobs } from './pieces/piece-collections.ts';
import type { Store, WorkspaceStore } from './port.ts';

const HOUR_MS = 3_600_000;
const going = new AbortController().signal;
/** A text of this many kilobytes: more than one piece from 1,024. */
const textOf = (letter: string, kilobytes = 100): string => letter.repeat(kilobytes * 1024);

/** An installation with its own clock. */
function setUp({ store }: { readonly store: Store }) {
  let time = Date.parse('2026-06-01T12:00:00.000Z');
  const now = (): Date => new Date(time);
  const workspace = store.in('here');
  const locks = createBlobLocks();
  const payloads = createPayloads(store, now, locks);
  const write = async (value: unknown) => {
    const kept = await payloads.offload('here', value);
    if (!isBlobRef(kept)) throw new Error('The value was not stored as a blob');
    return kept;
  };
  return {
    workspace,
    locks,
    payloads,
    write,
    now,
    pass: (hours: number): void => {
      time += hours * HOUR_MS;
    },
    load: (hash: string) => payloads.load('here', hash),
    sweep: (seen: WorkspaceStore = workspace, stop = going) => createBlobSweep({ store: seen, locks, now })(stop),
    addRun: (id: string, record: Partial<RunRecord> = {}): Promise<void> =>
      workspace.insert(runs, { id, workspaceId: 'here', status: 'succeeded', statusToken: id, createdAt: now().toISOString(), ...record } as RunRecord),
    addRow: (runId: string, seq: number, output: unknown): Promise<void> =>
      workspace.append({ runId, seq, epoch: 1, v: 1, events: [{ type: 'step-finished', stepId: 'draft#1', output, at: now().toISOString() } as never] }),
    piecesOf: async (hash: string): Promise<number> => (await workspace.find(blobs, { where: { hash } })).items.length,
    loose: async (): Promise<string[]> => (await workspace.find(looseBlobs)).items.map(({ id }) => id),
  };
}

onBothStores('large values', (open) => {
  it('are freed with all their pieces a day after they were written if nothing refers to them', async () => {
    await using home = await open();
    const set = setUp(home);
    const { $blob } = await set.write(textOf('a', 3_000));
    set.pass(23.9);
    await set.sweep();
    expect(await set.piecesOf($blob)).toBe(3);
    set.pass(0.2);
    await set.sweep();
    expect(await set.piecesOf($blob)).toBe(0);
    expect(await set.loose()).toEqual([]);
    await expect(set.load($blob)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('that another process writes while they are being removed are written after that', async () => {
    await using home = await open();
    const set = setUp(home);
    const { $blob } = await set.write(textOf('a', 3_000));
    set.pass(25);
    const elsewhere = createPayloads(home.store, set.now, createBlobLocks({ shared: true }));
    let writing: Promise<unknown> | undefined;
    const seen: WorkspaceStore = {
      ...set.workspace,
      delete: async (collection, id) => {
        writing ??= elsewhere.offload('here', textOf('a', 3_000));
        return set.workspace.delete(collection, id);
      },
    };
    await set.sweep(seen);
    await writing;
    expect(await set.piecesOf($blob)).toBe(3);
    expect(await set.loose()).toEqual([$blob]);
    expect(await elsewhere.load('here', $blob)).toBe(textOf('a', 3_000));
  });

  it('whose removal a crash interrupted are removed by the next sweep', async () => {
    await using home = await open();
    const set = setUp(home);
    const { $blob } = await set.write(textOf('a', 3_000));
    set.pass(25);
    const crashing: WorkspaceStore = {
      ...set.workspace,
      delete: async (collection, id) => {
        if (collection.name === looseBlobs.name) throw new Error('crash');
        return set.workspace.delete(collection, id);
      },
    };
    await expect(set.sweep(crashing)).rejects.toThrow('crash');
    await set.sweep();
    expect([await set.piecesOf($blob), await set.loose()]).toEqual([0, []]);
  });

  it('are kept if a task was created from them, even if its run was stopped before the event was written', async () => {
    await using home = await open();
    const set = setUp(home);
    const whole = await set.write(textOf('a'));
    await set.addRun('run-1');
    await set.workspace.insert(reviews, {
      id: 'run-1:review',
      workspaceId: 'here',
      runId: 'run-1',
      status: 'closed',
      createdAt: '2026-01-01',
      whole,
    } as ReviewRecord);
    set.pass(25);
    await set.sweep();
    expect(await set.load(whole.$blob)).toBe(textOf('a'));
  });

  it('are kept if a run started with them, returned them, or names them anywhere in its journal', async () => {
    await using home = await open();
    const set = setUp(home);
    const [body, answer, early, late, none] = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((letter) => set.write(textOf(letter))));
    await set.addRun('run-1', { triggerData: { kind: 'webhook', body } as RunRecord['triggerData'], output: answer });
    await set.addRun('run-2');
    for (let seq = 1; seq <= 120; seq++) await set.addRow('run-2', seq, seq === 2 ? early : seq === 119 ? { deep: [late] } : 'small');
    for (let number = 3; number < 120; number++) await set.addRun(`run-${number}`);
    set.pass(25);
    await set.sweep();
    for (const [letter, kept] of Object.entries({ a: body, b: answer, c: early, d: late })) expect(await set.load(kept?.$blob ?? '')).toBe(textOf(letter));
    expect(await set.piecesOf(none?.$blob ?? '')).toBe(0);
    expect(await set.loose()).toEqual([]);
  });

  it('are kept for another day when they are written again', async () => {
    await using home = await open();
    const set = setUp(home);
    const { $blob } = await set.write(textOf('a'));
    set.pass(20);
    await set.write(textOf('a'));
    set.pass(20);
    await set.sweep();
    expect(await set.piecesOf($blob)).toBe(1);
    set.pass(5);
    await set.sweep();
    expect(await set.piecesOf($blob)).toBe(0);
  });

  it.each(['queued', 'running'] as const)('are kept while a run that may refer to them is %s', async (status) => {
    await using home = await open();
    const set = setUp(home);
    const { $blob: before } = await set.write(textOf('b'));
    set.pass(0.9);
    await set.addRun('long', { status });
    const { $blob } = await set.write(textOf('a'));
    set.pass(48);
    await set.addRun('waits', { status: 'waiting' });
    await set.sweep();
    expect([await set.piecesOf(before), await set.piecesOf($blob)]).toEqual([1, 1]);
    await set.workspace.update(runs, 'long', { status: 'failed' });
    await set.sweep();
    expect([await set.piecesOf(before), await set.piecesOf($blob)]).toEqual([0, 0]);
  });

  it('are freed by the next pass after a crash at any point, and never if something refers to them', async () => {
    await using home = await open();
    const set = setUp(home);
    let changes = 0;
    for (let cutOff = true; cutOff; changes++) {
      const nobodys = await set.write(textOf('x', 2_000 + changes));
      const somebodys = await set.write(textOf('y', 100 + changes));
      await set.addRun(`run-${changes}`, { output: somebodys });
      set.pass(25);
      cutOff = await set.sweep(endingAfter(changes, set.workspace)).then(
        () => false,
        () => true,
      );
      await set.sweep();
      expect([await set.piecesOf(nobodys.$blob), await set.piecesOf(somebodys.$blob), await set.loose()]).toEqual([0, 1, []]);
    }
    expect(changes).toBeGreaterThan(4);
  });

  it('are whole and kept for another day when they are written again while being freed', async () => {
    await using home = await open();
    const set = setUp(home);
    const { $blob } = await set.write(textOf('a', 3_000));
    set.pass(25);
    let writing: Promise<unknown> | undefined;
    const remove: WorkspaceStore['delete'] = async (collection, id) => {
      writing ??= set.write(textOf('a', 3_000));
      return set.workspace.delete(collection, id);
    };
    await set.sweep({ ...set.workspace, delete: remove });
    await writing;
    expect(await set.load($blob)).toBe(textOf('a', 3_000));
    await set.sweep();
    expect(await set.piecesOf($blob)).toBe(3);
  });

  it('are kept when they are written again between the search and the removal', async () => {
    await using home = await open();
    const set = setUp(home);
    const { $blob } = await set.write(textOf('a'));
    set.pass(25);
    let written: Promise<unknown> | undefined;
    const find: WorkspaceStore['find'] = async (collection, query) => {
      const page = await set.workspace.find(collection, query);
      if (page.items.some(({ id }) => id === $blob)) {
        written ??= set.write(textOf('a'));
        await written;
      }
      return page;
    };
    await set.sweep({ ...set.workspace, find });
    expect(written).toBeDefined();
    expect(await set.piecesOf($blob)).toBe(1);
  });

  it('are not touched while they are being written', async () => {
    await using home = await open();
    const set = setUp(home);
    const { $blob } = await set.write(textOf('a'));
    set.pass(25);
    await set.locks.keep($blob, () => set.sweep());
    expect(await set.piecesOf($blob)).toBe(1);
  });

  it('are searched for once a day, and not at all once the server stops', async () => {
    await using home = await open();
    const set = setUp(home);
    let looks = 0;
    const find: WorkspaceStore['find'] = (collection, query) => {
      if (collection.name === looseBlobs.name) looks++;
      return set.workspace.find(collection, query);
    };
    const sweep = createBlobSweep({ store: { ...set.workspace, find }, locks: set.locks, now: set.now });
    const { $blob } = await set.write(textOf('a'));
    for (let hour = 0; hour < 24; hour++) {
      await sweep(going);
      set.pass(1);
    }
    expect(looks).toBe(1);
    set.pass(1);
    await sweep(AbortSignal.abort());
    expect([looks, await set.piecesOf($blob)]).toEqual([2, 1]);
  });
});
