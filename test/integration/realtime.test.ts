import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { getRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { RunDelta, RunFallback, WatchAck, WorkflowChange, WorkflowRun } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { modelGraph, reviewGraph, reviewThenModelGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { connectPage, type PageSocket } from '../kit/page-socket.ts';
import { PATIENCE_MS } from '../kit/patience.ts';
import { openTask } from '../kit/review-task.ts';
import { begin } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

/** Watches a run and collects its events. */
async function watch(socket: PageSocket, runId: string, fromSeq = 1): Promise<{ ack: WatchAck; events: JournalEvent[] }> {
  const events: JournalEvent[] = [];
  socket.on('run:events', (batch) => {
    if (batch.runId === runId) events.push(...batch.events);
  });
  const ack = await socket.timeout(PATIENCE_MS).emitWithAck('run:watch', { runId, fromSeq });
  return { ack, events };
}

const hasEnded = (events: readonly JournalEvent[]): boolean => events.at(-1)?.type === 'run-finished';
const inOrder = (events: readonly JournalEvent[], from = 1): void => expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => from + index));

test('a page that watches from the start sees each event once and in order during the run, and folds to what REST shows', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '300' } });
  using socket = connectPage(server.base);
  const deltas: RunDelta[] = [];
  socket.on('run:delta', (delta) => deltas.push(delta));
  const { id } = await server.call(createWorkflow, { body: { name: 'Live', graph: modelGraph() } });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'hi' } } });
  const { ack, events } = await watch(socket, runId);
  expect(ack).toMatchObject({ ok: true });
  await until('the model call to be seen running', () => events.some((event) => event.type === 'call-started'));
  expect(hasEnded(events)).toBe(false);
  await until('the end', () => hasEnded(events));
  inOrder(events);
  const run = await server.call(getRun, { params: { id: runId } });
  const state = fold(events);
  expect([state.status, state.seq, state.reply?.value]).toEqual([run.status, run.seq, run.output]);
  expect(deltas.length).toBeGreaterThan(0);
  expect(deltas.every((delta) => delta.runId === runId && delta.stepId === 'draft#1')).toBe(true);
});

test('a page disconnected fifty times misses nothing and sees nothing twice', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '600' } });
  const { id } = await server.call(createWorkflow, { body: { name: 'Cut', graph: modelGraph() } });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'hi' } } });
  const seen: JournalEvent[] = [];
  for (let cuts = 0; cuts < 50; cuts++) {
    using socket = connectPage(server.base);
    const { events } = await watch(socket, runId, seen.length + 1);
    if (cuts === 49) await until('the end', () => hasEnded(seen) || hasEnded(events));
    seen.push(...events);
  }
  inOrder(seen);
  const run = await server.call(getRun, { params: { id: runId } });
  expect([fold(seen).status, fold(seen).seq]).toEqual([run.status, run.seq]);
  expect(isEnded(run.status)).toBe(true);
});

test('watching from a number returns that event and the following ones', async () => {
  await using server = await startTestServer();
  using socket = connectPage(server.base);
  const { id } = await server.call(createWorkflow, { body: { name: 'Late', graph: modelGraph() } });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'hi' } } });
  await expect.poll(async () => (await server.call(getRun, { params: { id: runId } })).status).toBe('succeeded');
  const { seq } = await server.call(getRun, { params: { id: runId } });
  const { ack, events } = await watch(socket, runId, 4);
  expect(ack).toEqual({ ok: true, head: seq });
  await until('all events', () => hasEnded(events));
  inOrder(events, 4);
});

test('a page that watches a run is told what a call falls back to, without values that a policy protects', async () => {
  await using server = await startTestServer();
  await using fake = await startFakeProvider();
  await routeTo(server, 'fast', fakeTarget(fake), fakeTarget(fake, { model: 'fake-large' }));
  using socket = connectPage(server.base);
  const heard: RunFallback[] = [];
  socket.on('run:fallback', (fallback) => heard.push(fallback));
  const { id } = await server.call(createWorkflow, { body: { name: 'Falls back', graph: reviewThenModelGraph() } });
  const error = async () => {
    const run = await begin(server, id);
    const { events } = await watch(socket, run.id);
    fake.failNext({ kind: 'status', status: 400, message: 'jane@example.com is unknown' });
    const task = await openTask(server, run.id);
    await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
    await until('the end', () => hasEnded(events));
    expect(heard).toEqual([
      {
        runId: run.id,
        stepId: 'ask#1',
        callId: expect.any(String),
        from: { connection: 'fast 1', model: 'fake-small' },
        to: { connection: 'fast 2', model: 'fake-large' },
        error: { code: 'provider-refused', message: expect.any(String) },
      },
    ]);
    return heard.splice(0)[0]?.error.message;
  };
  expect(await error()).toContain('jane@example.com');
  await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  expect(await error()).toBe('The model provider rejected the request');
});

test('a page that watches a workflow or the inbox is told about runs and reviews', async () => {
  await using server = await startTestServer();
  using socket = connectPage(server.base);
  const { id } = await server.call(createWorkflow, { body: { name: 'Told', graph: reviewGraph() } });
  const changes: WorkflowRun[] = [];
  let inbox = 0;
  socket.on('workflow:run', (change) => changes.push(change));
  socket.on('inbox:changed', () => inbox++);
  expect(await socket.timeout(PATIENCE_MS).emitWithAck('workflow:watch', { workflowId: id })).toEqual({ ok: true });
  expect(await socket.timeout(PATIENCE_MS).emitWithAck('inbox:watch')).toEqual({ ok: true });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'hi' } } });
  await until('the run to wait', () => changes.at(-1)?.status === 'waiting');
  await until('the inbox to change', () => inbox > 0);
  expect(changes.every((change) => change.runId === runId && change.workflowId === id)).toBe(true);
  expect(changes.map((change) => change.status)).toEqual([...new Set(changes.map((change) => change.status))]);
});

test('a page that watches a workflow is told about each saved draft', async () => {
  await using server = await startTestServer();
  using socket = connectPage(server.base);
  const made = await server.call(createWorkflow, { body: { name: 'Two tabs', graph: reviewGraph() } });
  const saved: WorkflowChange[] = [];
  socket.on('workflow:changed', (change) => saved.push(change));
  expect(await socket.timeout(PATIENCE_MS).emitWithAck('workflow:watch', { workflowId: made.id })).toEqual({ ok: true });
  const { draftRevision } = await server.call(saveDraft, { params: { id: made.id }, body: { graph: made.draft, revision: made.draftRevision } });
  await until('the page to be told', () => saved.length > 0);
  expect(saved).toEqual([{ workflowId: made.id, draftRevision }]);
});

test.each([
  ['an unknown run', { runId: 'run_missing', fromSeq: 1 }, 'not-found'],
  ['a number outside the journal', { runId: 'run_x', fromSeq: 0 }, 'bad-request'],
  ['an unknown field', { runId: 'run_x', fromSeq: 1, as: 'owner' }, 'bad-request'],
  ['something other than an object', 'run_x', 'bad-request'],
  ['nothing', null, 'bad-request'],
])('watching %s is rejected in the acknowledgment, and the socket stays open', async (_what, request, error) => {
  await using server = await startTestServer();
  using socket = connectPage(server.base);
  expect(await socket.timeout(PATIENCE_MS).emitWithAck('run:watch', request as { runId: string; fromSeq: number })).toEqual({ error });
  expect(await socket.timeout(PATIENCE_MS).emitWithAck('inbox:watch')).toEqual({ ok: true });
});
