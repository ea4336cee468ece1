import { listCorrections } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import {
  assignReview,
  decideReview,
  decideReviewByLink,
  getReview,
  getReviewByLink,
  getReviewStory,
  listReviews,
  type Review,
  renewReviewLink,
} from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, getRunBlob } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { dueGraph, openTask, tokenOf } from '../kit/review-task.ts';
import { begin, ended, journalOf, readRun, stepOf, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

async function waiting(server: TestServer, graph: Graph = reviewGraph()): Promise<Review> {
  const run = await begin(server, await workflowOf(server, graph), 'Refund me');
  return openTask(server, run.id);
}
/** A draft that can be sent back and written again with the comment. */
const roundsGraph = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('transform', 'draft', { fields: [{ name: 'text', value: 'input.message + " " + previous.?check.?comment.orValue("")' }] }),
      node('human-review', 'check', { title: 'Check', fields: [{ name: 'text', kind: 'text', value: '{{ steps.draft.text }}' }] }),
      node('output', 'sent', { value: '{{ steps.check.values.text }}' }),
      node('output', 'closed', { value: 'closed' }),
    ],
    [
      edge('start', 'draft'),
      edge('draft', 'check'),
      edge('check.approve', 'sent'),
      edge('check.reject', 'closed'),
      edge('check.send_back', 'draft', { back: true }),
    ],
  );

test('a review link shows its review, decides nothing when viewed, and decides on request', async () => {
  await using server = await startTestServer();
  const task = await waiting(server);
  const token = tokenOf(task);
  expect(Buffer.from(token, 'base64url')).toHaveLength(16);
  for (let looks = 0; looks < 3; looks++) {
    const { review } = await server.call(getReviewByLink, { params: { token } });
    expect(review).toEqual(task);
  }
  expect((await readRun(server, task.runId)).status).toBe('waiting');
  const decided = await server.call(decideReviewByLink, { params: { token }, body: { decision: 'approve', reviewer: 'Ada' } });
  expect(decided).toMatchObject({ status: 'done', decidedBy: 'Ada' });
  expect(await ended(server, task.runId)).toMatchObject({ status: 'succeeded', output: 'Refund me' });
  expect((await server.call(getReviewByLink, { params: { token } })).review).toMatchObject({ status: 'done', decision: { decision: 'approve' } });
  expect(await server.refused(decideReviewByLink, { params: { token }, body: { decision: 'reject' } })).toMatchObject({ status: 409, decidedBy: 'Ada' });
});

test('a revoked or unknown link opens nothing', async () => {
  await using server = await startTestServer();
  const task = await waiting(server);
  const renewed = await server.call(renewReviewLink, { params: { id: task.id } });
  expect(renewed.link).not.toBe(task.link);
  for (const token of [tokenOf(task), 'missing', '__proto__']) {
    expect(await server.refused(getReviewByLink, { params: { token } })).toMatchObject({ status: 404, detail: expect.stringContaining('invalid') });
    expect(await server.refused(decideReviewByLink, { params: { token }, body: { decision: 'approve' } })).toMatchObject({ status: 404 });
  }
  expect((await server.call(getReviewByLink, { params: { token: tokenOf(renewed) } })).review.status).toBe('open');
});

test('the link of a canceled run says that no decision is needed', async () => {
  await using server = await startTestServer();
  const task = await waiting(server);
  await server.call(cancelRun, { params: { id: task.runId } });
  const token = tokenOf(task);
  await expect.poll(async () => (await server.call(getReviewByLink, { params: { token } })).review.status).toBe('closed');
  expect(await server.refused(decideReviewByLink, { params: { token }, body: { decision: 'approve' } })).toMatchObject({ status: 409, code: 'run-ended' });
  expect(await server.refused(assignReview, { params: { id: task.id }, body: { assignee: 'Ada' } })).toMatchObject({ status: 409, code: 'run-ended' });
});

test('sending back creates a new round with the comment, and a new review next to the old one', async () => {
  await using server = await startTestServer();
  const first = await waiting(server, roundsGraph());
  expect((await server.call(getReviewStory, { params: { id: first.id } })).backward).toEqual(['send_back']);
  await server.call(decideReview, { params: { id: first.id }, body: { decision: 'send_back', comment: 'soon', reviewer: 'Ada' } });
  const second = await openTask(server, first.runId);
  expect(second).toMatchObject({ stepId: 'check#2', fields: [{ name: 'text', value: 'Refund me soon' }] });
  const { rounds, happened } = await server.call(getReviewStory, { params: { id: second.id } });
  expect(rounds).toMatchObject([
    { id: first.id, round: 1, status: 'done', decidedBy: 'Ada', decision: { decision: 'send_back', comment: 'soon' } },
    { id: second.id, round: 2, status: 'open', decision: null },
  ]);
  expect(happened.map(({ stepId }) => stepId)).toEqual(['start#1', 'draft#1', 'check#1', 'draft#2', 'check#2']);
  expect(happened.find(({ stepId }) => stepId === 'check#1')?.detail).toBe('send back by Ada');
});

test('a reviewer’s changes are stored as a correction, and an unchanged draft stores none', async () => {
  await using server = await startTestServer();
  const changed = await waiting(server);
  const body = { decision: 'approve', values: { text: 'Refunded' }, reasons: ['tone'], comment: 'shorter', reviewer: 'Ada' };
  await server.call(decideReview, { params: { id: changed.id }, body });
  const good = await waiting(server);
  await server.call(decideReview, { params: { id: good.id }, body: { decision: 'approve', values: { text: 'Refund me' } } });
  const { items } = await server.call(listCorrections, {});
  expect(items).toMatchObject([
    {
      runId: changed.runId,
      stepId: 'check#1',
      changes: [{ field: 'text', kind: 'long-text', before: 'Refund me', after: 'Refunded' }],
      reasons: ['tone'],
      comment: 'shorter',
      reviewer: 'Ada',
    },
  ]);
  expect((await server.call(listCorrections, { query: { workflowId: good.workflowId } })).items).toEqual([]);
  const run = await ended(server, changed.runId);
  expect(stepOf(run, 'check').output).toMatchObject({ reviewer: 'Ada', changes: [{ field: 'text' }] });
});

test.each([
  ['an empty name', ' '],
  ['a name of two lines', 'Ada\nBob'],
  ['no name', 7],
])('%s is rejected as a reviewer', async (_what, reviewer) => {
  await using server = await startTestServer();
  const task = await waiting(server);
  const refused = await server.send('POST', `/api/reviews/${task.id}/decision`, { body: { decision: 'approve', reviewer } });
  expect(refused.json).toMatchObject({ status: 400, errors: [{ path: 'reviewer' }] });
  expect(await server.call(getReview, { params: { id: task.id } })).toEqual(task);
});

test('a review can be assigned to a person, and unassigned', async () => {
  await using server = await startTestServer();
  const { id } = await waiting(server);
  expect(await server.call(assignReview, { params: { id }, body: { assignee: ' Ada ' } })).toMatchObject({ assignee: 'Ada' });
  expect((await server.call(listReviews, { query: { assignee: 'Ada' } })).items.map((review) => review.id)).toEqual([id]);
  expect(await server.call(assignReview, { params: { id }, body: { assignee: null } })).toMatchObject({ assignee: null });
});

test('an automatic decision at the due time ends the review, and a later reviewer is told', async () => {
  await using server = await startTestServer();
  const task = await waiting(server, dueGraph({ whenDue: 'decide', dueDecision: 'reject' }));
  expect(await ended(server, task.runId)).toMatchObject({ status: 'succeeded', output: 'closed' });
  const after = await until('the review to end', async () => {
    const now = await server.call(getReview, { params: { id: task.id } });
    return now.status !== 'open' && now;
  });
  expect(after).toMatchObject({ status: 'done', decidedBy: 'the due time', decision: { decision: 'reject', comment: 'Decided automatically: overdue.' } });
  expect(await server.refused(decideReview, { params: { id: task.id }, body: { decision: 'approve' } })).toMatchObject({
    status: 409,
    code: 'already-decided',
  });
});

test('a due time that fails the step closes the review, and a later decision is rejected with the reason', async () => {
  await using server = await startTestServer();
  const task = await waiting(server, dueGraph({ whenDue: 'error' }));
  expect(await ended(server, task.runId)).toMatchObject({ status: 'failed', error: { code: 'timeout', nodeKey: 'check' } });
  await expect.poll(async () => (await server.call(getReview, { params: { id: task.id } })).status).toBe('closed');
  expect(await server.refused(decideReview, { params: { id: task.id }, body: { decision: 'approve' } })).toMatchObject({
    status: 409,
    code: 'already-decided',
    detail: expect.stringContaining('overdue'),
  });
  expect((await server.call(listReviews, {})).items).toEqual([]);
});

test('a large draft is shown in full, and neither it nor a large decision is in the journal', async () => {
  await using server = await startTestServer();
  const draft = 'Dear Ada. '.repeat(20_000).trim();
  const edited = `${draft} Yours`;
  const run = await begin(server, await workflowOf(server, reviewGraph()), draft);
  const task = await openTask(server, run.id);
  expect(task.fields).toMatchObject([{ name: 'text', value: draft }]);
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: edited } } });
  const done = await ended(server, run.id);
  expect(done.status).toBe('succeeded');
  const kept = stepOf(done, 'sent').output;
  expect(await server.call(getRunBlob, { params: { id: run.id, hash: isBlobRef(kept) ? kept.$blob : '' } })).toBe(edited);
  const events = await journalOf(server, run.id);
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['step-waiting', 'wait-ended']));
  for (const event of events) expect(JSON.stringify(event).length, event.type).toBeLessThan(10_000);
});

test('a review larger than one database document is shown in full, in the list and by its link, and can be assigned and decided', async () => {
  await using server = await startTestServer();
  const large = 'x'.repeat(9_000_000);
  const { nodes, edges } = reviewGraph();
  const context = [{ name: 'Message', value: '{{ input.message }}' }];
  const asking = nodes.map((one) => (one.data.key === 'check' ? { ...one, data: { ...one.data, params: { ...one.data.params, context } } } : one));
  const { url } = await publishedWorkflow(server, graphOf(asking, edges), { maxBodyBytes: 10_000_000, mode: 'accepted' });
  const id = (await server.send('POST', url, { body: { message: large } })).headers.get('x-run-id') ?? '';
  const listed = await until('the review', async () => (await server.call(listReviews, { query: { runId: id } })).items.at(-1));
  const { review } = await server.call(getReviewByLink, { params: { token: tokenOf(listed) } });
  const given = await server.call(assignReview, { params: { id: listed.id }, body: { assignee: 'Ada' } });
  const decided = await server.call(decideReview, { params: { id: listed.id }, body: { decision: 'approve' } });
  for (const task of [listed, review, given, decided]) {
    expect([task.fields[0]?.value === large, task.context[0]?.value === large]).toEqual([true, true]);
    expect(task).toMatchObject({ title: 'Check this' });
    expect(task).not.toHaveProperty('whole');
  }
  expect((await ended(server, id)).status).toBe('succeeded');
});

test('a large review keeps its title and assignee in the run, and another person gets all of it when it is overdue', async () => {
  await using server = await startTestServer();
  const draft = 'x'.repeat(200_000);
  const graph = dueGraph({ assignee: 'Support', whenDue: 'assign', dueAssignee: 'Support lead', fields: [{ name: 'text', kind: 'long-text', value: draft }] });
  const run = await begin(server, await workflowOf(server, graph), 'Refund me');
  const task = await until('the other person', async () =>
    (await server.call(listReviews, { query: { runId: run.id } })).items.find((one) => one.assignee === 'Support lead'),
  );
  expect(task.fields).toMatchObject([{ name: 'text', value: draft }]);
  // The review is there a moment before the step waits for it.
  const wait = await until('the wait', async () => stepOf(await readRun(server, run.id), 'check').wait ?? undefined);
  expect(wait).toMatchObject({ kind: 'review', task: { title: 'Check this', assignee: 'Support lead' } });
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
  expect((await ended(server, run.id)).status).toBe('succeeded');
});
