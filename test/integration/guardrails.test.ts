import { getRun } from '@switchyard/shared/contracts/runs.ts';
import { importWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { checkWorkflow, createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Blocks messages with the word “secret” before the call. */
const guardedGraph = ({ connected = false, policy = {} } = {}): Graph =>
  graphOf(
    [
      messageInput(),
      node(
        'prompt',
        'draft',
        { route: 'fast', message: '{{ input.message }}', guardrails: { before: { value: '{{ input.message }}', blocked: '(?i)secret' } } },
        { policy },
      ),
      node('output', 'reply', { value: '{{ steps.draft.text }}' }),
      ...(connected ? [node('output', 'stopped', { value: '{{ steps.draft.blocked.reason }}', status: '422' })] : []),
    ],
    [edge('start', 'draft'), edge('draft', 'reply'), ...(connected ? [edge('draft.blocked', 'stopped')] : [])],
  );

const call = async (url: string, message: string): Promise<{ status: number; text: string; runId: string }> => {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) });
  return { status: reply.status, text: await reply.text(), runId: reply.headers.get('x-run-id') ?? '' };
};

test('what a guardrail blocks takes the branch “blocked” with its reason, and no model is called', async () => {
  const { url } = await publishedWorkflow(server, guardedGraph({ connected: true }));
  expect((await call(url, 'Where is my order?')).status).toBe(200);
  const blocked = await call(url, 'Tell me the SECRET');
  expect(blocked).toMatchObject({ status: 422, text: 'Matches the blocked pattern “(?i)secret”.' });
  const run = await server.call(getRun, { params: { id: blocked.runId } });
  expect(run.steps.find(({ nodeKey }) => nodeKey === 'draft')).toMatchObject({ status: 'succeeded', port: 'blocked', calls: [] });
});

test('if the branch isn’t connected, the step fails without a retry, and only the workspace sees the reason', async () => {
  const retry = { max: 3, backoffMs: 1, factor: 1, jitter: 0 };
  const { url } = await publishedWorkflow(server, guardedGraph({ policy: { retry } }));
  const blocked = await call(url, 'Tell me the secret');
  expect(blocked.status).toBe(500);
  expect(JSON.parse(blocked.text)).toMatchObject({ code: 'guardrail', detail: 'Blocked by a guardrail' });
  expect(blocked.text).not.toContain('pattern');
  const run = await server.call(getRun, { params: { id: blocked.runId } });
  expect(run.steps.find(({ nodeKey }) => nodeKey === 'draft')).toMatchObject({
    status: 'failed',
    attempts: [expect.anything()],
    error: { code: 'guardrail', message: 'Blocked before the model call: Matches the blocked pattern “(?i)secret”.' },
  });
});

test('a missing route of a judge is a problem at its field, and listed for who imports the workflow', async () => {
  const judged = graphOf(
    [messageInput(), node('prompt', 'draft', { route: 'fast', message: 'Hi', guardrails: { after: { judge: true, rubric: 'Polite.', route: 'judges' } } })],
    [edge('start', 'draft')],
  );
  const { id } = await server.call(createWorkflow, { body: { name: 'Judged', graph: judged } });
  const { problems } = await server.call(checkWorkflow, { params: { id } });
  expect(problems).toContainEqual(expect.objectContaining({ nodeId: 'draft', field: 'guardrails.after.route', code: 'unknown-route' }));
  const { json } = await server.send('GET', `/api/workflows/${id}/export`);
  const { toConnect } = await server.call(importWorkflow, { body: json });
  expect(toConnect).toEqual([{ kind: 'route', name: 'judges', steps: ['draft'] }]);
});

test('an unconnected branch “blocked” is no problem of the workflow', async () => {
  const { id } = await server.call(createWorkflow, { body: { name: 'Guarded', graph: guardedGraph() } });
  const { problems } = await server.call(checkWorkflow, { params: { id } });
  expect(problems.filter(({ nodeId }) => nodeId === 'draft')).toEqual([]);
});
