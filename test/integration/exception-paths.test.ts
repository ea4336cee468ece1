import { changeExceptionPath, listExceptionPaths, markDifferent } from '@switchyard/shared/contracts/evaluation/exception-paths.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { expect, test } from 'vitest';
import { reviewGraph } from '../kit/graph.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, readRun, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

test('a case that is different becomes an exception path and a sample, and its review stays open', async () => {
  await using server = await startTestServer();
  const workflowId = await workflowOf(server, reviewGraph());
  const mark = async (message: string, reason: string) => {
    const review = await openTask(server, (await begin(server, workflowId, message)).id);
    return { review, ...(await server.call(markDifferent, { params: { id: review.id }, body: { reason, reviewer: 'Mira' } })) };
  };
  const samples = async () => samplesOf((await server.call(getWorkflow, { params: { id: workflowId } })).draft.nodes[0]?.data.params);

  const first = await mark('My parcel went to my neighbor', 'Delivered to a neighbor');
  expect(first).toMatchObject({
    path: { workflowId, nodeKey: 'check', reason: 'Delivered to a neighbor', count: 1, automated: null },
    sample: 'Delivered to a neighbor',
  });
  expect(await readRun(server, first.review.runId)).toMatchObject({ status: 'waiting' });
  const second = await mark('They gave it to the neighbor', 'delivered to  a neighbor');
  expect(second.path).toMatchObject({ id: first.path.id, count: 2, last: { reviewId: second.review.id, runId: second.review.runId, by: 'Mira' } });
  expect(await samples()).toMatchObject([
    { name: 'Delivered to a neighbor', value: { message: 'My parcel went to my neighbor' } },
    { name: 'delivered to  a neighbor', value: { message: 'They gave it to the neighbor' } },
  ]);

  const moved = await server.call(markDifferent, { params: { id: second.review.id }, body: { reason: 'Fraud' } });
  expect(moved).toMatchObject({ path: { reason: 'Fraud', count: 1 }, sample: second.sample });
  expect(await samples()).toHaveLength(2);

  const params = { id: first.path.id };
  expect(await server.call(changeExceptionPath, { params, body: { automated: true } })).toMatchObject({ count: 1, automated: { by: expect.any(String) } });
  const reasonsOf = async (query: object) => (await server.call(listExceptionPaths, { query })).items.map(({ reason }) => reason);
  expect(await reasonsOf({ workflowId, automated: 'false' })).toEqual(['Fraud']);
  expect(await reasonsOf({ automated: 'true' })).toEqual(['Delivered to a neighbor']);
  expect(await server.refused(markDifferent, { params: { id: 'none' }, body: { reason: 'x' } })).toMatchObject({ status: 404 });
  expect(await server.refused(changeExceptionPath, { params: { id: 'none' }, body: { automated: true } })).toMatchObject({ status: 404 });
});

test('where no payload is kept, the case is counted without a sample', async () => {
  await using server = await startTestServer();
  const workflowId = await workflowOf(server, reviewGraph());
  await server.call(putPolicies, { params: { id: workflowId }, body: { logging: 'metadata' } });
  const review = await openTask(server, (await begin(server, workflowId, 'Secret')).id);
  expect(await server.call(markDifferent, { params: { id: review.id }, body: { reason: 'New kind' } })).toMatchObject({ path: { count: 1 }, sample: null });
});
