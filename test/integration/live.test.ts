import { stepView } from '@switchyard/server/services/runs/run-view.ts';
import { cancelRun } from '@switchyard/shared/contracts/runs.ts';
import type { ClientToServer } from '@switchyard/shared/realtime/protocol.ts';
import { shownCost } from '@switchyard/shared/run/cost.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, modelGraph, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { patience, TIMED } from '../kit/patience.ts';
import { begin, ended, journalOf, readRun, runOf, stepOf, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';
import { connectPage, watch, watchRun } from '../kit/watcher.ts';

/** A state in the shape that REST returns. */
const asRest = (state: RunState) => ({
  status: state.status,
  output: state.reply?.value ?? null,
  error: state.error ?? null,
  usage: state.usage,
  ...shownCost(state),
  seq: state.seq,
  steps: JSON.parse(JSON.stringify([...state.steps.values()].map(stepView))),
});

async function expectSameAsRest(server: TestServer, runId: string, state: RunState): Promise<void> {
  expect(await readRun(server, runId)).toMatchObject(asRest(state));
}

test('events and deltas reach the page while the step runs, not at its end', TIMED, async () => {
  await using fake = await startFakeProvider({ answer: () => 'one two three four five' });
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  const workflowId = await workflowOf(server, modelGraph());
  fake.failNext({ kind: 'hang' });
  const called = fake.nextCall();
  const hanging = await begin(server, workflowId);
  await called;
  await using page = await watchRun(server.base, hanging.id);
  await until('the call', () => page.state.steps.get('draft#1')?.calls[0]?.status === 'running');
  expect(page.state.status).toBe('running');

  fake.failNext({ kind: 'slow', delayMs: patience(100) });
  const slow = await begin(server, workflowId);
  await using other = await watchRun(server.base, slow.id);
  await until('the first words', () => other.deltas.length > 0);
  expect(other.state.steps.get('draft#1')?.status).toBe('running');
  await until('the end', () => isEnded(other.state.status));
  expect(other.deltas.map(({ text }) => text).join('')).toBe('one two three four five');
  expect(new Set(other.deltas.map(({ runId, stepId, callId }) => [runId, stepId, callId].join(' ')))).toEqual(new Set([`${slow.id} draft#1 draft#1/model:1`]));
  expect(page.deltas).toEqual([]);
  await server.call(cancelRun, { params: { id: hanging.id } });
  await until('the canceled run to end on the page', () => page.state.status === 'cancelled');
});

/** Eight model calls in sequence, with twelve pure steps next to each: many events over a while. */
const busyGraph = () => {
  const calls = Array.from({ length: 8 }, (_, index) => node('prompt', `call_${index}`, { message: `{{ input.message }} ${index}`, route: 'fast' }));
  const beside = calls.flatMap(({ id }) =>
    Array.from({ length: 12 }, (_, index) => [id, node('transform', `${id}_${index}`, { fields: [{ name: 'n', value: '1' }] })] as const),
  );
  return graphOf(
    [messageInput(), ...calls, ...beside.map(([, made]) => made), node('output', 'reply', { value: 'done' })],
    [
      ...calls.map(({ id }, index) => edge(calls[index - 1]?.id ?? 'start', id)),
      ...beside.map(([from, { id }]) => edge(from, id)),
      edge(calls.at(-1)?.id ?? '', 'reply'),
    ],
  );
};

test('no delta is missing when many steps stream fast', async () => {
  const answer = Array.from({ length: 200 }, (_, index) => `word${index}`).join(' ');
  await using fake = await startFakeProvider({ answer: () => answer });
  await using server = await startTestServer();
  await routeTo(server, 'fake', fakeTarget(fake));
  const keys = Array.from({ length: 6 }, (_, index) => `draft_${index}`);
  const prompts = keys.map((key) => node('prompt', key, { message: '{{ input.message }}', route: 'fake' }));
  const graph = graphOf(
    // Time to start watching.
    [messageInput(), node('delay', 'pause', { amount: '1', unit: 'seconds' }), ...prompts, node('output', 'reply', { value: 'done' })],
    [edge('start', 'pause'), ...keys.flatMap((key) => [edge('pause', key), edge(key, 'reply')])],
  );
  const run = await begin(server, await workflowOf(server, graph));
  await using page = await watchRun(server.base, run.id);
  await until('the end', () => isEnded(page.state.status));
  expect(page.state.status).toBe('succeeded');
  const textOf = (key: string) => page.deltas.filter(({ stepId }) => stepId === `${key}#1`).map(({ text }) => text);
  expect(keys.map((key) => textOf(key).join('')).filter((text) => text !== answer)).toEqual([]);
});

test('a page disconnected fifty times sees no gap and no duplicate, and the same as REST; another page sees the same', async () => {
  await using fake = await startFakeProvider({ answer: () => 'one two three four five six' });
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failAlways({ kind: 'slow', delayMs: 25 });
  const { id } = await begin(server, await workflowOf(server, busyGraph()));
  await using page = await watchRun(server.base, id);
  await using other = await watchRun(server.base, id);
  let during = 0;
  for (let cuts = 0; cuts < 50; cuts++) {
    if (!isEnded(page.state.status)) during++;
    await page.cutOff();
  }
  expect(during).toBeGreaterThan(10);
  await ended(server, id);
  await until('both to see the end', () => isEnded(page.state.status) && isEnded(other.state.status));
  const journal = await journalOf(server, id);
  expect(journal.length).toBeGreaterThan(200);
  expect(page.events).toEqual(journal);
  expect(other.events).toEqual(journal);
  expect(page.state).toEqual(other.state);
  expect(page.state).toEqual(fold(journal));
  await expectSameAsRest(server, id, page.state);
});

test('a page that joins during a run or after its end gets past events from the requested number', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
  const run = await runOf(server, chainGraph('fast'));
  await using late = await watchRun(server.base, run.id);
  await until('the end', () => isEnded(late.state.status));
  await expectSameAsRest(server, run.id, late.state);

  const socket = await connectPage(server.base);
  const seen: number[] = [];
  socket.on('run:events', ({ events }) => seen.push(...events.map(({ seq }) => seq)));
  expect(await watch(socket, run.id, run.seq - 1)).toEqual({ ok: true, head: run.seq });
  await until('the last two', () => seen.length === 2);
  expect(seen).toEqual([run.seq - 1, run.seq]);
  socket.close();
});

test('a page that stops watching a run gets no more of its events', async () => {
  await using fake = await startFakeProvider({ answer: () => 'one two three' });
  await using server = await startTestServer();
  await routeTo(server, 'fast', fakeTarget(fake));
  fake.failNext({ kind: 'slow', delayMs: patience(100) });
  const { id } = await begin(server, await workflowOf(server, modelGraph()));
  const socket = await connectPage(server.base);
  const heard: string[] = [];
  expect(await watch(socket, id, 1)).toMatchObject({ ok: true });
  socket.emit('run:unwatch', { runId: id });
  // Answered after everything sent before it: the server has read the unwatch.
  await socket.emitWithAck('inbox:watch');
  socket.onAny((name: string) => heard.push(name));
  expect(stepOf(await ended(server, id), 'draft').status).toBe('succeeded');
  await socket.emitWithAck('inbox:watch');
  expect(heard).toEqual([]);
  socket.close();
});

test('an unknown run and invalid requests are rejected in the acknowledgment, and the socket stays open', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
  const run = await runOf(server, modelGraph());
  const socket = await connectPage(server.base);
  expect(await watch(socket, 'run_missing', 1)).toEqual({ error: 'not-found' });
  const wrong: unknown[] = [
    {},
    null,
    'run',
    { runId: run.id },
    { runId: run.id, fromSeq: 0 },
    { runId: run.id, fromSeq: 1.5 },
    { runId: run.id, fromSeq: '1' },
    { runId: { $ne: '' }, fromSeq: 1 },
    { runId: run.id, fromSeq: 1, more: true },
  ];
  for (const request of wrong) {
    const answer = await socket.emitWithAck('run:watch', request as Parameters<ClientToServer['run:watch']>[0]);
    expect(answer, JSON.stringify(request)).toEqual({ error: 'bad-request' });
  }
  expect(await socket.emitWithAck('workflow:watch', {} as { workflowId: string })).toEqual({ error: 'bad-request' });
  (socket as unknown as { emit(...args: unknown[]): void }).emit('run:watch');
  (socket as unknown as { emit(...args: unknown[]): void }).emit('run:unwatch', null, 'more', { than: 'asked' });
  expect(await watch(socket, run.id, 1)).toEqual({ ok: true, head: run.seq });
  socket.close();
});

test('pages of another origin or host are rejected', async () => {
  await using server = await startTestServer();
  await expect(connectPage(server.base, { origin: 'https://evil.example' })).rejects.toThrow();
  await expect(connectPage(server.base, { origin: 'null' })).rejects.toThrow();
  await expect(connectPage(server.base, { host: 'evil.example' })).rejects.toThrow();
  (await connectPage(server.base, { origin: server.base })).close();
});

test('a page that watches a workflow is told about each of its runs', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '20' } });
  const workflowId = await workflowOf(server, modelGraph());
  const socket = await connectPage(server.base);
  const heard: string[] = [];
  socket.on('workflow:run', ({ runId, status }) => heard.push(`${runId} ${status}`));
  expect(await socket.emitWithAck('workflow:watch', { workflowId })).toEqual({ ok: true });
  const { id } = await begin(server, workflowId);
  await until('its end', () => heard.includes(`${id} succeeded`));
  expect(heard).toEqual([`${id} running`, `${id} succeeded`]);
  socket.close();
});
