import { createWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { graphOf, messageInput, node, wire } from '../../test/kit/graph.ts';
import { startTestServer } from '../../test/kit/server.ts';

it('warns of a model route that is not there, with one that is like it', async () => {
  await using server = await startTestServer();
  const made = await server.call(createWorkflow, { body: { name: 'Routes' } });
  const graph = graphOf(
    [messageInput(), node('prompt', 'ask', { route: 'carefull', message: 'Hi' }), node('output', 'reply', { value: 'x' })],
    [wire('start', 'ask'), wire('ask', 'reply')],
  );
  const { problems } = await server.call(saveDraft, { params: { id: made.id }, body: { graph, revision: made.draftRevision } });
  expect(problems).toMatchObject([{ code: 'unknown-route', severity: 'warning', field: 'route', suggestion: 'Did you mean ‘careful’?' }]);
});
