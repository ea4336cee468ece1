import { allContracts } from '@switchyard/shared/contracts/all.ts';
import type { Contract } from '@switchyard/shared/contracts/contract.ts';
import { sentFile } from '@switchyard/shared/contracts/sharing.ts';
import { sentGraph } from '@switchyard/shared/contracts/workflows.ts';
import { ERRORS, type ErrorCode, problemDetailsSchema } from '@switchyard/shared/errors.ts';
import { graphSchema } from '@switchyard/shared/graph/graph.ts';
import { readableFile } from '@switchyard/shared/sharing/workflow-file.ts';
import { z } from 'zod';
import { hostedPaths } from './openapi-hosted.ts';
import { callbackRequest, webhookCall } from './openapi-webhook.ts';
import { SESSION_COOKIE } from './sign-in/credentials.ts';

type JsonObject = Record<string, unknown>;

const METRICS: JsonObject = {
  operationId: 'getMetrics',
  summary: 'Prometheus metrics',
  tags: ['System'],
  parameters: [],
  responses: {
    200: { description: 'Metrics in the Prometheus text format', content: { 'text/plain': { schema: { type: 'string' } } } },
    ...problems(['unauthorized']),
  },
};

let made: JsonObject | undefined;

/** The API as an OpenAPI 3.1 document, generated from the contracts that requests are validated with. */
export function openApiDocument(version: string): JsonObject {
  made ??= {
    openapi: '3.1.0',
    info: {
      title: 'Switchyard',
      version,
      description: 'Build, run, and publish workflows for AI features.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(allContracts.map((contract) => contract.tag))].map((name) => ({ name })),
    paths: paths(),
    security: [{ apiToken: [] }, { session: [] }],
    components: {
      schemas: {
        Problem: schemaOf(problemDetailsSchema, 'output'),
        Graph: schemaOf(graphSchema, 'input'),
        WorkflowFile: schemaOf(readableFile, 'input'),
      },
      securitySchemes: {
        apiToken: { type: 'http', scheme: 'bearer', description: 'A token created under Settings. Not needed on a server without SWITCHYARD_PASSWORD.' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'The session cookie that `signIn` sets in a browser.' },
      },
    },
  };
  return made;
}

function paths(): JsonObject {
  const byPath: Record<string, JsonObject> = {};
  for (const contract of allContracts) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}');
    byPath[path] ??= {};
    byPath[path][contract.method.toLowerCase()] = operation(contract);
  }
  return {
    ...byPath,
    '/metrics': { get: METRICS },
    '/hooks/{token}': { post: webhookCall('live', problems) },
    '/callbacks/{token}': { post: callbackRequest(problems) },
    '/hooks/test/{token}': { post: webhookCall('test', problems) },
    ...hostedPaths(problems),
  };
}

function operation(contract: Contract): JsonObject {
  const body = schemaOf(contract.body, 'input');
  const takesBody = !(contract.body instanceof z.ZodUndefined);
  return {
    operationId: contract.id,
    summary: contract.summary,
    tags: [contract.tag],
    ...(contract.open && { security: [] }),
    parameters: [...parameters(contract.params, 'path'), ...parameters(contract.query, 'query')],
    ...(takesBody && { requestBody: { required: !contract.body.safeParse(undefined).success, content: bodyTypes(contract, body) } }),
    responses: { ...replies(contract), ...problems(errorsOf(contract)) },
  };
}

function bodyTypes({ takesFiles }: Contract, body: JsonObject): JsonObject {
  const json = { 'application/json': { schema: body } };
  if (!takesFiles) return json;
  const files = { type: 'string', contentMediaType: 'application/octet-stream', description: 'A file of the input field with this name.' };
  return { ...json, 'multipart/form-data': { schema: { type: 'object', properties: { request: body }, additionalProperties: files } } };
}

function parameters(schema: z.ZodType, place: 'path' | 'query'): JsonObject[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: JsonObject; required?: string[] };
  return Object.entries(properties).map(([name, own]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: own }));
}

function replies({ statuses, summary, reply, streams, textTypes, sendsFile }: Contract): JsonObject {
  const texts = Object.fromEntries(textTypes.map((type) => [type, { schema: { type: 'string' } }]));
  const json = { [streams ? 'text/event-stream' : 'application/json']: { schema: schemaOf(reply, 'output') } };
  const file = textTypes.length > 0 ? texts : { '*/*': {} };
  const content = sendsFile ? file : { ...json, ...texts };
  return Object.fromEntries(statuses.map((status) => [status, { description: summary, content }]));
}

/** The errors that a contract declares, and those that follow from its inputs. */
function errorsOf({ open, errors, params, query, body }: Contract): ErrorCode[] {
  const takesBody = !(body instanceof z.ZodUndefined);
  const takesFields = [params, query].some((schema) => Object.keys(schemaOf(schema, 'input').properties ?? {}).length > 0);
  return [
    ...errors,
    ...(open ? [] : ['unauthorized' as const]),
    ...(takesBody || takesFields ? ['bad-request' as const] : []),
    ...(takesBody ? (['bad-json', 'too-large', 'unsupported-media-type'] as const) : []),
  ];
}

/** The errors of an operation, by HTTP status. Any operation may return others, such as `bad-host`, `not-ready`, or `internal`. */
function problems(errors: readonly ErrorCode[]): JsonObject {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(errors)) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), `\`${code}\`: ${ERRORS[code].title}`]);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return {
    ...Object.fromEntries([...byStatus].map(([status, said]) => [status, { description: said.join('; '), content }])),
    default: { description: 'Any other problem', content },
  };
}

/** Parts of requests that use cases parse themselves, so that their errors name the place in a graph or file. */
const READ_LATER: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [sentGraph, 'Graph'],
  [sentFile, 'WorkflowFile'],
]);

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    // Values checked by a function are "anything" unless they have their own schema.
    unrepresentable: 'any',
    io,
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      const name = READ_LATER.get(zodSchema);
      if (name !== undefined) jsonSchema.$ref = `#/components/schemas/${name}`;
    },
  }) as JsonObject;
  return rest;
}
