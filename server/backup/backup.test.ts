import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readInstallationId } from '../cluster/installation-id.ts';
import { allCollections, DEFAULT_WORKSPACE, runs, settings, workflows } from '../store/collections.ts';
import { assertNoUnfinishedCopy, setCopyMark } from '../store/copy/copy-mark.ts';
import { canonical, fingerprint, journalFingerprint } from '../store/copy/fingerprint.ts';
import { fillSample, SAMPLE_SIZE } from '../store/copy/sample-installation.fixture.ts';
import { freshDatabase, SKIPPED, TEST_MONGODB_URI } from '../store/mongo/mongo-home.fixture.ts';
import { openMongoReader, openMongoStore } from '../store/mongo/mongo-store.ts';
import type { Collection, Store, StoreReader, WorkspaceStore } from '../store/port.ts';
import { openSqliteReader } from '../store/sqlite/sqlite-reader.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';
import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

interface Place extends AsyncDisposable {
  readonly store: Store;
  reader(): Promise<StoreReader>;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function sqlite(): Promise<Place> {
  const file = join(temporaryFolder(), 'switchyard.db');
  const store = openSqliteStore({ file });
  return { store, reader: async () => openSqliteReader(file), [Symbol.asyncDispose]: () => store.close() };
}

async function mongo(): Promise<Place> {
  const database = freshDatabase(TEST_MONGODB_URI ?? '');
  const store = await openMongoStore({ uri: database.uri });
  return {
    store,
    reader: () => openMongoReader(database.uri, () => undefined),
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

const AT = '2026-03-01T12:00:00.000Z';
const quiet = { workspaces: [DEFAULT_WORKSPACE], elapsed: () => performance.now(), say: () => undefined };

/** Backs up a store that stays open. */
async function backedUp(place: Place): Promise<{ readonly folder: string; readonly manifest: Manifest }> {
  const folder = join(temporaryFolder(), 'backup');
  const from = await place.reader();
  try {
    const written = await writeBackup({ ...quiet, from, folder });
    writeManifest(folder, { version: '0.1.0', backupAt: AT, finishedAt: AT, keyId: null, ...written });
    return { folder, manifest: readManifest(folder) };
  } finally {
    await from.close();
  }
}

/** A store that accepts this many inserts and then fails. */
function failingAfter(store: Store, inserts: number): Store {
  let left = inserts;
  const here = store.in(DEFAULT_WORKSPACE);
  const failing: WorkspaceStore = {
    ...here,
    insert: async (collection, record) => {
      if (left-- <= 0) throw new Error('interrupted');
      await here.insert(collection, record);
    },
  };
  return { ...store, in: () => failing };
}

async function sampled(open: () => Promise<Place>): Promise<Place> {
  const place = await open();
  await fillSample(place.store);
  return place;
}

const PAIRS: readonly (readonly [string, () => Promise<Place>, () => Promise<Place>, boolean])[] = [
  ['SQLite to SQLite', sqlite, sqlite, true],
  ['SQLite to MongoDB', sqlite, mongo, TEST_MONGODB_URI !== undefined],
  ['MongoDB to SQLite', mongo, sqlite, TEST_MONGODB_URI !== undefined],
];

for (const [title, openSource, openTarget, possible] of PAIRS) {
  describe.skipIf(!possible)(`a backup from ${title}${possible ? '' : SKIPPED}`, () => {
    it('restores every record and journal as it was', async () => {
      await using source = await sampled(openSource);
      await using target = await openTarget();
      const { folder, manifest } = await backedUp(source);
      expect(manifest.runs).toEqual({ total: SAMPLE_SIZE, open: 0 });
      expect(await restoreBackup({ ...quiet, to: target.store, folder, manifest, at: AT })).toBe(0);
      const [here, there] = [source, target].map(({ store }) => store.in(DEFAULT_WORKSPACE));
      if (!here || !there) throw new Error('No stores');
      for (const collection of allCollections) expect(await fingerprint(there, collection), collection.name).toEqual(await fingerprint(here, collection));
      expect(await journalFingerprint(there)).toEqual(await journalFingerprint(here));
      await expect(assertNoUnfinishedCopy(target.store)).resolves.toBeUndefined();
    });

    it('continues after an interruption, and keeps servers off until then', async () => {
      await using source = await sampled(openSource);
      await using target = await openTarget();
      const { folder, manifest } = await backedUp(source);
      await expect(restoreBackup({ ...quiet, to: failingAfter(target.store, 150), folder, manifest, at: AT })).rejects.toThrow('interrupted');
      await expect(assertNoUnfinishedCopy(target.store)).rejects.toMatchObject({ code: 'not-ready', message: expect.stringContaining('switchyard restore') });
      await restoreBackup({ ...quiet, to: target.store, folder, manifest, at: AT });
      const [left, right] = await Promise.all([source, target].map(({ store }) => journalFingerprint(store.in(DEFAULT_WORKSPACE))));
      expect(right).toEqual(left);
    });
  });
}

describe('a backup', () => {
  it('leaves out what belongs to one installation only', async () => {
    await using source = await sampled(sqlite);
    await using target = await sqlite();
    await source.store.in(DEFAULT_WORKSPACE).insert(settings, { id: 'pure-trial:abc', workspaceId: DEFAULT_WORKSPACE, value: {} });
    await readInstallationId(source.store);
    await setCopyMark(source.store, 'somewhere');
    const { folder, manifest } = await backedUp(source);
    await restoreBackup({ ...quiet, to: target.store, folder, manifest, at: AT });
    expect((await target.store.in(DEFAULT_WORKSPACE).find(settings)).items.map(({ id }) => id)).toEqual(['keyId']);
  });

  it('rejects a folder with other files', async () => {
    await using source = await sampled(sqlite);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await expect(writeBackup({ ...quiet, from: await source.reader(), folder })).rejects.toMatchObject({ code: 'in-use' });
  });

  it('is not restored into an installation with content, and leaves that unchanged', async () => {
    await using source = await sampled(sqlite);
    const { folder, manifest } = await backedUp(source);
    const before = await fingerprint(source.store.in(DEFAULT_WORKSPACE), allCollections[0] ?? runs);
    await expect(restoreBackup({ ...quiet, to: source.store, folder, manifest, at: AT })).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('empty data directory'),
    });
    expect(await fingerprint(source.store.in(DEFAULT_WORKSPACE), allCollections[0] ?? runs)).toEqual(before);
  });

  it.for(['journal.ndjson.gz', 'blobs.ndjson.gz'])('is rejected if one byte of %s is wrong, before anything is written', async (name) => {
    await using source = await sampled(sqlite);
    await using target = await sqlite();
    const { folder, manifest } = await backedUp(source);
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(folder, name), bytes);
    await expect(restoreBackup({ ...quiet, to: target.store, folder, manifest, at: AT })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(name),
    });
    for (const collection of allCollections) expect((await fingerprint(target.store.in(DEFAULT_WORKSPACE), collection)).count).toBe(0);
    await expect(assertNoUnfinishedCopy(target.store)).resolves.toBeUndefined();
  });

  it('is rejected if it is incomplete, or of a newer version', async () => {
    await using source = await sampled(sqlite);
    const { folder } = await backedUp(source);
    const file = join(folder, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...manifest, version: '9.0.0', eventVersion: 99 }));
    expect(() => readManifest(folder)).toThrow('made by Switchyard 9.0.0, which is newer');
    writeFileSync(file, '{');
    expect(() => readManifest(folder)).toThrow('is damaged');
    rmSync(file);
    expect(() => readManifest(folder)).toThrow('not a complete backup');
  });

  it('restores two workflows that exchanged their slugs while it was made, and a key that another run had before', async () => {
    await using source = await sampled(sqlite);
    await using target = await sqlite();
    const here = source.store.in(DEFAULT_WORKSPACE);
    const reader = await source.reader();
    const changing = changingBetweenPages(reader, async () => {
      const { items } = await here.find(workflows, { limit: 100 });
      const [first, last] = [items[0], items.at(-1)];
      if (!first || !last || first.slug === 'moved') return;
      await here.update(workflows, first.id, { slug: 'moved' });
      await here.update(workflows, last.id, { slug: first.slug });
      const found = (await here.find(runs, { limit: 100 })).items;
      const [earlier, later] = [found.find(({ idempotencyKey }) => idempotencyKey !== null), found.at(-1)];
      if (!earlier || !later) return;
      await here.update(runs, earlier.id, { idempotencyKey: null });
      await here.update(runs, later.id, { idempotencyKey: earlier.idempotencyKey });
    });
    const folder = join(temporaryFolder(), 'backup');
    const written = await writeBackup({ ...quiet, from: changing, folder });
    writeManifest(folder, { version: '0.1.0', backupAt: AT, finishedAt: AT, keyId: null, ...written });
    await restoreBackup({ ...quiet, to: target.store, folder, manifest: readManifest(folder), at: AT });
    const there = target.store.in(DEFAULT_WORKSPACE);
    for (const { name } of [workflows, runs]) {
      const collection = collectionOf(name);
      const lastOf = async (store: WorkspaceStore) => (await store.find(collection, { limit: 100 })).items.at(-1);
      expect(canonical((await lastOf(there)) ?? {})).toBe(canonical((await lastOf(here)) ?? {}));
      expect((await there.find(collection, { limit: 100 })).items).toHaveLength(SAMPLE_SIZE);
    }
    await reader.close();
  });
});

function collectionOf(name: string): Collection {
  const found = allCollections.find((collection) => collection.name === name);
  if (!found) throw new Error(`No collection ${name}`);
  return found;
}

/** Calls `change` after the first page of workflows, and again after that of runs. */
function changingBetweenPages(from: StoreReader, change: () => Promise<void>): StoreReader {
  const here = from.in(DEFAULT_WORKSPACE);
  const find: typeof here.find = async (collection, query) => {
    const page = await here.find(collection, query);
    if (collection.name === workflows.name || collection.name === runs.name) await change();
    return page;
  };
  return { ...from, in: () => ({ ...here, find }) };
}
