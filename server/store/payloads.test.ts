import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLOB_LIMIT, isBlobRef } from '@switchyard/shared/run/blob.ts';
import { describe, expect, it } from 'vitest';
import { createPayloads } from './payloads.ts';
import { blobs, looseBlobs } from './pieces/piece-collections.ts';
import type { WorkspaceStore } from './port.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';

const setUp = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-payloads-'));
  const store = openSqliteStore({ file: join(folder, 'switchyard.db') });
  const payloads = createPayloads(store);
  const there = async (value: unknown) => {
    const kept = await payloads.offload('here', value);
    if (!isBlobRef(kept)) throw new Error('The value was not stored as a blob');
    return kept;
  };
  return {
    store,
    payloads,
    there,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const textOfBytes = (bytes: number): string => 'x'.repeat(bytes - 2);

describe('payloads', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 1.5],
    ['a small object', { message: 'hello', list: [1, { deep: true }] }],
    ['text of exactly the limit', textOfBytes(BLOB_LIMIT)],
    ['a list of exactly the limit', [textOfBytes(BLOB_LIMIT - 2)]],
    ['an object that contains $blob deeper inside', { inner: { $blob: 'a'.repeat(64), bytes: 1, preview: '' } }],
  ])('leave %s in place', async (_, value) => {
    await using set = await setUp();
    expect(await set.payloads.offload('here', value)).toBe(value);
    expect((await set.store.in('here').find(blobs)).items).toEqual([]);
  });

  it.each([
    ['text of one byte over the limit', textOfBytes(BLOB_LIMIT + 1)],
    ['text that is long only in UTF-8', 'ü'.repeat(BLOB_LIMIT / 2)],
    ['text that is long only as JSON', '\u0001'.repeat(BLOB_LIMIT / 6 + 1)],
    ['a list of many small values', Array.from({ length: 20_000 }, (_, index) => ({ index }))],
    ['an object with long keys', { ['k'.repeat(BLOB_LIMIT)]: 1, ...JSON.parse('{"__proto__":{"a":1}}') }],
    ['characters of two units, at every cut', `${'a'.repeat(3)}${'🎉'.repeat(700_000)}`],
    ['characters of three bytes', { text: '你'.repeat(800_000) }],
    ['halves of characters', `${'x'.repeat(499)}\ud83d${'\ude00'.repeat(400_000)}`],
  ])('store %s separately and return it', async (_, value) => {
    await using set = await setUp();
    const kept = await set.there(value);
    const json = JSON.stringify(value);
    expect(kept.bytes).toBe(Buffer.byteLength(json));
    expect(kept.preview.isWellFormed()).toBe(true);
    expect(kept.preview.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(await set.payloads.load('here', kept.$blob)) === json).toBe(true);
  });

  it('show the beginning of text as text, and of anything else as JSON', async () => {
    await using set = await setUp();
    expect((await set.there(`Say "hi"${'.'.repeat(BLOB_LIMIT)}`)).preview).toMatch(/^Say "hi"\.+$/);
    expect((await set.there(['Say "hi"', '.'.repeat(BLOB_LIMIT)])).preview).toMatch(/^\["Say \\"hi\\"","\.+$/);
  });

  it('are cut into pieces of at most 1 MB', async () => {
    await using set = await setUp();
    const kept = await set.there('🎉'.repeat(700_000));
    const { items } = await set.store.in('here').find(blobs, { where: { hash: kept.$blob }, order: { field: 'number' } });
    expect(items.map((item) => item.number)).toEqual([0, 1, 2]);
    for (const item of items) {
      expect(Buffer.byteLength(item.data)).toBeLessThanOrEqual(1024 * 1024);
      expect(item.data.isWellFormed()).toBe(true);
    }
  });

  it('store equal content once, and complete what an earlier attempt left unfinished', async () => {
    await using set = await setUp();
    const value = textOfBytes(3_000_000);
    const [first, second] = await Promise.all([set.there(value), set.there(value)]);
    expect(second).toEqual(first);
    await set.store.in('here').delete(blobs, `${first.$blob}:1`);
    expect(await createPayloads(set.store).offload('here', value)).toEqual(first);
    expect(await set.payloads.load('here', first.$blob)).toBe(value);
    expect((await set.store.in('here').find(blobs)).items).toHaveLength(3);
  });

  it('are written at most once an hour in each workspace, however often they occur', async () => {
    await using set = await setUp();
    let time = Date.parse('2026-06-01T12:00:00.000Z');
    let inserts = 0;
    const counted = (workspaceId: string): WorkspaceStore => {
      const store = set.store.in(workspaceId);
      return {
        ...store,
        insert: (collection, record) => {
          if (collection.name === blobs.name) inserts++;
          return store.insert(collection, record);
        },
      };
    };
    const payloads = createPayloads({ ...set.store, in: counted }, () => new Date(time));
    const value = textOfBytes(BLOB_LIMIT * 2);
    for (let times = 0; times < 3; times++) await payloads.offload('here', value);
    expect(inserts).toBe(1);
    await payloads.offload('there', value);
    expect(inserts).toBe(2);
    time += 3_600_000;
    await payloads.offload('here', value);
    expect(inserts).toBe(3);
    const { items } = await set.store.in('here').find(looseBlobs);
    expect(items).toMatchObject([{ at: new Date(time).toISOString() }]);
  });

  it('are written again if the first attempt failed', async () => {
    await using set = await setUp();
    let away = true;
    const failing = (workspaceId: string): WorkspaceStore => {
      const store = set.store.in(workspaceId);
      return { ...store, insert: (...given) => (away ? Promise.reject(new Error('away')) : store.insert(...given)) };
    };
    const payloads = createPayloads({ ...set.store, in: failing });
    const value = textOfBytes(BLOB_LIMIT * 2);
    await expect(payloads.offload('here', value)).rejects.toThrow('away');
    away = false;
    const kept = await payloads.offload('here', value);
    expect(isBlobRef(kept) && (await payloads.load('here', kept.$blob))).toBe(value);
  });

  it('never treat user data as a reference', async () => {
    await using set = await setUp();
    const secret = await set.there(textOfBytes(BLOB_LIMIT * 2));
    for (const forged of [{ ...secret }, { $blob: 'x' }, { $blob: null, more: 1 }]) {
      const kept = await set.there(forged);
      expect(kept.$blob).not.toBe(secret.$blob);
      expect(await set.payloads.load('here', kept.$blob)).toEqual(forged);
    }
  });

  it('belong to their workspace', async () => {
    await using set = await setUp();
    const kept = await set.there(textOfBytes(BLOB_LIMIT * 2));
    await expect(set.payloads.load('there', kept.$blob)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('quickly rejects a value that repeats the same parts until it is too large', async () => {
    await using at = await setUp();
    const grown = Array(40)
      .fill(0)
      .reduce<unknown>((part) => ({ a: part, b: part }), 'x');
    await expect(at.payloads.offload('here', grown)).rejects.toMatchObject({ code: 'node-failed' });
  });

  it('writes one large value per turn of the event loop', async () => {
    await using at = await setUp();
    const large = () => at.payloads.offload('here', textOfBytes(2 * BLOB_LIMIT));
    let written = 0;
    const turnOf = async () => {
      await large();
      written++;
    };
    const all = Array.from({ length: 5 }, turnOf);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBeLessThan(5);
    await Promise.all(all);
    expect(written).toBe(5);
  });
});
