import type { JsonSchema } from '@switchyard/shared/json.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { edge, graphOf, node } from '../kit/graph.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/*
 * JSON Schemas crafted to crash or block the server, sent through the API and webhooks.
 */

const MANY = 100_000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const graphWith = (schema: JsonSchema) =>
  graphOf([node('input', 'start', { schema, samples: [] }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);

async function workflowWith(schema: JsonSchema): Promise<string> {
  const { json } = await server.send('POST', '/api/workflows', { body: { name: 'Schema', graph: graphWith(schema) } });
  return (json as { id: string }).id;
}

const doubled: JsonSchema = {
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries([
    ...Array.from({ length: 40 }, (_, level) => [`d${level}`, { allOf: [1, 2].map(() => ({ $ref: `#/$defs/d${level + 1}` })) }]),
    ['d40', { type: 'string' }],
  ]),
};

it.each<[string, JsonSchema]>([
  ['an asynchronous check', { type: 'object', properties: { a: { $async: true } } }],
  ['40 levels that double', doubled],
  ['a malformed reference', { $ref: '#/$defs/%' }],
  ['a broken reference', { properties: { a: { $ref: '#/$defs/a' } } }],
  ['a remote reference', { $ref: 'https://example.com/schema' }],
  ['a dynamic reference', { $dynamicRef: '#node' }],
  ['a schema that includes itself', { anyOf: [{ type: 'string' }, { $ref: '#' }] }],
])('%s is rejected when the schema is checked, published, and run', async (_name, schema) => {
  const id = await workflowWith(schema);
  const checked = await server.send('POST', `/api/workflows/${id}/check`, { body: {} });
  expect(checked.json).toMatchObject({ problems: [expect.objectContaining({ severity: 'error', nodeId: 'start' })] });
  expect((await server.send('POST', `/api/workflows/${id}/publish`)).status).toBe(422);
  expect((await server.send('POST', `/api/workflows/${id}/runs`, { body: { input: {} } })).status).toBe(422);
  const { testUrl } = (await server.send('GET', `/api/workflows/${id}/webhook`)).json as { testUrl: string };
  const called = await server.send('POST', testUrl, { body: { a: 1 } });
  expect(called.status).toBeGreaterThanOrEqual(400);
  expect(called.status).toBeLessThan(500);
});

it('a body that would take forever against a recursive schema is a 400', async () => {
  const branch = (name: string) => ({ type: 'object', properties: { a: { $ref: '#' } }, required: ['a', name] });
  const id = await workflowWith({ anyOf: [{ type: 'string' }, branch('b'), branch('c')] });
  expect((await server.send('POST', `/api/workflows/${id}/publish`)).status).toBe(201);
  const { url } = (await server.send('GET', `/api/workflows/${id}/webhook`)).json as { url: string };
  let body: unknown = 1;
  for (let level = 0; level < 90; level++) body = { a: body, b: 1, c: 1 };
  expect((await server.send('POST', url, { body })).json).toMatchObject({
    status: 400,
    code: 'bad-input',
    detail: expect.stringContaining('too large or too nested'),
  });
  expect((await server.send('POST', url, { body: { a: 'x', b: 1 } })).status).toBe(200);
});

it('a body with 1,000,000 errors returns the first 20', async () => {
  const id = await workflowWith({ type: 'object', properties: { list: { type: 'array', items: { required: [...'abcdefghij'] } } } });
  await server.send('POST', `/api/workflows/${id}/publish`);
  const { url } = (await server.send('GET', `/api/workflows/${id}/webhook`)).json as { url: string };
  const reply = await server.send('POST', url, {
    body: `{"list": [${new Array(MANY).fill('{}').join(',')}]}`,
    headers: { 'content-type': 'application/json' },
  });
  expect(reply.json).toMatchObject({ status: 400, code: 'bad-input', errors: expect.any(Array) });
  expect((reply.json as { errors: unknown[] }).errors).toHaveLength(20);
});

it('digits beyond 2^53 fit an integer field and are returned as sent', async () => {
  const id = await workflowWith({ type: 'object', properties: { id: { type: 'integer', minimum: 1 } } });
  await server.send('POST', `/api/workflows/${id}/publish`);
  const { url } = (await server.send('GET', `/api/workflows/${id}/webhook`)).json as { url: string };
  const reply = await server.send('POST', url, { body: '{"id": 820982911946154508}', headers: { 'content-type': 'application/json' } });
  expect(reply.json).toEqual({ id: '820982911946154508' });
});
