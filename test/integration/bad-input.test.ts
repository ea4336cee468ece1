import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { getRun, listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, getWorkflow, listWorkflows, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph, edge, node } from '../kit/graph.ts';
import { startTestServer } from '../kit/server.ts';

const deep = (levels: number): string => `{"name": "x", "graph": {"vars": ${'['.repeat(levels)}${']'.repeat(levels)}}}`;
const post = { method: 'POST', path: '/api/workflows' };

test.each([
  ['broken JSON', { ...post, body: '{"name": "x",\n "description": y}' }, 400, { code: 'bad-json', line: 2, column: 17 }],
  ['JSON that ends too early', { ...post, body: '{"name": "x"' }, 400, { code: 'bad-json', detail: expect.stringContaining('incomplete') }],
  ['an empty body', { ...post, body: '' }, 400, { code: 'bad-json', detail: expect.stringContaining('empty') }],
  ['a wrong type', { ...post, body: { name: 5 } }, 400, { code: 'bad-request', errors: [{ path: 'name', message: expect.any(String) }] }],
  ['a list instead of an object', { ...post, body: [] }, 400, { code: 'bad-request' }],
  [
    'an unknown field',
    { ...post, body: { name: 'x', owner: 'me' } },
    400,
    { code: 'bad-request', errors: [{ path: 'owner', message: 'is not a known field' }] },
  ],
  ['a field named __proto__', { ...post, body: '{"name": "x", "__proto__": {"polluted": 1}}' }, 400, { code: 'bad-request' }],
  ['a graph that is a text', { ...post, body: { name: 'x', graph: 'graph' } }, 400, { code: 'bad-request', errors: [{ path: 'graph' }] }],
  ['a graph without nodes', { ...post, body: { name: 'x', graph: { edges: [] } } }, 400, { code: 'bad-graph', errors: [{ path: 'graph.nodes' }] }],
  ['a node without data', { ...post, body: { name: 'x', graph: { nodes: [{ id: 'a', type: 'input' }], edges: [] } } }, 400, { code: 'bad-graph' }],
  ['nesting 101 levels deep', { ...post, body: deep(200) }, 400, { code: 'bad-request', detail: expect.stringContaining('100 levels') }],
  ['nesting 100,000 levels deep', { ...post, body: deep(100_000) }, 400, { code: 'bad-request' }],
  ['a body over 10 MB', { ...post, body: { name: 'x'.repeat(10_000_001) } }, 413, { code: 'too-large' }],
  ['an unknown query field', { method: 'GET', path: '/api/runs?missing=1' }, 400, { code: 'bad-request', errors: [{ path: 'missing' }] }],
  ['a limit that is not a number', { method: 'GET', path: '/api/runs?limit=many' }, 400, { code: 'bad-request', errors: [{ path: 'limit' }] }],
  ['a label without a value', { method: 'GET', path: '/api/runs?label=acme' }, 400, { code: 'bad-request', errors: [{ path: 'label' }] }],
  ['a cursor from elsewhere', { method: 'GET', path: '/api/workflows?cursor=%00%27--' }, 400, { code: 'bad-request' }],
  ['a broken % in the URL', { method: 'GET', path: '/api/workflows/%E0%A4%A' }, 400, { code: 'bad-request' }],
  ['an unknown workflow', { method: 'GET', path: '/api/workflows/wf_missing' }, 404, { code: 'not-found' }],
  ['an unknown run', { method: 'GET', path: '/api/runs/run_missing' }, 404, { code: 'not-found' }],
  ['an unknown review', { method: 'POST', path: '/api/reviews/missing/decision', body: { decision: 'approve' } }, 404, { code: 'not-found' }],
  ['an unknown template', { method: 'POST', path: '/api/templates/missing/use' }, 404, { code: 'not-found' }],
])(
  '%s is rejected with the place of the error',
  async (_what, { method, path, ...given }: { method: string; path: string; body?: unknown }, status, problem) => {
    await using server = await startTestServer();
    const reply = await server.send(method, path, given);
    expect(reply.json).toMatchObject({ status, ...problem });
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    // The server continues, and nothing was created.
    expect((await server.call(listWorkflows, {})).items).toEqual([]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  },
);

test('a response lists at most 50 invalid fields', async () => {
  await using server = await startTestServer();
  const unknown = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`field${index}`, 1]));
  const { errors } = (await server.send('POST', '/api/workflows', { body: { name: 'x', ...unknown } })).json as { errors: unknown[] };
  expect(errors).toHaveLength(50);
});

test('a graph with a dangling edge and an unknown node type is stored unchanged, and can’t run or be published', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Broken', graph: echoGraph() } });
  const broken = echoGraph();
  broken.nodes.push(node('teleport', 'beam', { to: { anywhere: true } }));
  broken.edges.push(edge('start', 'gone'));
  const saved = await server.call(saveDraft, { params: { id }, body: { graph: broken, revision: 1 } });
  expect(saved.draftRevision).toBe(2);
  expect(saved.problems.map((problem) => problem.code)).toEqual(expect.arrayContaining(['unknown-node-type', 'dangling-edge']));
  expect((await server.call(getWorkflow, { params: { id } })).draft).toEqual(broken);
  expect(await server.refused(startRun, { params: { id }, body: { input: { message: 'hi' } } })).toMatchObject({
    status: 422,
    code: 'graph-has-problems',
    problems: expect.any(Array),
  });
  expect(await server.refused(publishWorkflow, { params: { id } })).toMatchObject({ status: 422, code: 'graph-has-problems' });
  expect((await server.call(listRuns, {})).items).toEqual([]);
});

test('the second of two saves of the same revision is rejected with what the first one saved', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Shared', graph: echoGraph() } });
  const mine = echoGraph('mine');
  const theirs = echoGraph('theirs');
  await server.call(saveDraft, { params: { id }, body: { graph: mine, revision: 1 } });
  const conflict = await server.refused(saveDraft, { params: { id }, body: { graph: theirs, revision: 1 } });
  expect(conflict).toMatchObject({ status: 409, code: 'revision-conflict', draftRevision: 2, currentDraft: mine, updatedAt: expect.any(String) });
  expect((await server.call(getWorkflow, { params: { id } })).draft).toEqual(mine);
});

test('an invalid input is rejected with the path of each error, and no run starts', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Strict', graph: echoGraph() } });
  for (const input of [{}, { message: { text: 'no' } }, null, undefined]) {
    const problem = await server.refused(startRun, { params: { id }, body: { input } });
    expect(problem).toMatchObject({ status: 400, code: 'bad-input', errors: [{ message: expect.any(String) }] });
  }
  expect((await server.call(listRuns, {})).items).toEqual([]);
});

test('keys like constructor and __proto__ pass through a run as plain data', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Odd', graph: echoGraph() } });
  const started = await server.send('POST', `/api/workflows/${id}/runs`, {
    body: '{"input": {"message": "hi", "__proto__": {"polluted": true}, "constructor": {"prototype": 1}}, "wait": 10000}',
  });
  const run = await server.call(getRun, { params: { id: (started.json as { id: string }).id } });
  expect(run.status).toBe('succeeded');
  expect(JSON.stringify(run.output)).toBe('{"message":"hi","__proto__":{"polluted":true},"constructor":{"prototype":1}}');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each([
  ['PUT', '/api/workflows', 'POST, GET, HEAD, OPTIONS'],
  ['POST', '/api/connections/discover', 'GET'],
  ['PUT', '/api/runs/run_missing', 'GET, HEAD, OPTIONS'],
  ['POST', '/api/openapi.json', 'GET, HEAD, OPTIONS'],
  ['DELETE', '/metrics', 'GET, HEAD, OPTIONS'],
  ['PATCH', '/r/missing', 'GET'],
  ['POST', '/hooks/status/missing', 'GET, HEAD'],
])('%s %s is rejected with the methods that the path supports', async (method, path, allow) => {
  await using server = await startTestServer();
  const reply = await server.send(method, path);
  expect(reply.json).toMatchObject({ status: 405, code: 'method-not-allowed', allowed: expect.arrayContaining(['GET']) });
  expect(reply.headers.get('allow')).toContain(allow);
});

test('OPTIONS lists the methods of a path, and an unknown path is a problem with any method', async () => {
  await using server = await startTestServer();
  const options = await server.send('OPTIONS', '/api/workflows/wf_missing');
  expect([options.status, options.headers.get('allow')?.split(', ').sort()]).toEqual([204, ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH']]);
  for (const [method, path] of [
    ['POST', '/'],
    ['POST', '/nothing'],
    ['OPTIONS', '/api/nothing'],
  ] as const) {
    expect((await server.send(method, path)).json, `${method} ${path}`).toMatchObject({ status: 404, code: 'not-found' });
  }
});

test('a body that is too large is rejected on a connection that stays open', async () => {
  await using server = await startTestServer();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sent = request(new URL('/api/workflows', server.base), { method: 'POST', agent, headers: { 'content-length': 12_000_000 } });
  sent.write('x');
  const [refused] = (await once(sent, 'response')) as [IncomingMessage];
  expect(refused.statusCode).toBe(413);
  refused.resume();
  sent.end('x'.repeat(11_999_999));
  await once(sent, 'close');
  const next = request(new URL('/api/health', server.base), { agent }).end();
  expect(((await once(next, 'response')) as [IncomingMessage])[0].statusCode).toBe(200);
  expect(next.reusedSocket).toBe(true);
  agent.destroy();
});
