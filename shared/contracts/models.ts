import { z } from 'zod';
import { authSchema, storedAuthSchema } from './connections/auth.ts';
import { DATABASE_KINDS } from './connections/database.ts';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';
import { reason, reasonBody } from './prompts.ts';

export const CONNECTION_KINDS = ['openai', 'anthropic', 'azure-openai', 'openai-compatible', 'http', ...DATABASE_KINDS, 'demo'] as const;

export const SIGN_IN_STATUSES = ['signed-out', 'connected', 'reconnect'] as const;

/** Limits on the calls of a connection (S58). A missing one is unlimited, except `atOnce` of a model server on this machine. */
export const connectionLimitsSchema = z.strictObject({
  requestsPerMinute: z.number().int().min(1).max(100_000).optional(),
  tokensPerMinute: z.number().int().min(1).max(1_000_000_000).optional(),
  atOnce: z.number().int().min(1).max(10_000).optional(),
});
export type ConnectionLimits = z.infer<typeof connectionLimitsSchema>;

/** Calls at once to a model server on this machine, unless the connection sets its own limit. */
export const LOCAL_CALLS_AT_ONCE = 4;

/** The version of Azure’s API that is used unless a connection names one. */
export const DEFAULT_AZURE_API_VERSION = '2024-10-21';
const azureApiVersion = z.string().regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, 'must be a date, for example 2024-10-21 or 2025-04-01-preview');

const signInSchema = z.object({
  status: z.enum(SIGN_IN_STATUSES),
  /** Since when it has this status. */
  since: moment.nullable(),
  /** Why it has to be reconnected, in a sentence without secrets. */
  reason: z.string().nullable(),
  /** When its token expires. Null if it doesn’t, or if the service doesn’t say. */
  expiresAt: moment.nullable(),
  /** Whether Switchyard renews the token automatically. */
  renews: z.boolean(),
  /** What the service granted. Null if it doesn’t say. */
  scopes: z.array(z.string()).nullable(),
});

/** A connection. Its secret is write-only and never returned. */
export const connectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(CONNECTION_KINDS),
  baseUrl: z.string().nullable(),
  hasSecret: z.boolean(),
  /** Last four characters of the secret, to tell secrets apart. */
  secretHint: z.string().nullable(),
  /** How an `http` connection authenticates its requests. */
  auth: storedAuthSchema.nullable(),
  /** The service it was made for (`listServices`). */
  service: z.string().nullable().optional(),
  /** The account or workspace that it signs in to, as the service names it. */
  account: z.string().nullable().optional(),
  /** When its secret expires, as entered. */
  expiresAt: moment.nullable().optional(),
  /** Of a connection that obtains tokens: whether it has one. Its runs wait while it is `reconnect`. */
  signIn: signInSchema.optional(),
  /** Runs that wait until it is reconnected. The first one fails at `until`. */
  waiting: z.object({ runs: z.number(), since: moment, until: moment }).optional(),
  /** Of an `azure-openai` connection. */
  apiVersion: z.string().nullable().optional(),
  limits: connectionLimitsSchema.nullable().optional(),
  /** Calls in progress and in the queue, and those of the last minute if they are limited per minute. */
  load: z.object({ running: z.number(), waiting: z.number(), requests: z.number(), tokens: z.number() }).optional(),
  createdAt: moment,
  updatedAt: moment,
  health: z
    .object({
      ok: z.boolean(),
      /** When the test or call with this outcome was made. */
      at: moment,
      /** The outcome, in a sentence without secrets. */
      message: z.string(),
      models: z.array(z.string()),
      latencyMs: z.number(),
      failingSince: moment.nullable().optional(),
      seenIn: z.enum(['test', 'call']).optional(),
    })
    .nullable(),
});
export type Connection = z.infer<typeof connectionSchema>;

const connectionUsageSchema = z.object({
  routes: z.array(z.object({ name: z.string(), automatic: z.boolean() })),
  workflows: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type ConnectionUsage = z.infer<typeof connectionUsageSchema>;

/** A URL. One of MongoDB may name several hosts. */
const connectionUrl = z
  .string()
  .max(500)
  .regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s]+$/i, 'must be a URL, for example https://api.example.com');

const tag = 'Models';

export const listConnections = contract({
  id: 'listConnections',
  method: 'GET',
  path: '/api/connections',
  scope: 'read',
  tag,
  summary: 'List connections, without their secrets',
  query: z.strictObject(pageQuery),
  reply: pageOf(connectionSchema),
});
export const createConnection = contract({
  id: 'createConnection',
  method: 'POST',
  path: '/api/connections',
  scope: 'admin',
  tag,
  summary: 'Create a connection',
  body: z.strictObject({
    name: z.string().min(1).max(100),
    kind: z.enum(['openai', 'anthropic', 'azure-openai', 'openai-compatible', 'http', ...DATABASE_KINDS]),
    baseUrl: connectionUrl.optional(),
    secret: z.string().max(20_000).optional(),
    auth: authSchema.optional(),
    service: z.string().max(100).optional(),
    account: z.string().max(200).nullable().optional(),
    expiresAt: moment.nullable().optional(),
    apiVersion: azureApiVersion.optional(),
    limits: connectionLimitsSchema.optional(),
    reason,
  }),
  reply: connectionSchema,
  statuses: [201],
  errors: ['bad-request', 'already-exists'],
});
export const updateConnection = contract({
  id: 'updateConnection',
  method: 'PATCH',
  path: '/api/connections/:id',
  scope: 'admin',
  tag,
  summary: 'Update a connection; a secret replaces the current one',
  params: idParams,
  body: z.strictObject({
    name: z.string().min(1).max(100).optional(),
    baseUrl: connectionUrl.nullable().optional(),
    secret: z.string().max(20_000).optional(),
    auth: authSchema.nullable().optional(),
    account: z.string().max(200).nullable().optional(),
    expiresAt: moment.nullable().optional(),
    apiVersion: azureApiVersion.optional(),
    limits: connectionLimitsSchema.nullable().optional(),
    reason,
  }),
  reply: connectionSchema,
  errors: ['not-found', 'bad-request', 'already-exists', 'revision-conflict'],
});
export const deleteConnection = contract({
  id: 'deleteConnection',
  method: 'DELETE',
  path: '/api/connections/:id',
  scope: 'admin',
  tag,
  summary: 'Delete a connection that no customized route uses; can be undone for 10 seconds',
  params: idParams,
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: connectionSchema,
  errors: ['not-found', 'in-use', 'revision-conflict'],
});
export const undeleteConnection = contract({
  id: 'undeleteConnection',
  method: 'POST',
  path: '/api/connections/:id/undelete',
  scope: 'admin',
  tag,
  summary: 'Restore a connection deleted less than 10 seconds ago, with its secret',
  params: idParams,
  reply: connectionSchema,
  errors: ['not-found', 'already-exists'],
});
export const getConnectionUsage = contract({
  id: 'getConnectionUsage',
  method: 'GET',
  path: '/api/connections/:id/usage',
  scope: 'read',
  tag,
  summary: 'List the routes and workflows that use a connection',
  params: idParams,
  reply: connectionUsageSchema,
  errors: ['not-found'],
});
const allUsageSchema = z.object({
  items: z.array(
    z.object({
      connectionId: z.string(),
      /** With the titles of the nodes that use it. */
      workflows: z.array(z.object({ id: z.string(), name: z.string(), nodes: z.array(z.string()) })),
    }),
  ),
});
export type AllConnectionUsage = z.infer<typeof allUsageSchema>;
export const listConnectionUsage = contract({
  id: 'listConnectionUsage',
  method: 'GET',
  path: '/api/connections/usage',
  scope: 'read',
  tag,
  summary: 'List the workflows that use each connection',
  reply: allUsageSchema,
});
export const testConnection = contract({
  id: 'testConnection',
  method: 'POST',
  path: '/api/connections/:id/test',
  scope: 'admin',
  tag,
  summary: 'Test a connection and list its models',
  params: idParams,
  reply: connectionSchema,
  errors: ['not-found'],
});
export const rotateConnection = contract({
  id: 'rotateConnection',
  method: 'POST',
  path: '/api/connections/:id/rotate',
  scope: 'admin',
  tag,
  summary: 'Replace a secret after testing the new one',
  params: idParams,
  body: z.strictObject({
    secret: z.string().min(1).max(20_000),
    /** Skip the test, for a secret that must be replaced at once while the provider is down. */
    untested: z.boolean().optional(),
    reason,
  }),
  reply: connectionSchema,
  errors: [
    'not-found',
    'bad-request',
    'revision-conflict',
    'provider-auth',
    'provider-unavailable',
    'provider-overloaded',
    'provider-rate-limited',
    'provider-timeout',
  ],
});
/** A model server detected on this machine. Its fields are what `createConnection` takes. */
const discoveredServerSchema = z.object({ kind: z.literal('openai-compatible'), name: z.string(), baseUrl: z.string(), models: z.array(z.string()) });
export type DiscoveredServer = z.infer<typeof discoveredServerSchema>;
export const discoverConnections = contract({
  id: 'discoverConnections',
  method: 'GET',
  path: '/api/connections/discover',
  scope: 'read',
  tag,
  summary: 'Detect model servers on this machine',
  reply: z.object({ items: z.array(discoveredServerSchema) }),
});
export const authorizeConnection = contract({
  id: 'authorizeConnection',
  method: 'POST',
  path: '/api/connections/:id/authorize',
  scope: 'admin',
  tag,
  summary: 'Sign in to the service of a connection: returns the URL to open, or null if no person is needed',
  params: idParams,
  reply: z.object({ url: z.string().nullable() }),
  errors: ['not-found', 'bad-request', 'reconnect', 'connect-failed', 'dns-failed', 'timeout', 'bad-response', 'egress-refused'],
});
export const finishAuthorization = contract({
  id: 'finishAuthorization',
  method: 'GET',
  path: '/api/oauth/callback',
  scope: 'admin',
  tag,
  summary: 'The redirect URL of OAuth applications: completes a sign-in and returns to the page',
  query: z.looseObject({ state: z.string().max(200).optional() }),
  reply: z.object({ connectionId: z.string().nullable() }),
  statuses: [302],
});
