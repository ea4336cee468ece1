import { createConnection } from '@switchyard/shared/contracts/models.ts';
import { createTable } from '@switchyard/shared/contracts/state/tables.ts';
import { createWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { edge, graphOf, messageInput, node } from '../../../test/kit/graph.ts';
import { startTestServer } from '../../../test/kit/server.ts';

it('warns about a missing model route and suggests a similar one', async () => {
  await using server = await startTestServer();
  const made = await server.call(createWorkflow, { body: { name: 'Routes' } });
  const graph = graphOf(
    [messageInput(), node('prompt', 'ask', { route: 'carefull', message: 'Hi' }), node('output', 'reply', { value: 'x' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
  const { problems } = await server.call(saveDraft, { params: { id: made.id }, body: { graph, revision: made.draftRevision } });
  expect(problems).toMatchObject([{ code: 'unknown-route', severity: 'warning', field: 'route', suggestion: 'Did you mean “careful”?' }]);
});

it('warns about a missing connection, but not about an existing one or none', async () => {
  await using server = await startTestServer();
  const made = await server.call(createWorkflow, { body: { name: 'Connections' } });
  const { id: shop } = await server.call(createConnection, { body: { name: 'Shop', kind: 'http', secret: 's3cret-of-the-shop' } });
  const tool = (key: string, connectionId?: string) => node('tool', key, { url: 'https://shop.example', ...(connectionId !== undefined && { connectionId }) });
  const graph = graphOf(
    [messageInput(), tool('gone', 'con_gone'), tool('known', shop), tool('open'), node('output', 'reply', { value: 'x' })],
    [edge('start', 'gone'), edge('gone', 'known'), edge('known', 'open'), edge('open', 'reply')],
  );
  const { problems } = await server.call(saveDraft, { params: { id: made.id }, body: { graph, revision: made.draftRevision } });
  expect(problems).toMatchObject([{ code: 'unknown-connection', severity: 'warning', nodeId: 'gone', field: 'connectionId' }]);
});

it('warns about missing tables and columns, but not about values under keys', async () => {
  await using server = await startTestServer();
  const made = await server.call(createWorkflow, { body: { name: 'Tables' } });
  await server.call(createTable, { body: { name: 'Orders', columns: [{ name: 'Number', type: 'text' }] } });
  const find = (key: string, table: string, columns: string[]) =>
    node('state', key, { operation: 'find-rows', table, sortBy: 'createdAt', conditions: columns.map((column) => ({ column, is: 'filled' })) });
  const graph = graphOf(
    [
      messageInput(),
      find('gone', 'Bills', ['x']),
      find('known', 'orders', ['number', 'Numbr']),
      node('state', 'value', { operation: 'get', key: 'a', table: 'x' }),
      node('output', 'reply', { value: 'x' }),
    ],
    [edge('start', 'gone'), edge('gone', 'known'), edge('known', 'value'), edge('value', 'reply')],
  );
  const { problems } = await server.call(saveDraft, { params: { id: made.id }, body: { graph, revision: made.draftRevision } });
  expect(problems).toMatchObject([
    { code: 'unknown-table', severity: 'warning', nodeId: 'gone', field: 'table' },
    { code: 'unknown-table', nodeId: 'known', field: 'conditions.1.column', suggestion: 'Did you mean “Number”?' },
  ]);
});
