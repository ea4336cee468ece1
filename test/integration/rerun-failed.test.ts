import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { createKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { countFailedRuns, rerunFailedRuns } from '@switchyard/shared/contracts/reruns.ts';
import { getRun, listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { requestGraph } from '../kit/request-graph.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** A workflow whose requests go to a closed port, with this many failed runs. */
async function afterOutage(server: TestServer, count: number): Promise<string> {
  const { id } = await server.call(createWorkflow, { body: { name: 'Orders', graph: requestGraph('http://127.0.0.1:9/orders') } });
  for (let n = 0; n < count; n++) {
    const run = await server.call(startRun, { params: { id }, body: { input: { message: `order ${n}` }, wait: 20_000 } });
    expect(run.status).toBe('failed');
  }
  return id;
}

const failedOf = async (server: TestServer, workflowId: string) => (await server.call(listRuns, { query: { workflowId, status: 'failed', limit: 100 } })).items;

test('failed runs of a filter are rerun in bounded steps, each once, with an audit record', async () => {
  await using server = await startTestServer();
  const workflowId = await afterOutage(server, 5);
  await afterOutage(server, 1);
  const { count, more, to } = await server.call(countFailedRuns, { query: { workflowId } });
  expect({ count, more }).toEqual({ count: 5, more: false });
  const started: string[] = [];
  let cursor: string | undefined;
  for (let steps = 0; steps < 5; steps++) {
    const reply: ReplyOf<typeof rerunFailedRuns> = await server.call(rerunFailedRuns, {
      body: { workflowId, to, limit: 2, reason: 'The shop was down', ...(cursor !== undefined && { cursor }) },
    });
    expect(reply.started.length).toBeLessThanOrEqual(2);
    started.push(...reply.started.map(({ runId }) => runId));
    cursor = reply.nextCursor ?? undefined;
    if (reply.done) break;
  }
  expect(new Set(started).size).toBe(5);
  expect(started).toHaveLength(5);
  expect((await server.call(countFailedRuns, { query: { workflowId, to } })).count).toBe(0);
  const again = await server.call(rerunFailedRuns, { body: { workflowId, to } });
  expect(again).toMatchObject({ started: [], skipped: 5, done: true });
  const changes = (await server.call(listChanges, { query: { subject: 'run' } })).items;
  expect(changes.flatMap(({ after }) => (after as { runs: string[] }).runs).sort()).toEqual(started.sort());
  expect(changes[0]).toMatchObject({
    action: 'rerun-failed',
    reason: 'The shop was down',
    applied: true,
    subject: { kind: 'run', id: workflowId },
    after: { name: 'Orders' },
  });
});

test('two requests at once rerun each run once, and a failed rerun can be rerun in turn', async () => {
  await using server = await startTestServer();
  const workflowId = await afterOutage(server, 3);
  const { to } = await server.call(countFailedRuns, { query: { workflowId } });
  const replies = await Promise.all([1, 2, 3].map(() => server.call(rerunFailedRuns, { body: { workflowId, to } })));
  const started = replies.flatMap((reply) => reply.started);
  expect(new Set(started.map(({ runId }) => runId)).size).toBe(3);
  expect(started).toHaveLength(3);
  for (const { rerunId, runId } of started) {
    await expect.poll(async () => (await server.call(getRun, { params: { id: rerunId } })).status, { timeout: 20_000 }).toBe('failed');
    expect((await server.call(getRun, { params: { id: rerunId } })).rerunOf).toBe(runId);
  }
  expect(await failedOf(server, workflowId)).toHaveLength(6);
  expect((await server.call(countFailedRuns, { query: { workflowId } })).count).toBe(3);
});

test('a run that can’t be rerun is reported', async () => {
  await using server = await startTestServer();
  const workflowId = await afterOutage(server, 2);
  await server.call(createKillSwitch, { body: { scope: { kind: 'workflow', id: workflowId }, mode: 'refuse', reason: 'not yet' } });
  const { to } = await server.call(countFailedRuns, { query: { workflowId } });
  const reply = await server.call(rerunFailedRuns, { body: { workflowId, to } });
  expect(reply).toMatchObject({ started: [], skipped: 0, done: true, failed: [{ code: 'killed' }, { code: 'killed' }] });
  expect((await server.call(countFailedRuns, { query: { workflowId } })).count).toBe(2);
});
