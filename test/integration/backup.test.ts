import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Manifest, readManifest, writeManifest } from '@switchyard/server/backup/manifest.ts';
import { restoreBackup } from '@switchyard/server/backup/restore-backup.ts';
import { writeBackup } from '@switchyard/server/backup/write-backup.ts';
import { DEFAULT_WORKSPACE, reviews } from '@switchyard/server/store/collections.ts';
import { openMongoReader } from '@switchyard/server/store/mongo/mongo-store.ts';
import { sqliteFileIn } from '@switchyard/server/store/open-store.ts';
import { runKeys } from '@switchyard/server/store/policy-collections.ts';
import type { StoreReader } from '@switchyard/server/store/port.ts';
import { openSqliteReader } from '@switchyard/server/store/sqlite/sqlite-reader.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { releaseHeldRuns } from '@switchyard/shared/contracts/system.ts';
import { expect, onTestFinished, test } from 'vitest';
import { eachGraph, transform } from '../kit/each-graph.ts';
import { echoGraph, node, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, journalOf, readRun, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { openStoreOf, storeSettings } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const AT = '2026-03-01T12:00:00.000Z';
const quiet = { workspaces: [DEFAULT_WORKSPACE], elapsed: () => performance.now(), say: () => undefined };

interface MadeBackup {
  readonly folder: string;
  readonly manifest: Manifest;
}

async function openReader(dataDir: string): Promise<StoreReader> {
  const { MONGODB_URI } = storeSettings(dataDir);
  return MONGODB_URI === undefined ? openSqliteReader(sqliteFileIn(dataDir)) : openMongoReader(MONGODB_URI, () => undefined);
}

/** Backs up a running server. `before` is called before each read of a collection. */
async function backUp({ dataDir }: TestServer, before: (collection: string) => Promise<void> = async () => {}): Promise<MadeBackup> {
  const parent = await mkdtemp(join(tmpdir(), 'switchyard-backup-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'backup');
  const from = await openReader(dataDir);
  const here = from.in(DEFAULT_WORKSPACE);
  const watched: ReturnType<StoreReader['in']> = {
    ...here,
    find: async (collection, query) => {
      await before(collection.name);
      return here.find(collection, query);
    },
    get: async (collection, id) => {
      await before(collection.name);
      return here.get(collection, id);
    },
  };
  const written = await writeBackup({ ...quiet, from: { ...from, in: () => watched }, folder }).finally(() => from.close());
  writeManifest(folder, { version: '0.1.0', backupAt: AT, finishedAt: AT, keyId: null, ...written });
  return { folder, manifest: readManifest(folder) };
}

/** A server on the restored backup, with the same key. */
async function restored(backup: MadeBackup, key: string): Promise<TestServer> {
  const folder = await temporaryDir();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const store = await openStoreOf(folder.path);
  await restoreBackup({ ...quiet, ...backup, to: store, at: AT }).finally(() => store.close());
  const server = await startTestServer({ dataDir: folder.path, env: { SWITCHYARD_SECRET_KEY: key } });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

const KEY = 'a1'.repeat(32);
const startServer = () => startTestServer({ env: { SWITCHYARD_SECRET_KEY: KEY } });

async function waitingRun(server: TestServer, workflowId: string, message: string): Promise<string> {
  const { id } = await begin(server, workflowId, message);
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  return id;
}

/** Does something once. */
function once(work: () => Promise<unknown>): () => Promise<void> {
  let done: Promise<unknown> | undefined;
  return async () => {
    done ??= work();
    await done;
  };
}

test('a decision made while the backup was read is made again, one made before it counts, and a later review comes back', async () => {
  await using server = await startServer();
  const workflowId = await workflowOf(server, reviewGraph());
  const [during, before, later] = [
    await waitingRun(server, workflowId, 'during'),
    await waitingRun(server, workflowId, 'before'),
    await waitingRun(server, workflowId, 'later'),
  ];
  const decide = async (runId: string) =>
    server.call(decideReview, { params: { id: (await openTask(server, runId)).id }, body: { decision: 'approve', values: { text: 'Yes' } } });
  await decide(before);
  await ended(server, before);
  const decideOnce = once(async () => {
    await decide(during);
    await ended(server, during);
    await waitingRun(server, workflowId, 'not in the backup');
  });
  const backup = await backUp(server, async (collection) => {
    if (collection === reviews.name) await decideOnce();
  });
  expect(backup.manifest.runs).toEqual({ total: 3, open: 2 });

  const again = await restored(backup, KEY);
  await again.call(releaseHeldRuns, {});
  expect(await readRun(again, before)).toMatchObject({ status: 'succeeded', output: 'Yes' });
  for (const runId of [during, later]) {
    const task = await openTask(again, runId);
    expect(task).toMatchObject({ status: 'open', decision: null });
    await again.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'Again' } } });
    expect(await ended(again, runId)).toMatchObject({ status: 'succeeded', output: 'Again' });
  }
});

/** Everything in a backup, unpacked. */
async function textOf({ folder }: MadeBackup): Promise<string> {
  const names = await readdir(folder);
  const parts = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return parts.map((bytes, index) => (names[index]?.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')).join('\n');
}

test.for(['redacted', 'metadata'] as const)('values that were removed (%s) are not in a backup, and an open run continues from one', async (logging) => {
  await using server = await startServer();
  const plain = await publishedWorkflow(server, echoGraph());
  await server.call(putPolicies, { params: { id: plain.id }, body: { logging, keep: [] } });
  const reply = await server.send('POST', plain.url, { body: { message: 'planted-value-1' } });
  expect(reply.text).toContain('planted-value-1');
  await whenRun(server, reply.headers.get('x-run-id') ?? '', 'without payloads', ({ payloadsRemovedAt }) => typeof payloadsRemovedAt === 'string');
  const workflowId = await workflowOf(server, reviewGraph());
  await server.call(putPolicies, { params: { id: workflowId }, body: { logging, keep: [] } });
  const open = await waitingRun(server, workflowId, 'planted-value-2');

  const backup = await backUp(server);
  const text = await textOf(backup);
  expect(text).not.toContain('planted-value-1');
  expect(text.includes('planted-value-2')).toBe(logging === 'redacted');

  const again = await restored(backup, KEY);
  await again.call(releaseHeldRuns, {});
  const task = await openTask(again, open);
  await again.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'Yes' } } });
  expect(await ended(again, open)).toMatchObject({ status: 'succeeded' });
});

test('a run with encrypted values that ends while it is read is in the backup as ended, without its key', async () => {
  await using server = await startServer();
  const workflowId = await workflowOf(server, reviewGraph());
  await server.call(putPolicies, { params: { id: workflowId }, body: { logging: 'metadata', keep: [] } });
  const run = await waitingRun(server, workflowId, 'planted-value-3');
  const task = await openTask(server, run);
  const endOnce = once(async () => {
    await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'Yes' } } });
    await whenRun(server, run, 'without payloads', ({ payloadsRemovedAt }) => typeof payloadsRemovedAt === 'string');
  });
  // After its journal was read.
  const backup = await backUp(server, async (collection) => {
    if (collection === runKeys.name) await endOnce();
  });
  expect(backup.manifest).toMatchObject({ runs: { total: 1, open: 0 } });
  expect(backup.manifest.files.find(({ name }) => name.startsWith(runKeys.name))).toMatchObject({ records: 0 });
  expect(await textOf(backup)).not.toContain('planted-value-3');
});

test('a run that waits in items of a for-each continues after a restore, and a decision made while the backup was read is made again', async () => {
  await using server = await startServer();
  const check = node('human-review', 'check', { title: 'Check {{ item }}', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] });
  const workflowId = await workflowOf(server, eachGraph({ result: '{{ item }}' }, [check, transform('after', { done: 'true' })], [['check.approve', 'after']]));
  const { id } = await server.call(startRun, { params: { id: workflowId }, body: { input: { items: ['a', 'b', 'c'] } } });
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const decide = async (at: TestServer, titles: readonly string[]) => {
    const { items } = await at.call(listReviews, { query: { runId: id, status: 'open' } });
    for (const { id: reviewId } of items.filter(({ title }) => titles.includes(title)))
      await at.call(decideReview, { params: { id: reviewId }, body: { decision: 'approve' } });
  };
  await decide(server, ['Check a']);
  await until('the first item to end', async () => (await journalOf(server, id)).some(({ type }) => type === 'frame-finished'));
  const during = once(() => decide(server, ['Check b']));
  const backup = await backUp(server, async (collection) => {
    if (collection === reviews.name) await during();
  });
  await using again = await restored(backup, KEY);
  await again.call(releaseHeldRuns, { body: {} });
  const open = (await again.call(listReviews, { query: { runId: id, status: 'open' } })).items.map(({ title }) => title);
  expect(open.sort()).toEqual(['Check b', 'Check c']);
  await decide(again, open);
  expect(await ended(again, id)).toMatchObject({ status: 'succeeded', output: { items: ['a', 'b', 'c'], succeeded: 3 } });
});
