import { applyRetention } from '@switchyard/server/services/retention/retention.ts';
import { createBlobLocks } from '@switchyard/server/store/blob-locks.ts';
import { createBlobSweep } from '@switchyard/server/store/blob-sweep.ts';
import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { looseBlobs } from '@switchyard/server/store/pieces/piece-collections.ts';
import { retentionProgress, runTokens } from '@switchyard/server/store/policy-collections.ts';
import { listCorrections } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { createErasure, dryRunRetention, getPolicies, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview, getReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { expect, test } from 'vitest';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended, journalOf, readRun, whenRun } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { everythingReadable, openSealingStoreOf, openStoreOf } from '../kit/store.ts';

const SECRET = 'the planted payload';
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

/** Moves the time when a run was accepted to this many days ago. Its workflow is looked at from the beginning again. */
async function acceptedEarlier(dataDir: string, id: string, days: number): Promise<void> {
  const store = await openStoreOf(dataDir);
  const here = store.in(DEFAULT_WORKSPACE);
  const run = await here.update(runs, id, { createdAt: inDays(-days).toISOString() });
  await here.delete(retentionProgress, run?.workflowId ?? '');
  await store.close();
}

/** Applies the retention, and deletes unreferenced blobs, as it would happen in this many days. */
async function applyIn(dataDir: string, days: number): Promise<void> {
  const { store, secrets } = await openSealingStoreOf(dataDir);
  try {
    await applyRetention({ store: store.in(DEFAULT_WORKSPACE), secrets }, DEFAULT_WORKSPACE, inDays(days), new AbortController().signal);
    const sweep = createBlobSweep({ store: store.in(DEFAULT_WORKSPACE), locks: createBlobLocks(), now: () => inDays(days + 2) });
    await sweep(new AbortController().signal);
  } finally {
    await store.close();
  }
}

const runOf = async (server: TestServer, id: string, message: string, labels: Record<string, string> = {}) =>
  (await server.call(startRun, { params: { id }, body: { input: { message }, labels } })).id;

test('removes payloads, then journals, then runs, by age', async () => {
  await using folder = await temporaryDir();
  const ids: Record<string, string> = {};
  let statusUrl = '';
  {
    await using server = await startTestServer({ dataDir: folder.path });
    const echo = await publishedWorkflow(server, echoGraph(), { mode: 'accepted' });
    const review = await publishedWorkflow(server, reviewGraph({ assignee: '{{ input.message }}' }));
    await server.call(putPolicies, {
      params: { id: echo.id },
      body: { redaction: [{ detector: 'email', action: 'tokenise' }], retention: { payloadDays: 30, journalDays: 60, summaryDays: 90 } },
    });
    const reply = await server.send('POST', echo.url, { body: { message: `${SECRET} ada@example.com`, large: 'x'.repeat(100_000) } });
    ({ runId: ids.ended = '', statusUrl = '' } = reply.json as { runId: string; statusUrl: string });
    await ended(server, ids.ended);
    ids.reviewed = await runOf(server, review.id, SECRET);
    await whenRun(server, ids.reviewed, 'waiting', ({ status }) => status === 'waiting');
    const [task] = (await server.call(listReviews, { query: { runId: ids.reviewed } })).items;
    await server.call(decideReview, { params: { id: task?.id ?? '' }, body: { decision: 'approve', values: { text: `${SECRET}!` }, comment: SECRET } });
    await ended(server, ids.reviewed);
    ids.waiting = await runOf(server, review.id, SECRET);
    await whenRun(server, ids.waiting, 'waiting', ({ status }) => status === 'waiting');
  }

  await applyIn(folder.path, 31);
  {
    await using server = await startTestServer({ dataDir: folder.path });
    const run = await readRun(server, ids.ended ?? '');
    expect(run).toMatchObject({ status: 'succeeded', payloadsRemovedAt: expect.any(String), input: { $removed: { type: 'object' } } });
    expect(run.steps.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(isRemoved(run.output)).toBe(true);
    expect(await server.refused(rerunRun, { params: { id: run.id }, body: {} })).toMatchObject({ code: 'payload-removed', status: 410 });
    const path = new URL(statusUrl).pathname;
    expect(await server.send('GET', path)).toMatchObject({ status: 410, json: { code: 'payload-removed' } });
    expect((await readRun(server, ids.waiting ?? '')).input).toEqual({ message: SECRET });
    expect((await readRun(server, ids.reviewed ?? '')).payloadsRemovedAt).toBeNull();
  }

  await applyIn(folder.path, 91);
  {
    const store = await openStoreOf(folder.path);
    const here = store.in(DEFAULT_WORKSPACE);
    expect(await here.get(runs, ids.ended ?? '')).toBeUndefined();
    expect((await here.find(runTokens, {})).items).toEqual([]);
    expect((await here.find(looseBlobs, {})).items).toEqual([]);
    await store.close();
    await using server = await startTestServer({ dataDir: folder.path });
    const reviewed = await readRun(server, ids.reviewed ?? '');
    expect(reviewed).toMatchObject({ payloadsRemovedAt: expect.any(String), status: 'succeeded' });
    expect(fold(await journalOf(server, reviewed.id)).status).toBe('succeeded');
    const [task] = (await server.call(listReviews, { query: { runId: reviewed.id, status: 'done' } })).items;
    expect(await server.call(getReview, { params: { id: task?.id ?? '' } })).toMatchObject({
      title: '(removed)',
      assignee: '(removed)',
      fields: [],
      decision: { decision: 'approve', values: {}, comment: '' },
    });
    const [correction] = (await server.call(listCorrections, {})).items;
    expect(correction).toMatchObject({
      comment: '',
      changes: [{ field: 'text', before: { $removed: { type: 'string' } }, after: { $removed: { type: 'string' } } }],
    });
    expect((await readRun(server, ids.waiting ?? '')).input).toEqual({ message: SECRET });
    await server.call(cancelRun, { params: { id: ids.waiting ?? '' } });
    await ended(server, ids.waiting ?? '');
  }

  await applyIn(folder.path, 401);
  {
    await using server = await startTestServer({ dataDir: folder.path });
    expect(await readRun(server, ids.waiting ?? '')).toMatchObject({ status: 'cancelled', steps: [], payloadsRemovedAt: expect.any(String) });
    expect(await readRun(server, ids.reviewed ?? '')).toMatchObject({ status: 'succeeded', steps: [] });
  }
  const everything = await everythingReadable(folder.path);
  expect(everything.includes(SECRET)).toBe(false);
});

test('a run that took longer than its data is kept keeps it after its end', async () => {
  await using folder = await temporaryDir();
  let runId = '';
  {
    await using server = await startTestServer({ dataDir: folder.path });
    runId = await runOf(server, (await publishedWorkflow(server, reviewGraph())).id, SECRET);
    await whenRun(server, runId, 'waiting', ({ status }) => status === 'waiting');
  }
  await acceptedEarlier(folder.path, runId, 500);
  {
    await using server = await startTestServer({ dataDir: folder.path });
    const [task] = (await server.call(listReviews, { query: { runId } })).items;
    await server.call(decideReview, { params: { id: task?.id ?? '' }, body: { decision: 'approve', values: { text: 'Checked' } } });
    await ended(server, runId);
    const { workflowId } = await readRun(server, runId);
    expect(await server.call(dryRunRetention, { params: { id: workflowId } })).toMatchObject({ payloads: { runs: 0 }, journals: { runs: 0 } });
  }
  await applyIn(folder.path, 89);
  {
    await using server = await startTestServer({ dataDir: folder.path });
    expect(await readRun(server, runId)).toMatchObject({ input: { message: SECRET }, output: 'Checked', payloadsRemovedAt: null });
  }
  await applyIn(folder.path, 91);
  await using server = await startTestServer({ dataDir: folder.path });
  expect(await readRun(server, runId)).toMatchObject({ input: { $removed: { type: 'object' } }, payloadsRemovedAt: expect.any(String) });
});

test('counts what the settings would remove, without removing it', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, echoGraph());
  await ended(server, await runOf(server, id, SECRET));
  expect((await server.call(getPolicies, { params: { id } })).retention).toEqual({ payloadDays: 90, journalDays: 400, summaryDays: null });
  expect(await server.call(dryRunRetention, { params: { id } })).toMatchObject({
    payloads: { runs: 0, oldest: null },
    journals: { runs: 0 },
    summaries: { runs: 0 },
  });
  const wrong = await server.refused(putPolicies, { params: { id }, body: { retention: { payloadDays: 500 } } });
  expect(wrong).toMatchObject({ code: 'bad-request', errors: [{ path: 'retention.payloadDays' }] });
});

test('erases the payloads of one customer, with a dry run and a receipt', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, echoGraph());
  const waiting = await publishedWorkflow(server, reviewGraph());
  const theirs = await Promise.all([1, 2, 3].map(async () => runOf(server, id, SECRET, { tenant: 'acme' })));
  const others = await runOf(server, id, 'of another customer', { tenant: 'acme-2' });
  for (const run of [...theirs, others]) await ended(server, run);
  const open = await runOf(server, waiting.id, 'still open', { tenant: 'acme' });
  await whenRun(server, open, 'waiting', ({ status }) => status === 'waiting');
  const body = { label: 'tenant', value: 'acme', reason: 'request of 1 March' };
  expect(await server.call(createErasure, { body: { ...body, dryRun: true } })).toMatchObject({ dryRun: true, runs: 3, open: [open] });
  expect((await readRun(server, theirs[0] ?? '')).input).toEqual({ message: SECRET });
  expect(await server.call(createErasure, { body })).toMatchObject({
    dryRun: false,
    runs: 3,
    removedBefore: 0,
    open: [open],
    hasMore: false,
    reason: body.reason,
  });
  expect(await server.call(createErasure, { body })).toMatchObject({ runs: 0, removedBefore: 3 });
  expect((await readRun(server, others)).input).toEqual({ message: 'of another customer' });
  expect((await readRun(server, open)).input).toEqual({ message: 'still open' });
  await server.stop();
  expect((await everythingReadable(server.dataDir)).includes(SECRET)).toBe(false);
});
