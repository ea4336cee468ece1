import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';
import { scopesSchema } from './scopes.ts';

const sessionStateSchema = z.object({
  /** False on a server without a password. */
  signInNeeded: z.boolean(),
  /** The caller is signed in, or doesn't need to be. */
  signedIn: z.boolean(),
  /** How the caller was authenticated. Null if not, or if no sign-in is needed. */
  by: z.enum(['session', 'token']).nullable(),
  /** When the session expires unless it is used. Null without a session. */
  expiresAt: moment.nullable(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

const sessionSchema = z.object({
  id: z.string(),
  createdAt: moment,
  /** Accurate to ten minutes. */
  lastSeenAt: moment,
  expiresAt: moment,
  /** The browser's User-Agent. */
  userAgent: z.string(),
  /** The session of this request. */
  current: z.boolean(),
});

const apiTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters of the token, to tell tokens apart. */
  prefix: z.string(),
  scopes: scopesSchema,
  createdAt: moment,
  /** Accurate to the minute. */
  lastUsedAt: moment.nullable(),
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

const tag = 'Sign-in';

export const getSession = contract({
  id: 'getSession',
  method: 'GET',
  path: '/api/session',
  open: true,
  tag,
  summary: 'Get sign-in status',
  reply: sessionStateSchema,
});
export const signIn = contract({
  id: 'signIn',
  method: 'POST',
  path: '/api/session',
  open: true,
  tag,
  summary: 'Sign in; sets a session cookie',
  body: z.strictObject({ password: z.string().max(1_000) }),
  reply: sessionStateSchema,
  errors: ['bad-request', 'wrong-password', 'rate-limited'],
});
export const signOut = contract({
  id: 'signOut',
  method: 'DELETE',
  path: '/api/session',
  scope: 'read',
  tag,
  summary: 'Sign out',
  reply: sessionStateSchema,
  errors: ['bad-request'],
});
export const listSessions = contract({
  id: 'listSessions',
  method: 'GET',
  path: '/api/sessions',
  scope: 'admin',
  tag,
  summary: 'List sessions, newest first',
  query: z.strictObject(pageQuery),
  reply: pageOf(sessionSchema),
});
export const signOutEverywhere = contract({
  id: 'signOutEverywhere',
  method: 'DELETE',
  path: '/api/sessions',
  scope: 'admin',
  tag,
  summary: 'Sign out everywhere; API tokens stay valid',
  reply: z.object({ ended: z.number().int() }),
});
export const listTokens = contract({
  id: 'listTokens',
  method: 'GET',
  path: '/api/tokens',
  scope: 'admin',
  tag,
  summary: 'List API tokens, newest first, without their secrets',
  query: z.strictObject(pageQuery),
  reply: pageOf(apiTokenSchema),
});
export const createToken = contract({
  id: 'createToken',
  method: 'POST',
  path: '/api/tokens',
  scope: 'admin',
  tag,
  summary: 'Create an API token; returned once',
  body: z.strictObject({
    name: z.string().trim().min(1, 'must not be empty').max(100),
    /** `run`, `read`, and `edit` if omitted. */
    scopes: scopesSchema.optional(),
  }),
  reply: apiTokenSchema.extend({ token: z.string() }),
  statuses: [201],
  errors: ['bad-request', 'forbidden'],
});
export const revokeToken = contract({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/api/tokens/:id',
  scope: 'admin',
  tag,
  summary: 'Revoke an API token and the tokens it created',
  params: idParams,
  reply: apiTokenSchema,
  errors: ['not-found'],
});
