import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';
import { scopesSchema } from './scopes.ts';

const sessionStateSchema = z.object({
  /** False on a server without a password. */
  signInNeeded: z.boolean(),
  /** The caller is signed in, or does not need to be. */
  signedIn: z.boolean(),
  /** What let the caller in; null when nothing did or had to. */
  by: z.enum(['session', 'token']).nullable(),
  /** When the session ends unless it is used; null without one. */
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
  /** How the token begins, to tell it from others. */
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
    name: z.string().trim().min(1, 'must be a name').max(100),
    /** `run`, `read`, and `edit` when left out. */
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
