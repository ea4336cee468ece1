import { describe, expect, test } from 'vitest';
import { tool } from '../tool.ts';
import { fromCurl } from './from-curl.ts';
import { fromOpenApi } from './from-openapi.ts';

const isValid = (params: unknown): void => expect(tool.params.strict().safeParse(params).error).toBeUndefined();

describe('a curl command', () => {
  test.each([
    ['curl https://x.example/orders?id=4%20x#top', { method: 'GET', url: 'https://x.example/orders', query: [{ name: 'id', value: '4 x' }] }],
    ['$ curl -sXDELETE x.example/orders/1', { method: 'DELETE', url: 'https://x.example/orders/1' }],
    [
      `curl --request POST 'https://x.example/a' \\\n  --header 'Content-Type: application/json' -H "Accept: text/plain" --data-raw $'{"a": "it\\'s\\u0021"}'`,
      {
        method: 'POST',
        url: 'https://x.example/a',
        headers: [{ name: 'Accept', value: 'text/plain' }],
        bodyKind: 'json',
        json: { a: 'it’s!'.replace('’', "'") },
      },
    ],
    [
      "curl https://x.example -d a=1 -d 'b=2 3' --compressed",
      {
        method: 'POST',
        url: 'https://x.example',
        bodyKind: 'form',
        form: [
          { name: 'a', value: '1' },
          { name: 'b', value: '2 3' },
        ],
      },
    ],
    ['curl -G --url https://x.example --data-urlencode "q=a b"', { method: 'GET', url: 'https://x.example', query: [{ name: 'q', value: 'a b' }] }],
    ['curl https://x.example --json \'{"a":1}\'', { method: 'POST', url: 'https://x.example', bodyKind: 'json', json: { a: 1 } }],
    ["curl -I 'https://x.example'", { method: 'HEAD', url: 'https://x.example' }],
    [
      "curl -H 'Content-Type: text/xml' https://x.example -d '<a/>'",
      { method: 'POST', url: 'https://x.example', headers: [{ name: 'Content-Type', value: 'text/xml' }], bodyKind: 'text', text: '<a/>' },
    ],
  ])('%s', (command, params) => {
    const imported = fromCurl(command);
    expect(imported.params).toEqual(params);
    isValid(imported.params);
  });

  test('keeps credentials out of the workflow', () => {
    const secret = 'sk_live_4711';
    const imported = fromCurl(
      `curl https://x.example/charges -u ${secret}: -H 'Authorization: Bearer ${secret}' -H 'X-Api-Key: ${secret}' -b 'session=${secret}'`,
    );
    expect(JSON.stringify(imported)).not.toContain(secret);
    expect(imported.notes).toEqual([
      'Left out Authorization, X-Api-Key. Choose a connection that adds it.',
      'Left out the user, password, or cookies. Choose a connection that adds them.',
    ]);
    expect(imported.title).toBe('Get charges');
  });

  test.each([
    ['wget https://x.example', 'must start with curl'],
    ['', 'must start with curl'],
    ['curl -s', 'has no URL'],
    ["curl 'https://x.example", 'not closed'],
  ])('that isn’t one (%s) says so', (command, words) => {
    expect(() => fromCurl(command)).toThrow(words);
  });
});

const petstore = {
  openapi: '3.1.0',
  info: { title: 'Orders' },
  servers: [{ url: 'https://{region}.x.example/v1/', variables: { region: { default: 'eu' } } }],
  security: [{ key: [] }],
  paths: {
    '/orders/{order-id}': {
      parameters: [{ $ref: '#/components/parameters/lang' }, { name: 'order-id', in: 'path', required: true }],
      get: { summary: 'Read an order', security: [] },
      put: {
        operationId: 'changeOrder',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
      },
    },
    '/login': {
      post: { requestBody: { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties: { user: { type: 'string' } } } } } } },
    },
  },
  components: {
    parameters: { lang: { name: 'lang', in: 'query', required: true, schema: { default: 'en' } } },
    schemas: {
      Order: {
        type: 'object',
        required: ['note', 'lines', 'parent'],
        properties: {
          note: { type: 'string' },
          skip: {},
          lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
          parent: { $ref: '#/components/schemas/Order' },
        },
      },
    },
  },
};

describe('an OpenAPI document', () => {
  const { title, operations } = fromOpenApi(petstore);
  const request = (id: string) => {
    const found = operations.find((operation) => operation.id === id)?.request();
    if (!found) throw new Error(id);
    isValid(found.params);
    return found;
  };

  test('lists its operations', () => {
    expect([title, operations.map(({ id, summary }) => [id, summary])]).toEqual([
      'Orders',
      [
        ['GET /orders/{order-id}', 'Read an order'],
        ['PUT /orders/{order-id}', 'changeOrder'],
        ['POST /login', ''],
      ],
    ]);
  });

  test('fills in what it knows, and marks the rest', () => {
    expect(request('GET /orders/{order-id}')).toEqual({
      title: 'Read an order',
      params: { method: 'GET', url: 'https://eu.x.example/v1/orders/{order_id}', query: [{ name: 'lang', value: 'en' }] },
      notes: [],
    });
    const changed = request('PUT /orders/{order-id}');
    expect(changed.params.json).toMatchObject({ note: '{note}', lines: [{ sku: '{sku}' }], parent: { note: '{note}' } });
    expect(changed.notes).toEqual(['This operation needs authentication. Choose a connection.']);
    expect(request('POST /login').params).toMatchObject({ bodyKind: 'form', form: [{ name: 'user', value: '{user}' }] });
  });

  test('whose schemas refer to each other many times is read in bounded time', () => {
    const fields = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, { $ref: '#/components/schemas/A' }]));
    const paths = { '/a': { post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } } } } };
    const document = { openapi: '3.1.0', paths, components: { schemas: { A: { type: 'object', properties: fields } } } };
    expect(JSON.stringify(fromOpenApi(document).operations[0]?.request().params).length).toBeLessThan(20_000);
  });

  test('may be Swagger 2', () => {
    const document = {
      swagger: '2.0',
      host: 'x.example',
      basePath: '/v2',
      paths: { '/a': { post: { parameters: [{ in: 'body', name: 'body', schema: { type: 'object', properties: { a: { example: 1 } } } }] } } },
    };
    expect(fromOpenApi(document).operations[0]?.request().params).toEqual({ method: 'POST', url: 'https://x.example/v2/a', bodyKind: 'json', json: { a: 1 } });
  });

  test.each([null, [], {}, { openapi: '3.1.0', paths: {} }, { openapi: '3.1.0', paths: { '/a': { $ref: '#/paths/~1a' } } }])(
    'that isn’t one says so: %j',
    (document) => {
      expect(() => fromOpenApi(document)).toThrow();
    },
  );
});
