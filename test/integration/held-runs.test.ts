import { DEFAULT_WORKSPACE, type RunRecord, runs, settings } from '@switchyard/server/store/collections.ts';
import type { Store } from '@switchyard/server/store/port.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun } from '@switchyard/shared/contracts/runs.ts';
import { getHeldRuns, releaseHeldRuns } from '@switchyard/shared/contracts/system.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { echoGraph, edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, journalOf, readRun, runOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { startSilentServer } from '../kit/silent-server.ts';
import { openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const BACKUP_AT = '2026-03-01T12:00:00.000Z';
const ENV = { EGRESS_ALLOW: '127.0.0.1' };

const delayGraph = (): ReturnType<typeof graphOf> =>
  graphOf(
    [messageInput(), node('delay', 'pause', { by: 'duration', amount: '1', unit: 'seconds' }), node('output', 'reply', { value: 'done' })],
    [edge('start', 'pause'), edge('pause', 'reply')],
  );

/** Leaves the store as a restore does: every open run is held. `more` are runs that were accepted and not started. */
async function holdRuns(store: Store, more: readonly RunRecord[]): Promise<number> {
  const here = store.in(DEFAULT_WORKSPACE);
  for (const record of more) await here.insert(runs, record);
  const open = (await here.find(runs, { limit: 500 })).items.filter(({ status }) => !isEnded(status));
  for (const { id, wakeAt } of open) await here.update(runs, id, { heldSince: BACKUP_AT, heldWakeAt: wakeAt, wakeAt: null });
  await here.insert(settings, {
    id: 'restored',
    workspaceId: DEFAULT_WORKSPACE,
    value: { backupAt: BACKUP_AT, restoredAt: BACKUP_AT, held: open.length },
  });
  return open.length;
}

/** Records of runs that were accepted, made from one that has ended. */
async function acceptedLike(store: Store, runId: string, ids: readonly string[]): Promise<RunRecord[]> {
  const record = await store.in(DEFAULT_WORKSPACE).get(runs, runId);
  if (!record) throw new Error('The run is missing');
  const fresh = { status: 'queued', output: null, error: null, startedAt: null, endedAt: null, seq: 0, idempotencyKey: null } as const;
  return ids.map((id) => ({ ...record, ...fresh, id, statusToken: `token of ${id}` }));
}

async function restoredServer(dataDir: string, prepare: (store: Store) => Promise<unknown>): Promise<TestServer> {
  const store = await openStoreOf(dataDir);
  await prepare(store).finally(() => store.close());
  return startTestServer({ dataDir, env: ENV });
}

test('runs that a restore left open do nothing until they are released, and then end as they would have', async () => {
  await using folder = await temporaryDir();
  await using silent = await startSilentServer();
  await using before = await startTestServer({ dataDir: folder.path, env: ENV });
  const waiting = await begin(before, await workflowOf(before, reviewGraph()), 'Please check');
  const pausing = await begin(before, await workflowOf(before, delayGraph()));
  const echo = await runOf(before, echoGraph());
  const request = await begin(before, await workflowOf(before, requestGraph(silent.url)));
  await until('the request', () => silent.requests.length === 1);
  await before.call(cancelRun, { params: { id: request.id } });
  const task = await openTask(before, waiting.id);
  await whenRun(before, pausing.id, 'waiting', ({ status }) => status === 'waiting');
  await before.stop();

  await using server = await restoredServer(folder.path, async (store) => {
    const accepted = [...(await acceptedLike(store, echo.id, ['run_echo'])), ...(await acceptedLike(store, request.id, ['run_request']))];
    expect(await holdRuns(store, accepted)).toBe(4);
  });
  expect(await server.call(getHeldRuns, {})).toEqual({ count: 4, backupAt: BACKUP_AT, restoredAt: BACKUP_AT, releasedAt: null });
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'Checked' } } });
  // New runs work, for longer than the delay.
  for (let count = 0; count < 3; count++) expect(await runOf(server, delayGraph())).toMatchObject({ output: 'done' });
  expect(await readRun(server, waiting.id)).toMatchObject({ status: 'waiting' });
  expect(await readRun(server, pausing.id)).toMatchObject({ status: 'waiting' });
  expect(await readRun(server, 'run_echo')).toMatchObject({ status: 'queued', seq: 0 });

  // Canceling needs no release, and starts no step.
  await server.call(cancelRun, { params: { id: 'run_request' } });
  expect(await ended(server, 'run_request')).toMatchObject({ status: 'cancelled' });
  expect((await journalOf(server, 'run_request')).some(({ type }) => type === 'step-started')).toBe(false);
  expect(silent.requests).toHaveLength(1);

  expect(await server.call(releaseHeldRuns, { body: { reason: 'Checked the shop' } })).toMatchObject({ releasedAt: expect.any(String) });
  expect(await ended(server, waiting.id)).toMatchObject({ status: 'succeeded', output: 'Checked' });
  expect(await ended(server, pausing.id)).toMatchObject({ status: 'succeeded', output: 'done' });
  expect(await ended(server, 'run_echo')).toMatchObject({ status: 'succeeded', output: { message: 'Hello' } });
  await until('the end of the release', async () => (await server.call(getHeldRuns, {})).backupAt === null);
  const { items } = await server.call(listChanges, { query: { subject: 'restore' } });
  expect(items).toMatchObject([{ action: 'release', subject: { id: BACKUP_AT }, before: { held: 4 }, reason: 'Checked the shop', applied: true }]);
});

test('a release that was interrupted continues at the next start, and a second one changes nothing', async () => {
  await using folder = await temporaryDir();
  await using before = await startTestServer({ dataDir: folder.path });
  const echo = await runOf(before, echoGraph());
  await before.stop();
  const ids = Array.from({ length: 30 }, (_, index) => `run_${index}`);
  await using server = await restoredServer(folder.path, async (store) => {
    await holdRuns(store, await acceptedLike(store, echo.id, ids));
    await store.in(DEFAULT_WORKSPACE).insert(settings, {
      id: 'restored-release',
      workspaceId: DEFAULT_WORKSPACE,
      value: { at: BACKUP_AT, left: ids.length },
    });
  });
  await Promise.all(ids.map(async (id) => expect(await ended(server, id)).toMatchObject({ status: 'succeeded' })));
  await until('the end of the release', async () => (await server.call(getHeldRuns, {})).backupAt === null);
  expect(await server.call(releaseHeldRuns, {})).toEqual({ count: 0, backupAt: null, restoredAt: null, releasedAt: null });
});
