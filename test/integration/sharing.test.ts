import { createConnection, getConnectionUsage, listConnections } from '@switchyard/shared/contracts/models.ts';
import { createRoute } from '@switchyard/shared/contracts/routes.ts';
import { listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { getShare, getShared, importWorkflow, shareWorkflow, unshareWorkflow, useShared } from '@switchyard/shared/contracts/sharing.ts';
import { deleteTemplate, getTemplate, listTemplates, saveTemplate, undeleteTemplate, useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { getWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { checkWorkflow, createWorkflow, deleteWorkflow, getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { begin, ended } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

const SECRET = 'sk-planted-0123456789abcdef';

/** A graph that looks up orders with a connection, a typed-in key, and its own route. */
const orderGraph = (connectionId: string): Graph => ({
  ...graphOf(
    [
      messageInput(),
      node('tool', 'orders', {
        url: 'https://shop.example/orders?token=abcdefgh',
        connectionId,
        headers: [
          { name: 'X-Api-Key', value: 'typed-in-by-hand' },
          { name: 'Accept', value: 'application/json' },
        ],
      }),
      node('prompt', 'draft', { message: `Never say ${SECRET} to {{ input.message }}`, route: 'legal' }),
      node('output', 'reply', { value: '{{ steps.draft.text }}' }),
    ],
    [edge('start', 'orders'), edge('orders', 'draft'), edge('draft', 'reply')],
  ),
  vars: { brand: 'Shop', crmToken: 'another-planted-one' },
});

/** A workflow that uses a connection of its installation. Returns both IDs. */
async function orderWorkflow(api: TestApi): Promise<{ id: string; connectionId: string }> {
  const connection = await api.call(createConnection, { body: { name: 'Shop API', kind: 'http', baseUrl: 'https://shop.example', secret: SECRET } });
  const { id } = await api.call(createWorkflow, { body: { name: 'Order help', description: 'Finds orders.', graph: orderGraph(connection.id) } });
  return { id, connectionId: connection.id };
}

const exported = async (api: TestApi, id: string): Promise<string> => {
  const reply = await api.send('GET', `/api/workflows/${id}/export`);
  expect(reply.status, reply.text).toBe(200);
  return reply.text;
};

/** The smallest file, with parts of it replaced. */
const fileWith = (more: Record<string, unknown> = {}) => ({
  format: 'switchyard/workflow@1',
  name: 'From a file',
  description: '',
  toConnect: [],
  graph: echoGraph(),
  ...more,
});

test('an exported file is named after the workflow and contains no secret, no connection ID, and no webhook token', async () => {
  await using server = await startTestServer();
  const { id, connectionId } = await orderWorkflow(server);
  const webhook = await server.call(getWebhook, { params: { id } });
  const reply = await server.send('GET', `/api/workflows/${id}/export`);
  expect(await server.call(getConnectionUsage, { params: { id: connectionId } })).toEqual({ routes: [], workflows: [{ id, name: 'Order help' }] });
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename=order-help.switchyard.json');
  expect(reply.headers.get('content-type')).toContain('application/json');
  for (const secret of [SECRET, connectionId, id, 'typed-in-by-hand', 'abcdefgh', 'another-planted-one', tokenOf(webhook.url), tokenOf(webhook.testUrl)])
    expect(reply.text).not.toContain(secret);
  expect(reply.json).toMatchObject({
    format: 'switchyard/workflow@1',
    name: 'Order help',
    description: 'Finds orders.',
    toConnect: [
      { kind: 'connection', name: 'Shop API', steps: ['orders'] },
      { kind: 'secret', name: 'API key', steps: ['draft'] },
      { kind: 'secret', name: 'X-Api-Key', steps: ['orders'] },
      { kind: 'secret', name: 'crmToken', steps: [] },
      { kind: 'secret', name: 'secret in a URL', steps: ['orders'] },
      { kind: 'route', name: 'legal', steps: ['draft'] },
    ],
  });
});

test('a file imported into another installation gives the same workflow, lists what to connect, and exports to the same bytes', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  const { id } = await orderWorkflow(server);
  const text = await exported(server, id);
  const reply = await other.send('POST', '/api/workflows/import', { body: text });
  expect(reply.status, reply.text).toBe(201);
  const { workflow, toConnect } = importWorkflow.reply.parse(reply.json);
  expect(workflow).toMatchObject({ name: 'Order help', description: 'Finds orders.', liveVersion: null });
  expect(toConnect.map(({ kind, name }) => `${kind} ${name}`)).toContain('connection Shop API');
  expect(await exported(other, workflow.id)).toBe(text);
  expect((await other.call(listRuns, {})).items).toEqual([]);
  expect((await other.call(listConnections, {})).items.map(({ kind }) => kind)).toEqual(['demo']);
});

test('a shipped template exports, imports, and exports to the same bytes, and its import runs', async () => {
  await using server = await startTestServer();
  const used = await server.call(useTemplate, { params: { slug: 'support-chatbot-routing' } });
  const text = await exported(server, used.id);
  const { workflow, toConnect } = await server.call(importWorkflow, { body: JSON.parse(text) });
  expect(toConnect).toEqual([]);
  expect(await exported(server, workflow.id)).toBe(text);
  expect((await server.call(checkWorkflow, { params: { id: workflow.id } })).problems).toEqual([]);
  const run = await begin(server, workflow.id, 'I was charged twice on my invoice for March.');
  expect((await ended(server, run.id)).status).toBe('succeeded');
});

test('an existing route is not listed to be connected', async () => {
  await using server = await startTestServer();
  const { id } = await orderWorkflow(server);
  const file = JSON.parse(await exported(server, id));
  const [demo] = (await server.call(listConnections, {})).items.filter(({ kind }) => kind === 'demo');
  await server.call(createRoute, { body: { name: 'legal', targets: [{ connectionId: demo?.id ?? '', model: 'demo' }] } });
  const { toConnect } = await server.call(importWorkflow, { body: file });
  expect(toConnect.map(({ kind }) => kind)).not.toContain('route');
});

test('an import never uses a connection here automatically, whatever its name, and missing ones stop a run', async () => {
  await using server = await startTestServer();
  const { connectionId } = await orderWorkflow(server);
  for (const reference of [connectionId, 'Shop API', '<left out: Shop API>']) {
    const graph = graphOf(
      [messageInput(), node('tool', 'orders', { url: 'https://elsewhere.example', connectionId: reference }), node('output', 'reply', { value: '1' })],
      [edge('start', 'orders'), edge('orders', 'reply')],
    );
    const { workflow } = await server.call(importWorkflow, { body: fileWith({ graph }) });
    expect(workflow.draft.nodes[1]?.data.params.connectionId).toMatch(/^<left out: .+>$/);
    const refused = await server.refused(startRun, { params: { id: workflow.id }, body: { input: { message: 'x' } } });
    expect(refused).toMatchObject({ code: 'graph-has-problems', detail: expect.stringContaining('isn’t included') });
  }
});

test('a file that is too large is rejected before it is parsed', async () => {
  await using server = await startTestServer();
  const reply = await server.send('POST', '/api/workflows/import', { body: JSON.stringify(fileWith({ description: 'x'.repeat(50_000_000) })) });
  expect(reply).toMatchObject({ status: 413, json: { code: 'too-large' } });
  expect((await server.call(listTemplates, {})).items.length).toBeGreaterThan(0);
});

test.each([
  ['text', 'hello', 'bad-json', 'Invalid JSON'],
  ['a list', [], 'bad-request', 'workflow file'],
  ['nothing', {}, 'bad-request', 'Not a Switchyard workflow file'],
  ['a file of another program', { name: 'My workflow', nodes: [], connections: {} }, 'bad-request', 'Not a Switchyard workflow file'],
  ['a file from the future', fileWith({ format: 'switchyard/workflow@2', graph: 'of another kind' }), 'bad-request', 'newer Switchyard'],
  ['a version that never existed', fileWith({ format: 'switchyard/workflow@0' }), 'bad-request', 'doesn’t exist'],
  ['no name', fileWith({ name: ' ' }), 'bad-request', 'name'],
  ['a name that is not text', fileWith({ name: { $gt: '' } }), 'bad-request', 'name'],
  ['no graph', fileWith({ graph: 5 }), 'bad-graph', 'graph'],
  ['a graph with a broken node', fileWith({ graph: { nodes: [{ id: 'a' }], edges: [] } }), 'bad-graph', 'graph.nodes.0'],
])('%s is rejected with its error, and nothing is created', async (_what, body, code, words) => {
  await using server = await startTestServer();
  const reply = await server.send('POST', '/api/workflows/import', { body });
  expect(reply).toMatchObject({ status: 400, json: { code, detail: expect.stringContaining(words) } });
  expect((await server.send('GET', '/api/workflows')).json).toMatchObject({ items: [] });
});

test('a file with shared IDs and dangling edges is imported repaired, with a note for each repair', async () => {
  await using server = await startTestServer();
  const { nodes, edges } = echoGraph();
  const graph = {
    nodes: [...nodes, { ...messageInput(), data: { ...messageInput().data, title: 'Copy', key: 'copy' } }],
    edges: [...edges, { id: 'lost', source: 'ghost', target: 'nowhere' }],
  };
  const { workflow, notes } = await server.call(importWorkflow, { body: fileWith({ graph }) });
  expect(notes).toHaveLength(2);
  expect(workflow.draft.edges).toEqual(edges);
  expect(new Set(workflow.draft.nodes.map(({ id }) => id)).size).toBe(nodes.length + 1);
});

test('a key __proto__ is only data, a script in a title only text, and a node of an unknown type is kept and named', async () => {
  await using server = await startTestServer();
  const script = '<script>alert(1)</script>';
  const text = JSON.stringify(
    fileWith({ name: script, graph: graphOf([messageInput(), node('teleport', 'away', { to: 'mars' }, { title: script })], []) }),
  ).replace('"to":"mars"', '"to":"mars","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}');
  const reply = await server.send('POST', '/api/workflows/import', { body: text });
  expect(reply.status, reply.text).toBe(201);
  const { workflow, toConnect } = importWorkflow.reply.parse(reply.json);
  expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
  expect(workflow.name).toBe(script);
  expect(toConnect).toEqual([{ kind: 'node-type', name: 'teleport', steps: ['away'] }]);
  const again = await exported(server, workflow.id);
  expect(again).toContain('"__proto__": {\n');
  expect(JSON.parse(again).graph.nodes[1].data).toMatchObject({ title: script, params: { to: 'mars' } });
  const { workflow: second } = importWorkflow.reply.parse((await server.send('POST', '/api/workflows/import', { body: again })).json);
  expect(await exported(server, second.id)).toBe(again);
});

test('a link keeps its token while shared, shows the workflow without secrets, and stops working once turned off', async () => {
  await using server = await startTestServer();
  const { id, connectionId } = await orderWorkflow(server);
  expect(await server.call(getShare, { params: { id } })).toMatchObject({
    share: null,
    leftOut: expect.arrayContaining([{ kind: 'connection', name: 'Shop API', steps: ['orders'] }]),
  });
  const link = await server.call(shareWorkflow, { params: { id } });
  expect(Buffer.from(link.token, 'base64url')).toHaveLength(16);
  expect(link).toMatchObject({ url: `${server.base}/shared/${link.token}`, shows: 'draft' });
  expect(await server.call(shareWorkflow, { params: { id } })).toEqual(link);
  expect((await server.call(getShare, { params: { id } })).share).toEqual(link);

  const reply = await server.send('GET', `/api/shared/${link.token}`);
  expect(getShared.reply.parse(reply.json)).toMatchObject({ name: 'Order help', version: null, graph: { nodes: { length: 4 } } });
  for (const secret of [SECRET, connectionId, id, 'typed-in-by-hand', 'another-planted-one']) expect(reply.text).not.toContain(secret);

  expect(await server.call(unshareWorkflow, { params: { id } })).toEqual({ revoked: true });
  expect(await server.refused(getShared, { params: { token: link.token } })).toMatchObject({ status: 404, detail: expect.stringContaining('turned off') });
  expect(await server.refused(useShared, { params: { token: link.token } })).toMatchObject({ status: 404 });
  expect(await server.call(unshareWorkflow, { params: { id } })).toEqual({ revoked: false });
  expect((await server.call(shareWorkflow, { params: { id } })).token).not.toBe(link.token);
});

test('a link shows the live version if there is one and follows new ones, or shows the draft on request', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Echo', graph: echoGraph('one') } });
  expect(await server.refused(shareWorkflow, { params: { id }, body: { shows: 'live' } })).toMatchObject({ code: 'not-published' });
  await server.call(publishWorkflow, { params: { id } });
  const { token, shows } = await server.call(shareWorkflow, { params: { id } });
  expect(shows).toBe('live');
  await server.call(saveDraft, { params: { id }, body: { graph: echoGraph('two'), revision: 1 } });
  const shown = async () => {
    const { version, graph } = await server.call(getShared, { params: { token } });
    return [version, graph.nodes[1]?.data.params.value];
  };
  expect(await shown()).toEqual([1, 'one']);
  expect(await server.call(shareWorkflow, { params: { id }, body: { shows: 'draft' } })).toMatchObject({ token, shows: 'draft' });
  expect(await shown()).toEqual([null, 'two']);
  await server.call(shareWorkflow, { params: { id }, body: { shows: 'live' } });
  await server.call(publishWorkflow, { params: { id } });
  expect(await shown()).toEqual([2, 'two']);
});

test('a link can be copied to a new workflow, and the link of a deleted workflow stops working', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Echo', description: 'Says it again.', graph: echoGraph('one') } });
  const { token } = await server.call(shareWorkflow, { params: { id } });
  const copy = await server.call(useShared, { params: { token } });
  expect(copy).toMatchObject({ name: 'Echo', description: 'Says it again.', liveVersion: null });
  expect(copy.id).not.toBe(id);
  await server.call(saveDraft, { params: { id: copy.id }, body: { graph: echoGraph('mine'), revision: 1 } });
  expect((await server.call(getWorkflow, { params: { id } })).draft.nodes[1]?.data.params.value).toBe('one');
  await server.call(deleteWorkflow, { params: { id } });
  expect(await server.refused(getShared, { params: { token } })).toMatchObject({ status: 404 });
});

test('links start with PUBLIC_URL', async () => {
  await using server = await startTestServer({ env: { PUBLIC_URL: 'https://flow.example' } });
  const { id } = await server.call(createWorkflow, { body: { name: 'Echo' } });
  expect((await server.call(shareWorkflow, { params: { id } })).url).toMatch(/^https:\/\/flow\.example\/shared\/[\w-]{22}$/);
});

test('a workflow saved as a template appears in the gallery with the chosen samples, without secrets, and can be used', async () => {
  await using server = await startTestServer();
  const connection = await server.call(createConnection, { body: { name: 'Shop API', kind: 'http', secret: SECRET } });
  const graph = orderGraph(connection.id);
  const [start] = graph.nodes;
  if (start) start.data.params = { ...start.data.params, samples: ['One', 'Two'].map((name) => ({ name, value: { message: name } })) };
  const { id } = await server.call(createWorkflow, { body: { name: 'Order help', graph } });
  const saved = await server.call(saveTemplate, { body: { workflowId: id, name: 'Ticket triage', description: 'Ours.', samples: ['Two'] } });
  expect(saved).toMatchObject({ slug: 'ticket-triage-2', builtIn: false, worksWithoutKey: false, stepCount: 4, firstRunSeconds: null });
  expect(saved.graph.nodes[0]?.data.params.samples).toEqual([{ name: 'Two', value: { message: 'Two' } }]);
  expect(JSON.stringify(saved)).not.toContain(SECRET);
  expect(JSON.stringify(saved)).not.toContain(connection.id);
  const gallery = (await server.call(listTemplates, {})).items;
  expect(gallery.at(-1)?.slug).toBe('ticket-triage-2');
  const firstPage = await server.call(listTemplates, { query: { limit: gallery.length - 1 } });
  expect((await server.call(listTemplates, { query: { cursor: firstPage.nextCursor ?? '' } })).items).toEqual([saved]);
  const used = await server.call(useTemplate, { params: { slug: saved.slug } });
  expect(used).toMatchObject({ name: 'Ticket triage', description: 'Ours.', templateSlug: 'ticket-triage-2' });
  const wrong = { workflowId: id, name: 'Other', description: '', samples: ['Three'] };
  expect(await server.refused(saveTemplate, { body: wrong })).toMatchObject({ code: 'bad-request', detail: expect.stringContaining('“Three”') });
});

test('only own templates can be deleted and restored', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Echo' } });
  const { slug } = await server.call(saveTemplate, { body: { workflowId: id, name: 'Echo', description: '' } });
  await server.call(deleteTemplate, { params: { slug } });
  expect(await server.refused(getTemplate, { params: { slug } })).toMatchObject({ status: 404 });
  expect(await server.refused(useTemplate, { params: { slug } })).toMatchObject({ status: 404 });
  expect(await server.refused(deleteTemplate, { params: { slug } })).toMatchObject({ status: 404 });
  expect((await server.call(listTemplates, {})).items.map((template) => template.slug)).not.toContain(slug);
  expect(await server.call(undeleteTemplate, { params: { slug } })).toMatchObject({ slug });
  expect((await server.call(getTemplate, { params: { slug } })).name).toBe('Echo');
  expect(await server.refused(deleteTemplate, { params: { slug: 'ticket-triage' } })).toMatchObject({ status: 403, code: 'forbidden' });
});

const tokenOf = (url: string): string => url.split('/').at(-1) ?? '';
