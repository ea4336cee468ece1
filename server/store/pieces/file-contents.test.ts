import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileHandle, isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { blobOf, hashesOf, isFilesRef } from '@switchyard/shared/files/stored-value.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { describe, expect, it } from 'vitest';
import { createBlobLocks } from '../blob-locks.ts';
import { createBlobSweep } from '../blob-sweep.ts';
import { createPayloads } from '../payloads.ts';
import { openSqliteStore } from '../sqlite/sqlite-store.ts';
import { stateEntries } from '../state/state-collections.ts';
import { blobs, looseBlobs } from './piece-collections.ts';

const DAY_MS = 86_400_000;
const noKey = async () => undefined;

const setUp = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-files-'));
  const store = openSqliteStore({ file: join(folder, 'switchyard.db') });
  const locks = createBlobLocks();
  let time = Date.parse('2026-01-05T10:00:00Z');
  const now = () => new Date(time);
  const payloads = createPayloads(store, now, locks);
  return {
    store,
    payloads,
    sweep: async () => {
      time += 2 * DAY_MS;
      await createBlobSweep({ store: store.in('here'), locks, now })(new AbortController().signal);
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

describe('the content of a file', () => {
  it.each([0, 1, 786_431, 786_432, 786_433, 5_000_000])('of %i bytes is stored in pieces, once, and comes back', async (length) => {
    await using set = await setUp();
    const content = randomBytes(length);
    const id = await set.payloads.files.keep('here', content);
    expect(await set.payloads.files.keep('here', content)).toBe(id);
    expect(await set.payloads.files.read('here', { id, name: 'a' }, noKey)).toEqual(content);
    const { items } = await set.store.in('here').find(blobs, { limit: 100 });
    expect(items).toHaveLength(Math.max(1, Math.ceil(length / 786_432)));
    expect(Math.max(...items.map(({ data }) => data.length))).toBeLessThanOrEqual(1024 * 1024);
  });

  it('is gone in another workspace, and once it is swept', async () => {
    await using set = await setUp();
    const id = await set.payloads.files.keep('here', Buffer.from('text'));
    const removed = { code: 'file-removed', message: expect.stringContaining('“a.txt”') };
    await expect(set.payloads.files.read('there', { id, name: 'a.txt' }, noKey)).rejects.toMatchObject(removed);
    await set.sweep();
    await expect(set.payloads.files.read('here', { id, name: 'a.txt' }, noKey)).rejects.toMatchObject(removed);
  });

  it('that is sealed can only be read with the key of its run', async () => {
    await using set = await setUp();
    const seal = { seal: (value: unknown) => Buffer.from(JSON.stringify(value)).reverse().toString('hex') };
    const open = async (runId: string, text: string) => (runId === 'run_1' ? JSON.parse(Buffer.from(text, 'hex').reverse().toString()) : undefined);
    const id = await set.payloads.files.keep('here', Buffer.from('secret'), { by: 'run_1', seal });
    expect((await set.payloads.files.read('here', { id, name: 'a' }, open)).toString()).toBe('secret');
    await expect(set.payloads.files.read('here', { id, name: 'a' }, noKey)).rejects.toMatchObject({ code: 'file-removed' });
    const stored = (await set.store.in('here').find(blobs)).items.map(({ data }) => Buffer.from(data, 'base64').toString()).join('');
    expect(stored).not.toContain(Buffer.from('secret').toString('base64'));
  });

  it('never shares its ID with a large value', async () => {
    await using set = await setUp();
    const value = { text: 'x'.repeat(100_000) };
    const kept = await set.payloads.offload('here', value);
    const id = await set.payloads.files.keep('here', Buffer.from(JSON.stringify(value)));
    expect(isBlobRef(kept) && kept.$blob).not.toBe(id);
  });

  it('is kept as long as stored state refers to it, and freed afterwards', async () => {
    await using set = await setUp();
    const here = set.store.in('here');
    const id = await set.payloads.files.keep('here', Buffer.from('text'));
    const at = '2026-01-05T10:00:00.000Z';
    const entry = {
      id: 'e',
      workspaceId: 'here',
      workflowId: 'w',
      space: 'live' as const,
      place: 'w/live/',
      key: 'k',
      stamp: 's',
      pending: [],
      expiresAt: null,
    };
    await here.insert(stateEntries, { ...entry, value: [{ $file: id, name: 'a', type: 'text/plain', bytes: 4 }], deletedAt: null, updatedAt: at, runId: null });
    await set.sweep();
    expect((await set.payloads.files.read('here', { id, name: 'a' }, noKey)).toString()).toBe('text');
    await here.delete(stateEntries, 'e');
    await set.sweep();
    expect((await here.find(blobs)).items).toEqual([]);
    expect((await here.find(looseBlobs)).items).toEqual([]);
  });
});

describe('a value with files', () => {
  const file = new FileHandle({ id: 'a'.repeat(64), name: 'a.pdf', type: 'application/pdf', bytes: 1 });

  it.each([
    ['small', { file }],
    ['large', { file, text: 'x'.repeat(100_000) }],
    ['with the key of a reference', { $files: [{ $file: 'b'.repeat(64), path: [], name: 'x', type: 'x', bytes: 1 }], value: 1, file }],
  ])('%s is stored with a list of them and comes back', async (_, value) => {
    await using set = await setUp();
    const stored = JSON.parse(JSON.stringify(await set.payloads.offload('here', value)));
    expect(isFilesRef(stored)).toBe(true);
    expect(hashesOf(stored)).toContain(file.id);
    const back = (await set.payloads.read('here', stored)) as typeof value;
    expect(JSON.stringify(back)).toBe(JSON.stringify(value));
    expect(isFileHandle(back.file)).toBe(true);
    expect(await set.payloads.read('here', stored)).toEqual(back);
  });

  it('that is only shaped like one is stored separately, and has no files', async () => {
    await using set = await setUp();
    const forged = { $files: [{ $file: 'b'.repeat(64), path: [], name: 'x', type: 'x', bytes: 1 }], value: { a: 1 } };
    const stored = await set.payloads.offload('here', forged);
    expect(blobOf(stored)).toBeDefined();
    expect(hashesOf(stored)).not.toContain('b'.repeat(64));
    expect(await set.payloads.read('here', stored)).toEqual(forged);
  });
});
