import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { deleteWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { echoGraph, edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { begin, ended, readRun, runOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

/** Runs another workflow with the message, and replies with its output. */
const calling = (workflowId: string, more: Record<string, unknown> = {}): Graph =>
  graphOf(
    [
      messageInput(),
      node('workflow', 'child', { workflowId, input: { message: '{{ input.message }}' }, ...more }),
      node('output', 'reply', { value: '{{ steps.child }}' }),
    ],
    [edge('start', 'child'), edge('child', 'reply')],
  );

const childOf = async (api: TestApi, parent: string) => {
  const { items } = await api.call(listRuns, { query: { parent } });
  expect(items).toHaveLength(1);
  return readRun(api, items[0]?.id ?? '');
};

describe('a workflow as a step', () => {
  test('returns its output, is linked both ways, and is left out of lists', async () => {
    await using server = await startTestServer();
    const { id: inner } = await publishedWorkflow(server, echoGraph('{{ input.message + "!" }}'));
    const { id } = await server.call(startRun, {
      params: { id: await workflowOf(server, calling(inner)) },
      body: { input: { message: 'Hello' }, labels: { tenant: 'acme' } },
    });
    const run = await ended(server, id);
    expect(run).toMatchObject({ status: 'succeeded', output: 'Hello!' });
    const child = await childOf(server, run.id);
    expect(child).toMatchObject({
      status: 'succeeded',
      trigger: 'workflow',
      version: 1,
      labels: { tenant: 'acme' },
      input: { message: 'Hello' },
      parent: { runId: run.id, stepId: 'child#1' },
      actor: run.actor,
    });
    expect(stepOf(run, 'child').childRunId).toBe(child.id);
    expect((await server.call(listRuns, {})).items.map((one) => one.id)).toEqual([run.id]);
  });

  test('is not waited for if it need not be', async () => {
    await using server = await startTestServer();
    const { id: inner } = await publishedWorkflow(server, reviewGraph());
    const run = await runOf(server, calling(inner, { wait: false }));
    const child = await childOf(server, run.id);
    expect(run).toMatchObject({ status: 'succeeded', output: { runId: child.id } });
    expect((await whenRun(server, child.id, 'waiting', ({ status }) => status === 'waiting')).error).toBeNull();
  });

  test('fails the step with its error', async () => {
    await using server = await startTestServer();
    const failing = graphOf(
      [
        messageInput(),
        node('transform', 'work', { fields: [{ name: 'x', value: 'input.missing.deep' }] }),
        node('output', 'reply', { value: '{{ steps.work.x }}' }),
      ],
      [edge('start', 'work'), edge('work', 'reply')],
    );
    const { id: inner } = await publishedWorkflow(server, failing);
    const run = await runOf(server, calling(inner));
    const child = await childOf(server, run.id);
    expect(child.status).toBe('failed');
    expect(run).toMatchObject({
      status: 'failed',
      error: { code: 'child-failed', nodeKey: 'child', details: { runId: child.id, cause: { code: child.error?.code } } },
    });
  });

  test('checks the input against its schema', async () => {
    await using server = await startTestServer();
    const { id: inner } = await publishedWorkflow(server, echoGraph());
    expect(await runOf(server, calling(inner, { input: { text: 1 } }))).toMatchObject({ status: 'failed', error: { code: 'bad-input', nodeKey: 'child' } });
  });

  test('can be missing, unpublished, or endless', async () => {
    await using server = await startTestServer();
    expect(await runOf(server, calling('wf_none'))).toMatchObject({ status: 'failed', error: { code: 'not-found' } });
    expect(await runOf(server, calling(await workflowOf(server, echoGraph())))).toMatchObject({ status: 'failed', error: { code: 'not-published' } });
    const { id: deleted } = await publishedWorkflow(server, echoGraph());
    await server.call(deleteWorkflow, { params: { id: deleted } });
    expect(await runOf(server, calling(deleted))).toMatchObject({ status: 'failed', error: { code: 'not-found' } });
  });

  test('waits with it for a person, tells the caller so, and continues', async () => {
    await using server = await startTestServer();
    const { id: inner } = await publishedWorkflow(server, reviewGraph());
    const outer = await publishedWorkflow(server, calling(inner), { mode: 'finished', deadlineMs: 60_000 });
    const response = await fetch(outer.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"message": "Hello"}' });
    expect(response.status).toBe(202);
    const { runId } = (await response.json()) as { runId: string };
    expect((await readRun(server, runId)).status).toBe('waiting');
    const [review] = (await server.call(listReviews, {})).items;
    await server.call(decideReview, { params: { id: review?.id ?? '' }, body: { decision: 'approve' } });
    expect((await ended(server, runId)).status).toBe('succeeded');
  });

  test('tells the caller at once that it waits for a callback', async () => {
    await using server = await startTestServer();
    const asking = graphOf(
      [messageInput(), node('callback', 'ready', {}), node('output', 'reply', { value: '{{ steps.ready }}' })],
      [edge('start', 'ready'), edge('ready', 'reply')],
    );
    const { id: inner } = await publishedWorkflow(server, asking);
    const outer = await publishedWorkflow(server, calling(inner), { mode: 'finished', deadlineMs: 60_000 });
    expect((await server.send('POST', outer.url, { body: { message: 'Hello' } })).status).toBe(202);
  });

  test('is canceled with the run that started it', async () => {
    await using server = await startTestServer();
    const { id: inner } = await publishedWorkflow(server, reviewGraph());
    const { id } = await begin(server, await workflowOf(server, calling(inner)));
    await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
    const child = await childOf(server, id);
    await whenRun(server, child.id, 'waiting', ({ status }) => status === 'waiting');
    expect((await server.call(cancelRun, { params: { id }, body: {} })).status).toBe('cancelled');
    expect((await ended(server, child.id)).status).toBe('cancelled');
  });

  test('runs once per item of a for-each', async () => {
    await using server = await startTestServer();
    const { id: inner } = await publishedWorkflow(server, echoGraph('{{ input.message + "!" }}'));
    const graph = graphOf(
      [
        messageInput(),
        node('for-each', 'each', { items: '{{ ["a", "b", "c", "d", "e", "f"] }}', concurrency: 2 }),
        { ...node('workflow', 'child', { workflowId: inner, input: { message: '{{ item }}' } }), parentId: 'each' },
        node('output', 'reply', { value: '{{ steps.each.items }}' }),
      ],
      [edge('start', 'each'), edge('each', 'reply')],
    );
    const run = await runOf(server, graph);
    expect(run).toMatchObject({ status: 'succeeded', output: ['a!', 'b!', 'c!', 'd!', 'e!', 'f!'] });
    expect((await server.call(listRuns, { query: { parent: run.id } })).items).toHaveLength(6);
  });
});
