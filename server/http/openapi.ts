import { allContracts } from '@switchyard/shared/contracts/all.ts';
import type { Contract } from '@switchyard/shared/contracts/contract.ts';
import { ERRORS, problemDetailsSchema } from '@switchyard/shared/errors.ts';
import { z } from 'zod';
import { SESSION_COOKIE } from './sign-in/credentials.ts';

type JsonObject = Record<string, unknown>;

let made: JsonObject | undefined;

/** The API as an OpenAPI 3.1 document, made of the contracts that requests are checked with. */
export function openApiDocument(version: string): JsonObject {
  made ??= {
    openapi: '3.1.0',
    info: {
      title: 'Switchyard',
      version,
      description: 'Workflows for AI features: draw, run, publish, trigger, watch.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(allContracts.map((contract) => contract.tag))].map((name) => ({ name })),
    paths: paths(),
    security: [{ apiToken: [] }, { session: [] }],
    components: {
      schemas: { Problem: schemaOf(problemDetailsSchema, 'output') },
      securitySchemes: {
        apiToken: { type: 'http', scheme: 'bearer', description: 'A token made under Settings. A server without SWITCHYARD_PASSWORD asks for none.' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'What `signIn` gives to a browser.' },
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
  return { ...byPath, '/hooks/{token}': webhookCall('callWebhook', 'live'), '/hooks/test/{token}': webhookCall('callTestWebhook', 'test') };
}

/** A webhook takes and answers what its workflow says, so it has no contract of fixed shapes. */
function webhookCall(operationId: string, which: 'live' | 'test'): JsonObject {
  const described = (description: string, schema: JsonObject = {}) => ({ description, content: { 'application/json': { schema } } });
  const pending = { type: 'object', properties: { runId: { type: 'string' }, statusUrl: { type: 'string' }, status: { const: 'waiting' } } };
  const codes = ['bad-json', 'bad-input', 'not-published', 'too-large', 'rate-limited', 'paused'] as const;
  return {
    post: {
      operationId,
      summary: which === 'live' ? 'Calls the published version of a workflow' : 'Calls the draft of a workflow',
      tags: ['Webhooks'],
      security: [],
      parameters: [{ name: 'token', in: 'path', required: true, schema: { type: 'string' } }],
      requestBody: {
        required: false,
        content: { 'application/json': { schema: {} }, 'application/x-www-form-urlencoded': { schema: {} }, 'text/plain': { schema: {} } },
      },
      responses: {
        200: described('What the output node answers; its status and headers are those of the node.'),
        202: described('The run goes on: it was only to be accepted, waits for a person, or takes longer than the deadline.', pending),
        204: { description: 'The run has ended without an output.' },
        ...problems({ errors: codes }),
      },
    },
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
    ...(takesBody && { requestBody: { required: !contract.body.safeParse(undefined).success, content: { 'application/json': { schema: body } } } }),
    responses: { ...replies(contract), ...problems(withSignIn(contract)) },
  };
}

function parameters(schema: z.ZodType, place: 'path' | 'query'): JsonObject[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: JsonObject; required?: string[] };
  return Object.entries(properties).map(([name, own]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: own }));
}

const replies = ({ statuses, summary, reply }: Contract): JsonObject =>
  Object.fromEntries(statuses.map((status) => [status, { description: summary, content: { 'application/json': { schema: schemaOf(reply, 'output') } } }]));

const withSignIn = ({ open, errors }: Contract): Pick<Contract, 'errors'> => ({ errors: open ? errors : [...errors, 'unauthorized'] });

/** The errors that belong to the call, by their HTTP status. */
function problems({ errors }: Pick<Contract, 'errors'>): JsonObject {
  const byStatus = new Map<number, string[]>();
  for (const code of errors) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), `\`${code}\`: ${ERRORS[code].title}`]);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries([...byStatus].map(([status, said]) => [status, { description: said.join('; '), content }]));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  // What zod cannot say in JSON Schema (values checked by a function) is said as "anything".
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any', io, reused: 'inline' }) as JsonObject;
  return rest;
}
