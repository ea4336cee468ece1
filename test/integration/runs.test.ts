import { cancelRun, getRun, getRunBlob, getRunGraph, listRunEvents, listRunSteps, listRuns, rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, listWorkflows, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { expect, test } from 'vitest';
import { echoGraph, modelGraph } from '../kit/graph.ts';
import { patience, TIMED } from '../kit/patience.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

async function workflow(server: TestServer, graph = echoGraph()): Promise<string> {
  return (await server.call(createWorkflow, { body: { name: 'Runs', graph } })).id;
}
const WAIT = 20_000;
const run = (server: TestServer, id: string, message: unknown, more: { labels?: Record<string, string>; version?: 'draft' | 'live' | number } = {}) =>
  server.call(startRun, { params: { id }, body: { input: { message }, wait: WAIT, ...more } });

test('a run returns 200 if it ended within the wait, otherwise 202', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '300' } });
  const id = await workflow(server, modelGraph());
  const at = `/api/workflows/${id}/runs`;
  expect((await server.send('POST', at, { body: { input: { message: 'hi' } } })).status).toBe(202);
  const ended = await server.send('POST', at, { body: { input: { message: 'hi' }, wait: WAIT } });
  expect(ended.status).toBe(200);
  expect(ended.json).toMatchObject({
    status: 'succeeded',
    trigger: 'api',
    version: 'draft',
    demo: true,
    costMicros: 0,
    unknownPrice: 0,
    steps: [{}, { nodeType: 'prompt' }, {}],
  });
});

test('the journal has numbers from 1 without gaps, and folds to what the run shows', async () => {
  await using server = await startTestServer();
  const id = await workflow(server, modelGraph());
  const params = { id: (await run(server, id, 'hi')).id };
  const { items, nextCursor } = await server.call(listRunEvents, { params });
  expect(nextCursor).toBeNull();
  expect(items.map((event) => event.seq)).toEqual(items.map((_event, index) => index + 1));
  const shown = await server.call(getRun, { params });
  const state = fold(items);
  expect([state.status, state.seq, [...state.steps.keys()]]).toEqual([shown.status, shown.seq, shown.steps.map((step) => step.id)]);

  const first = await server.call(listRunEvents, { params, query: { from: 2, limit: 2 } });
  expect(first.items.map((event) => event.seq)).toEqual([2, 3]);
  const next = await server.call(listRunEvents, { params, query: { limit: 2, cursor: first.nextCursor ?? '' } });
  expect(next.items.map((event) => event.seq)).toEqual([4, 5]);
  const steps = await server.call(listRunSteps, { params, query: { limit: 2 } });
  expect(steps.items.map((step) => step.id)).toEqual(['start#1', 'draft#1']);
  expect((await server.call(listRunSteps, { params, query: { limit: 2, cursor: steps.nextCursor ?? '' } })).items.map((step) => step.id)).toEqual(['reply#1']);
});

test('a run keeps the graph that it ran, whatever happens to the draft', async () => {
  await using server = await startTestServer();
  const id = await workflow(server, echoGraph('old'));
  const { id: runId, output } = await run(server, id, 'hi');
  await server.call(saveDraft, { params: { id }, body: { graph: echoGraph('new'), revision: 1 } });
  expect(output).toBe('old');
  expect(await server.call(getRunGraph, { params: { id: runId } })).toEqual(echoGraph('old'));
});

test('runs are listed newest first, page by page, with each filter', async () => {
  await using server = await startTestServer();
  const id = await workflow(server);
  await server.call(publishWorkflow, { params: { id } });
  const other = await workflow(server);
  const acme = await run(server, id, 'The printer is on fire', { labels: { tenant: 'acme' } });
  const live = await run(server, id, 'hello', { version: 'live', labels: { tenant: 'acme-west', 'part:of': '7' } });
  const fromPage = { body: { input: { message: 'hello' }, wait: WAIT }, headers: { origin: server.base } };
  const elsewhere = (await server.send('POST', `/api/workflows/${other}/runs`, fromPage)).json as { id: string };
  const ids = async (query: Parameters<typeof server.call<typeof listRuns>>[1]['query']) =>
    (await server.call(listRuns, { ...(query && { query }) })).items.map((item) => item.id);
  expect(await ids({})).toEqual([elsewhere.id, live.id, acme.id]);
  expect(await ids({ workflowId: id })).toEqual([live.id, acme.id]);
  expect(await ids({ trigger: 'api' })).toEqual([live.id, acme.id]);
  expect(await ids({ trigger: 'canvas' })).toEqual([elsewhere.id]);
  expect(await ids({ version: '1', workflowId: id })).toEqual([live.id]);
  expect(await ids({ status: 'failed' })).toEqual([]);
  expect(await ids({ label: 'tenant:acme' })).toEqual([acme.id]);
  expect(await ids({ label: 'part:of:7' })).toEqual([live.id]);
  expect(await ids({ search: 'PRINTER' })).toEqual([acme.id]);
  expect(await ids({ search: live.id })).toEqual([live.id]);
  expect(await ids({ from: live.createdAt, to: live.createdAt, version: '1' })).toEqual([live.id]);
  const page = await server.call(listRuns, { query: { limit: 2 } });
  expect(page.items.map((item) => item.id)).toEqual([elsewhere.id, live.id]);
  expect((await server.call(listRuns, { query: { limit: 2, cursor: page.nextCursor ?? '' } })).items.map((item) => item.id)).toEqual([acme.id]);
});

test('a canceled run stops and can be canceled again, but an ended one can’t', TIMED, async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '60000' } });
  const slow = await workflow(server, modelGraph());
  const started = await server.call(startRun, { params: { id: slow }, body: { input: { message: 'hi' } } });
  const params = { id: started.id };
  const began = performance.now();
  expect(await server.call(cancelRun, { params, body: { reason: 'not needed' } })).toMatchObject({ status: 'cancelled' });
  expect(performance.now() - began).toBeLessThan(patience(1_500));
  expect((await server.call(cancelRun, { params })).status).toBe('cancelled');
  const quick = await run(server, await workflow(server), 'hi');
  expect(await server.refused(cancelRun, { params: { id: quick.id } })).toMatchObject({ status: 409, code: 'run-ended' });
});

test('a rerun repeats the input on the graph that ran, or on the requested version', async () => {
  await using server = await startTestServer();
  const id = await workflow(server, echoGraph({ from: 'first', message: '{{ input.message }}' }));
  const first = await run(server, id, 'again');
  await server.call(saveDraft, { params: { id }, body: { graph: echoGraph('second'), revision: 1 } });
  const outputOf = async (repeated: { id: string }) => {
    await server.call(listRuns, {});
    const { items } = await server.call(listRunEvents, { params: repeated });
    return fold(items);
  };
  const same = await server.call(rerunRun, { params: { id: first.id } });
  expect(same).toMatchObject({ trigger: 'rerun', rerunOf: first.id, input: { message: 'again' } });
  const newer = await server.call(rerunRun, { params: { id: first.id }, body: { version: 'draft' } });
  await expect.poll(async () => (await outputOf(same)).reply?.value).toEqual({ from: 'first', message: 'again' });
  await expect.poll(async () => (await outputOf(newer)).reply?.value).toBe('second');
  expect(await server.refused(rerunRun, { params: { id: first.id }, body: { from: 'missing#1' } })).toMatchObject({ status: 400, errors: [{ path: 'from' }] });
});

test('a rerun from a step keeps steps finished before it', async () => {
  await using server = await startTestServer();
  const id = await workflow(server, modelGraph());
  const first = await run(server, id, 'hi');
  const repeated = await server.call(rerunRun, { params: { id: first.id }, body: { from: 'reply#1' } });
  const params = { id: repeated.id };
  await expect.poll(async () => (await server.call(getRun, { params })).status).toBe('succeeded');
  const shown = await server.call(getRun, { params });
  expect(shown.output).toEqual(first.output);
  expect(shown.steps.find((step) => step.id === 'draft#1')?.attempts ?? []).toEqual([]);
});

test('a large value is a reference in the run and served only below it', async () => {
  await using server = await startTestServer();
  const id = await workflow(server);
  const large = 'x'.repeat(100_000);
  const { id: runId, input } = await run(server, id, large);
  const hash = (input as { $blob: string }).$blob;
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(await server.call(getRunBlob, { params: { id: runId, hash } })).toEqual({ message: large });
  const other = await run(server, id, 'small');
  expect(await server.refused(getRunBlob, { params: { id: other.id, hash } })).toMatchObject({ status: 404 });
});

test('the list of workflows counts what each did in the last 24 hours', async () => {
  await using server = await startTestServer();
  const id = await workflow(server);
  const failing = await workflow(server, echoGraph('no', { outcome: 'failure' }));
  const activity = async (of: string) => (await server.call(listWorkflows, {})).items.find((item) => item.id === of)?.activity;
  expect(await activity(id)).toMatchObject({ runs: 0, medianMs: null });
  await run(server, id, 'one');
  await run(server, id, 'two');
  await run(server, failing, 'three');
  await expect.poll(() => activity(id)).toMatchObject({ runs: 2, succeeded: 2, failed: 0, waiting: 0, medianMs: expect.any(Number) });
  await expect.poll(() => activity(failing)).toMatchObject({ runs: 1, succeeded: 0, failed: 1 });
  const hours = (await activity(id))?.hours ?? [];
  expect(hours).toHaveLength(24);
  // The two may be in different clock hours.
  expect(hours.slice(-2).reduce((sum, hour) => sum + hour.succeeded, 0)).toBe(2);
  expect(hours.every(({ failed, other }) => failed === 0 && other === 0)).toBe(true);
});
