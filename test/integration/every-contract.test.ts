import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { expect, test } from 'vitest';
import { startTestServer } from '../kit/server.ts';

test('the server implements every contract, and an unknown request gets a pointer to the docs', async () => {
  await using server = await startTestServer();
  for (const { id, method, path } of allContracts) {
    // Empty text matches no ID, and an unknown field no body: a response must come from the contract's own handler.
    const reply = await server.send(method, `${path.replace(/:(\w+)/g, 'missing')}?unknown=1`, { ...(method !== 'GET' && { body: {} }) });
    expect(reply.status, `${id} answered ${reply.text}`).not.toBe(500);
    expect(reply.text, id).not.toContain('/api/openapi.json');
  }
  const unknown = await server.send('GET', '/api/nothing');
  expect(unknown.json).toMatchObject({ status: 404, code: 'not-found', detail: expect.stringContaining('/api/openapi.json') });
});

test('the OpenAPI document lists every contract with its parameters, responses, and errors', async () => {
  await using server = await startTestServer();
  const document = (await server.send('GET', '/api/openapi.json')).json as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string; responses: object; security?: object[] }>>;
  };
  expect(document.openapi).toBe('3.1.0');
  for (const contract of allContracts) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[contract.method.toLowerCase()];
    expect(operation?.operationId, `${contract.method} ${path}`).toBe(contract.id);
    for (const status of contract.statuses) expect(operation?.responses, contract.id).toHaveProperty(String(status));
    if (contract.open) expect(operation?.security, contract.id).toEqual([]);
    else expect(operation?.responses, contract.id).toHaveProperty('401');
  }
  expect(document).toMatchObject({
    security: [{ apiToken: [] }, { session: [] }],
    components: { securitySchemes: { apiToken: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie' } } },
  });
  expect(document.paths['/hooks/{token}']?.post?.security).toEqual([]);
  const statusesOf = (path: string, method: string) => Object.keys(document.paths[path]?.[method]?.responses ?? {});
  expect(statusesOf('/api/workflows/{id}/runs', 'post')).toEqual(['200', '202', '400', '401', '404', '410', '413', '415', '422', '429', '503', 'default']);
  expect(statusesOf('/hooks/{token}', 'post')).toEqual([
    '200',
    '202',
    '204',
    '400',
    '401',
    '403',
    '404',
    '405',
    '408',
    '413',
    '415',
    '422',
    '429',
    '503',
    'default',
  ]);
  expect(statusesOf('/metrics', 'get')).toEqual(['200', '401', 'default']);
  expect(document.paths['/api/workflows']?.post).toMatchObject({
    requestBody: { required: true, content: { 'application/json': { schema: { required: ['name'], additionalProperties: false } } } },
    responses: { 400: { content: { 'application/problem+json': {} } } },
  });
});

test('the API infers a schema from samples, and widens one', async () => {
  await using server = await startTestServer();
  const infer = async (body: unknown) => (await server.send('POST', '/api/schemas/infer', { body })).json;
  const samples = [{ url: 'git@github.com:a/b.git', at: '2026-02-30' }, { url: 'b' }];
  expect(await infer({ samples, requireShared: true })).toEqual({
    schema: { type: 'object', properties: { url: { type: 'string' }, at: { type: 'string' } }, required: ['url'] },
  });
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  expect(await infer({ samples: [{ n: 1.5 }, { m: true }], schema })).toEqual({
    schema: { type: 'object', properties: { n: { type: 'number' }, m: { type: 'boolean' } } },
  });
  expect(await infer({ samples: [] })).toMatchObject({ status: 400, code: 'bad-request' });
});
