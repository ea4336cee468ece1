import { DEFAULT_WORKSPACE, reviews, signals } from '@switchyard/server/store/collections.ts';
import { listCorrections } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { getRunEvidence, verifyEvidence } from '@switchyard/shared/contracts/insight/evidence.ts';
import { decideReview, getReview, type Review } from '@switchyard/shared/contracts/reviews.ts';
import { signalId } from '@switchyard/shared/run/address.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { dueGraph, openTask, tokenOf } from '../kit/review-task.ts';
import { begin, ended, journalOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

test('browsers that open a review link get the page, others its review, and the log does not contain the token', async () => {
  await using server = await startServerProcess({ env: { LOG_LEVEL: 'debug' } });
  const run = await begin(server, await workflowOf(server, reviewGraph()));
  const { link } = await openTask(server, run.id);
  const asBrowser = await server.send('GET', link ?? '', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(asBrowser.headers.get('content-type')).toContain('text/html');
  expect((await server.send('GET', link ?? '')).json).toMatchObject({ review: { status: 'open' } });
  await until('the log', () => server.output().includes('/r/…'));
  expect(server.output()).not.toContain(tokenOf({ link } as Review));
});

test('a due time that passes while the server is off reassigns the review at the next start, in the journal too', async () => {
  await using first = await startServerProcess();
  const run = await begin(first, await workflowOf(first, dueGraph({ assignee: 'Support', whenDue: 'assign', dueAssignee: 'Lead', dueInMinutes: 0.02 })));
  const task = await openTask(first, run.id);
  expect(task).toMatchObject({ assignee: 'Support', whenDue: { action: 'assign', assignee: 'Lead' } });
  await first.kill();
  await using again = await startServerProcess({ dataDir: first.dataDir });
  const given = await until('the review to be reassigned', async () => {
    const now = await again.call(getReview, { params: { id: task.id } });
    return now.assignee === 'Lead' && now;
  });
  expect(given).toMatchObject({ status: 'open', dueAt: null, link: expect.stringContaining(tokenOf(task)) });
  await whenRun(again, run.id, 'waiting', ({ status }) => status === 'waiting');
  await again.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
  expect(await ended(again, run.id)).toMatchObject({ status: 'succeeded', output: 'Hello' });
  const waits = (await journalOf(again, run.id)).flatMap((event) => (event.type === 'wait-ended' ? [event.by] : []));
  expect(waits).toEqual(['timer', 'decision']);
});

test('a delay survives a crash of the server and continues at the next start', async () => {
  const graph = graphOf(
    [messageInput(), node('delay', 'rest', { amount: '1', unit: 'seconds' }), node('output', 'sent', { value: '{{ steps.rest }}' })],
    [edge('start', 'rest'), edge('rest', 'sent')],
  );
  await using first = await startServerProcess();
  const run = await begin(first, await workflowOf(first, graph));
  await whenRun(first, run.id, 'waiting', ({ status }) => status === 'waiting');
  await first.kill();
  await using again = await startServerProcess({ dataDir: first.dataDir });
  expect(await ended(again, run.id)).toMatchObject({ status: 'succeeded', output: { waited: true } });
});

test('a decision whose process was killed before it was marked keeps its corrections, and the run stays valid evidence', async () => {
  await using first = await startServerProcess();
  const run = await begin(first, await workflowOf(first, reviewGraph()));
  const task = await openTask(first, run.id);
  await first.kill();
  const store = await openStoreOf(first.dataDir);
  const here = store.in(DEFAULT_WORKSPACE);
  const review = await here.get(reviews, task.id);
  // What the killed process wrote first.
  const value = { decision: 'approve', values: { text: 'Better' }, comment: 'Shorter', reasons: [], reviewer: 'Mira' };
  const at = new Date().toISOString();
  const signal = {
    id: signalId(run.id, review?.waitId ?? ''),
    workspaceId: DEFAULT_WORKSPACE,
    runId: run.id,
    kind: 'decision',
    waitId: review?.waitId ?? '',
  } as const;
  await here.insert(signals, { ...signal, value, at, actor: { kind: 'user', id: 'mira' }, moved: 0 });
  await store.close();
  await using again = await startServerProcess({ dataDir: first.dataDir });
  expect(await ended(again, run.id)).toMatchObject({ status: 'succeeded', output: 'Better' });
  const [correction, ...others] = await until('the correction', async () => {
    const { items } = await again.call(listCorrections, { query: { runId: run.id } });
    return items.length > 0 && items;
  });
  expect(others).toEqual([]);
  expect(correction).toMatchObject({ reviewer: 'Mira', comment: 'Shorter', changes: [{ field: 'text', after: 'Better' }] });
  await until('the review to be done', async () => (await again.call(getReview, { params: { id: task.id } })).status === 'done');
  expect(await again.call(getReview, { params: { id: task.id } })).toMatchObject({ decidedBy: 'Mira', decision: { decision: 'approve' } });
  const evidence = await again.call(getRunEvidence, { params: { id: run.id } });
  expect(await again.call(verifyEvidence, { body: { ...evidence } })).toEqual({ verdict: 'valid', problems: [] });
});
