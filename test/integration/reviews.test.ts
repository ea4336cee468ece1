import { decideReview, getReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, getRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { reviewGraph } from '../kit/graph.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

/** Starts a run that waits for a person. Returns its review. */
async function waitingTask(server: TestServer, message = 'Refund me') {
  const { id } = await server.call(createWorkflow, { body: { name: 'Reviewed', graph: reviewGraph() } });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message } } });
  return until('the review', async () => (await server.call(listReviews, { query: { runId } })).items[0]);
}
const ended = (server: TestServer, id: string) =>
  until('the end of the run', async () => {
    const run = await server.call(getRun, { params: { id } });
    return run.status !== 'waiting' && run.status !== 'running' && run;
  });

test('a decision continues with what the reviewer wrote, and is stored with the review', async () => {
  await using server = await startTestServer();
  const task = await waitingTask(server);
  expect(task).toMatchObject({
    status: 'open',
    title: 'Check this',
    decisions: [{ id: 'approve' }, { id: 'reject' }],
    fields: [{ name: 'text', value: 'Refund me' }],
  });
  const decided = await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'Refunded' }, comment: 'fine' } });
  expect(decided).toMatchObject({ status: 'done', decidedBy: 'owner', decision: { decision: 'approve', values: { text: 'Refunded' }, comment: 'fine' } });
  expect(await ended(server, task.runId)).toMatchObject({ status: 'succeeded', output: 'Refunded' });
  expect((await server.call(listReviews, {})).items).toEqual([]);
  expect((await server.call(listReviews, { query: { status: 'done' } })).items).toEqual([decided]);
});

test('one of twenty simultaneous decisions counts, and the others are told who decided and when', async () => {
  await using server = await startTestServer();
  const task = await waitingTask(server);
  const path = `/api/reviews/${task.id}/decision`;
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, index) => server.send('POST', path, { body: { decision: index % 2 ? 'approve' : 'reject' } })),
  );
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  const first = replies.find((reply) => reply.status === 200)?.json as { decidedAt: string; decision: { decision: string } };
  for (const reply of replies.filter((other) => other.status === 409)) {
    expect(reply.json).toMatchObject({ code: 'already-decided', decidedBy: 'owner', decidedAt: first.decidedAt });
  }
  const run = await ended(server, task.runId);
  expect(run.output).toBe(first.decision.decision === 'approve' ? 'Refund me' : 'closed');
  expect((await server.call(getReview, { params: { id: task.id } })).decision).toEqual(first.decision);
});

test.each([
  ['an unknown decision', { decision: 'maybe' }, 'decision'],
  ['a value of the wrong type', { decision: 'approve', values: { text: 5 } }, 'values.text'],
  ['a required value left empty', { decision: 'approve', values: { text: ' ' } }, 'values.text'],
  ['a value of an unknown field', { decision: 'approve', values: { amount: 5 } }, 'values.amount'],
  ['a value called __proto__', JSON.parse('{"decision": "approve", "values": {"__proto__": {"polluted": true}}}'), 'values.__proto__'],
  ['an unknown field', { decision: 'approve', by: 'someone else' }, 'by'],
])('%s is rejected with its path and decides nothing', async (_what, body, path) => {
  await using server = await startTestServer();
  const task = await waitingTask(server);
  const refused = await server.send('POST', `/api/reviews/${task.id}/decision`, { body });
  expect(refused.json).toMatchObject({ status: 400, code: 'bad-request', errors: [{ path }] });
  expect(await server.call(getReview, { params: { id: task.id } })).toEqual(task);
});

test('a review of a canceled run is closed, and deciding it reports that the run has ended', async () => {
  await using server = await startTestServer();
  const task = await waitingTask(server);
  await server.call(cancelRun, { params: { id: task.runId } });
  await ended(server, task.runId);
  expect(await server.refused(decideReview, { params: { id: task.id }, body: { decision: 'approve' } })).toMatchObject({ status: 409, code: 'run-ended' });
  await expect.poll(async () => (await server.call(getReview, { params: { id: task.id } })).status).toBe('closed');
});

test('a field may be named __proto__, and the reviewer’s text in it is kept', async () => {
  await using server = await startTestServer();
  const graph = reviewGraph();
  for (const { type, data } of graph.nodes) {
    if (type === 'human-review') data.params.fields = [{ name: '__proto__', kind: 'text', value: 'draft' }];
    if (data.key === 'sent') data.params.value = '{{ steps.check.changes }}';
  }
  const { id } = await server.call(createWorkflow, { body: { name: 'Odd', graph } });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'x' } } });
  const task = await until('the review', async () => (await server.call(listReviews, { query: { runId } })).items[0]);
  const body = '{"decision": "approve", "values": {"__proto__": "mine"}}';
  const decided = await server.send('POST', `/api/reviews/${task.id}/decision`, { body, headers: { 'content-type': 'application/json' } });
  expect(decided.text).toContain('"values":{"__proto__":"mine"}');
  expect((await ended(server, runId)).output).toEqual([{ field: '__proto__', kind: 'text', before: 'draft', after: 'mine' }]);
});

test('only a decision that requires fields is rejected while one is empty; rejecting stays possible', async () => {
  await using server = await startTestServer();
  const graph = reviewGraph();
  const review = graph.nodes.find(({ type }) => type === 'human-review');
  if (review) review.data.params = { ...review.data.params, fields: [{ name: 'text', kind: 'text', value: '', required: true }] };
  const { id } = await server.call(createWorkflow, { body: { name: 'Reviewed', graph } });
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'Hi' } } });
  const task = await until('the review', async () => (await server.call(listReviews, { query: { runId } })).items[0]);
  const refused = await server.send('POST', `/api/reviews/${task.id}/decision`, { body: { decision: 'approve' } });
  expect(refused).toMatchObject({ status: 400, json: { errors: [{ path: 'values.text' }] } });
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'Done' } } });
  expect(await ended(server, runId)).toMatchObject({ status: 'succeeded', output: 'Done' });
  const { id: secondId } = await server.call(startRun, { params: { id }, body: { input: { message: 'Hi' } } });
  const second = await until('the review', async () => (await server.call(listReviews, { query: { runId: secondId } })).items[0]);
  expect(second.decisions.map(({ requireFields }) => requireFields)).toEqual([true, false]);
  const rejected = await server.send('POST', `/api/reviews/${second.id}/decision`, { body: { decision: 'reject', values: { text: '' } } });
  expect(rejected).toMatchObject({ status: 200, json: { decision: { decision: 'reject', values: { text: '' } } } });
  expect(await ended(server, secondId)).toMatchObject({ status: 'succeeded' });
});
