import { createWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { echoGraph, edge, graphOf, messageInput, node } from '../../../test/kit/graph.ts';
import { publishedWorkflow } from '../../../test/kit/published.ts';
import { startTestServer } from '../../../test/kit/server.ts';

const calling = (params: Record<string, unknown>) =>
  graphOf(
    [messageInput(), node('workflow', 'child', params), node('output', 'reply', { value: '{{ steps.child }}' })],
    [edge('start', 'child'), edge('child', 'reply')],
  );

it('refuses to publish an input that the other workflow would reject, live or by number', async () => {
  await using server = await startTestServer();
  const { id: inner } = await publishedWorkflow(server, echoGraph());
  const made = await server.call(createWorkflow, { body: { name: 'Outer' } });
  const problem = {
    nodeId: 'child',
    field: 'input',
    severity: 'error',
    code: 'bad-child-input',
    message: expect.stringContaining('v1 rejects: message is missing'),
  };
  let revision = made.draftRevision;
  for (const version of ['live', 1]) {
    const graph = calling({ workflowId: inner, version, input: { text: '{{ input.message }}' } });
    const saved = await server.call(saveDraft, { params: { id: made.id }, body: { graph, revision } });
    expect(saved.problems).toMatchObject([problem]);
    revision = saved.draftRevision;
    const refused = await server.refused(publishWorkflow, { params: { id: made.id }, body: {} });
    expect(refused).toMatchObject({ status: 422, code: 'graph-has-problems', problems: [problem] });
  }
  const graph = calling({ workflowId: inner, version: 1, input: { message: '{{ input.message }}' } });
  expect((await server.call(saveDraft, { params: { id: made.id }, body: { graph, revision } })).problems).toEqual([]);
  expect((await server.call(publishWorkflow, { params: { id: made.id }, body: {} })).number).toBe(1);
});
