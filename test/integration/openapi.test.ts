import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpReply } from '../kit/api.ts';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { Generator, pick, seeded } from '../kit/openapi/generate.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/*
 * Walks the OpenAPI document and sends requests generated from its schemas, some valid and some not. Every response must have a documented
 * status, and a body of the documented schema.
 */

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { readonly schema: JsonSchema }> };
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { readonly schema: JsonSchema }> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** They would call a model provider, or wait for something. */
const CALLS_OUT = ['createConnection', 'updateConnection', 'rotateConnection', 'testConnection', 'discoverConnections', 'listenWebhook'];
/** They delete what others need, so they come last. */
const TAKES_AWAY = [
  'cancelRun',
  'rotateWebhook',
  'unshareWorkflow',
  'deleteTemplate',
  'deleteConnection',
  'deleteRoute',
  'deleteWorkflow',
  'revokeToken',
  'signOutEverywhere',
];
const ROUNDS = 5;

let server: TestServer;
let document: Document;
let generator: Generator;
/** Existing IDs, by parameter name and the start of the path. */
let known: readonly (readonly [RegExp, string, readonly string[]])[];
const random = seeded(1_979);

beforeAll(async () => {
  server = await startTestServer();
  const made = async (method: string, path: string, body?: unknown) => (await server.send(method, path, { body })).json as Record<string, string>;
  document = (await server.send('GET', '/api/openapi.json')).json as Document;
  generator = new Generator(random, document as unknown as JsonSchema);
  const [echo, review] = [
    await made('POST', '/api/workflows', { name: 'Echo', graph: echoGraph() }),
    await made('POST', '/api/workflows', { name: 'Review', graph: reviewGraph() }),
  ];
  for (const { id } of [echo, review]) await made('POST', `/api/workflows/${id}/publish`);
  const run = await made('POST', `/api/workflows/${echo.id}/runs`, { input: { message: 'Hi' }, version: 'live', wait: 60_000, labels: { tenant: 'acme' } });
  const waiting = [1, 2, 3].map(() => made('POST', `/api/workflows/${review.id}/runs`, { input: { message: 'Hi' }, wait: 60_000 }));
  const waitingRuns = await Promise.all(waiting);
  const webhook = await made('GET', `/api/workflows/${echo.id}/webhook`);
  const called = await server.send('POST', String(webhook.url), { body: { message: 'Hi' } });
  expect(called.status).toBe(200);
  const reviews = (await made('GET', '/api/reviews')).items as unknown as { id: string; link: string }[];
  expect(reviews.length).toBeGreaterThan(0);
  const share = await made('POST', `/api/workflows/${echo.id}/share`, {});
  const token = await made('POST', '/api/tokens', { name: 'Test' });
  const deliveries = (await made('GET', `/api/workflows/${echo.id}/webhook/deliveries`)).items as unknown as { id: string }[];
  const routes = (await made('GET', '/api/routes')).items as unknown as { name: string }[];
  const templates = (await made('GET', '/api/templates')).items as unknown as { slug: string }[];
  known = [
    [/^\/api\/workflows/, 'id', [String(echo.id), String(review.id)]],
    [/^\/api\/workflows/, 'number', ['1']],
    [/^\/api\/workflows/, 'deliveryId', deliveries.map(({ id }) => id)],
    [/^\/api\/runs/, 'id', [run, ...waitingRuns].map(({ id }) => String(id))],
    [/^\/api\/reviews/, 'id', reviews.map(({ id }) => id)],
    [/^\/r\//, 'token', reviews.map(({ link }) => String(link).split('/').at(-1) ?? '')],
    [
      /^\/api\/shared/,
      'token',
      [
        String(share.url ?? share.token ?? '')
          .split('/')
          .at(-1) ?? '',
      ],
    ],
    [/^\/hooks\/status/, 'token', [String(waitingRuns[0]?.id)]],
    [/^\/api\/templates/, 'slug', templates.map(({ slug }) => slug)],
    [/^\/api\/routes/, 'name', routes.map(({ name }) => name)],
    [/^\/api\/tokens/, 'id', [String(token.id)]],
  ];
});
afterAll(() => server.stop());

interface Sent {
  readonly path: string;
  readonly body?: unknown;
}

/** Fills in path and query, mostly with existing IDs. */
function address(template: string, { parameters }: Operation, query: Readonly<Record<string, unknown>>): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const ids = known.find(([start, wanted]) => start.test(template) && wanted === name)?.[2].filter((id) => id !== '') ?? [];
    const of = parameters.find((one) => one.in === 'path' && one.name === name)?.schema ?? {};
    const text = ids.length > 0 && random(5) > 0 ? pick(random, ids) : String(generator.valid(of) ?? 'a');
    return encodeURIComponent(text).replace(/^\.+$/, 'a');
  });
  const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]));
  return search.size > 0 ? `${path}?${search}` : path;
}

const querySchema = ({ parameters }: Operation): JsonSchema => {
  const own = parameters.filter((one) => one.in === 'query');
  return {
    type: 'object',
    properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])),
    required: own.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
};
const bodySchema = ({ requestBody }: Operation): JsonSchema | undefined => requestBody?.content['application/json']?.schema;

function validRequest(template: string, operation: Operation): Sent {
  const query = generator.valid(querySchema(operation)) as Record<string, unknown>;
  const of = bodySchema(operation);
  const isSent = of !== undefined && (operation.requestBody?.required || random(3) > 0);
  const body = isSent ? quick(generator.valid(of)) : undefined;
  return { path: address(template, operation, query), ...(body !== undefined && { body }) };
}

/** Does not wait long for runs. */
const quick = (body: unknown): unknown => (isPlainObject(body) && typeof body.wait === 'number' ? { ...body, wait: 0 } : body);

function invalidRequest(template: string, operation: Operation): Sent | undefined {
  const of = bodySchema(operation);
  if (of && random(3) > 0) {
    const valid = generator.valid(of);
    const body = isPlainObject(valid) ? generator.invalid(of, valid) : 'text';
    return body === undefined ? undefined : { path: address(template, operation, {}), body };
  }
  const valid = of && operation.requestBody?.required ? { body: generator.valid(of) } : {};
  const query = pick(random, [{ 'no such parameter': 1 }, { limit: 0 }, { limit: 'many' }, { cursor: '!' }]);
  return Object.keys(query).some((name) => operation.parameters.some((one) => one.name === name)) || 'no such parameter' in query
    ? { path: address(template, operation, query), ...valid }
    : undefined;
}

/** How a response differs from the document. */
function mismatch({ responses }: Operation, reply: HttpReply): string | undefined {
  const documented = responses[String(reply.status)] ?? (reply.status >= 400 ? responses.default : undefined);
  if (!documented) return 'the status is not documented';
  // Calls in any order may leave the workflow paused.
  if (reply.status >= 500 && (reply.json as { code?: string }).code !== 'paused') return 'the server failed';
  const type = reply.headers.get('content-type')?.split(';')[0] ?? '';
  const content = documented.content?.[type];
  if (!content) return reply.text === '' && !documented.content ? undefined : `the content type ${type} is not documented`;
  if (!/[/+]json$/.test(type)) return undefined;
  const errors = validateJson(generator.whole(content.schema), reply.json);
  return errors.length > 0 ? JSON.stringify(errors.slice(0, 5)) : undefined;
}

const explain = (method: string, sent: Sent, reply: HttpReply, wrong: string): string =>
  `${method} ${sent.path} ${JSON.stringify(sent.body)?.slice(0, 1_000) ?? ''}\n${reply.status} ${reply.text.slice(0, 1_000)}\n${wrong}`;

const order = ({ id }: { id: string }): number => TAKES_AWAY.indexOf(id);
const operations = allContracts
  .toSorted((a, b) => order(a) - order(b))
  .map(({ id, method, path, errors }) => ({ id, method, errors, template: path.replace(/:(\w+)/g, '{$1}') }));

describe('the OpenAPI document describes what the server does', () => {
  it.each(operations)('$method $template', async ({ id, method, template, errors }) => {
    const operation = document.paths[template]?.[method.toLowerCase()];
    if (!operation) return expect.fail('not in the document');
    for (let round = 0; round < ROUNDS; round++) {
      if (!CALLS_OUT.includes(id)) {
        const sent = validRequest(template, operation);
        const reply = await server.send(method, sent.path, sent);
        const wrong = mismatch(operation, reply);
        if (wrong) expect.fail(explain(method, sent, reply, wrong));
        const isRefused = reply.status === 400 && !errors.some((code) => code === (reply.json as { code?: string }).code);
        if (isRefused) expect.fail(explain(method, sent, reply, 'a valid request is rejected'));
      }
      const broken = invalidRequest(template, operation);
      if (!broken) continue;
      const refused = await server.send(method, broken.path, broken);
      const wrong: string | undefined = mismatch(operation, refused) ?? (refused.status < 400 ? 'an invalid request is accepted' : undefined);
      if (wrong) expect.fail(explain(method, broken, refused, wrong));
    }
  });
});

it('every list accepts each cursor that its schema allows', async () => {
  const cursors = ['n.', 't.eA', 'f.eA', 's.', 'sMjAyNg.eA', 'd7ff0000000000000.eA', 'd3ff0000000000000.__8', '0', '9999999999'];
  let accepted = 0;
  for (const [template, methods] of Object.entries(document.paths)) {
    const of = methods.get?.parameters.find(({ name }) => name === 'cursor')?.schema;
    if (!methods.get || !of) continue;
    for (const cursor of cursors.filter((one) => generator.fits(of, one))) {
      const path = address(template, methods.get, { cursor });
      const reply = await server.send('GET', path);
      expect([200, 404], `${path} ${reply.text}`).toContain(reply.status);
      if (reply.status === 200) accepted++;
    }
  }
  expect(accepted).toBeGreaterThan(20);
});
