import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';

const sessionStateSchema = z.object({
  /** False on a server without a password: everything is open. */
  signInNeeded: z.boolean(),
  /** This caller may use what needs a sign-in. */
  signedIn: z.boolean(),
  /** What let the caller in; null when nothing did or nothing had to. */
  by: z.enum(['session', 'token']).nullable(),
  /** When the session ends unless it is used before; null without one. */
  expiresAt: moment.nullable(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

const sessionSchema = z.object({
  id: z.string(),
  createdAt: moment,
  /** To some ten minutes. */
  lastSeenAt: moment,
  expiresAt: moment,
  /** What the browser calls itself. */
  userAgent: z.string(),
  /** It is the session of this call. */
  current: z.boolean(),
});

const apiTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** How the token begins, to tell it from others. */
  prefix: z.string(),
  createdAt: moment,
  /** To the minute. */
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
  summary: 'Whether a sign-in is needed here, and whether the caller has one',
  reply: sessionStateSchema,
});
export const signIn = contract({
  id: 'signIn',
  method: 'POST',
  path: '/api/session',
  open: true,
  tag,
  summary: 'Signs in by the password of SWITCHYARD_PASSWORD; answers with the session as a cookie',
  body: z.strictObject({ password: z.string().max(1_000) }),
  reply: sessionStateSchema,
  errors: ['bad-request', 'wrong-password', 'rate-limited'],
});
export const signOut = contract({
  id: 'signOut',
  method: 'DELETE',
  path: '/api/session',
  tag,
  summary: 'Ends the session of this call',
  reply: sessionStateSchema,
  errors: ['bad-request'],
});
export const listSessions = contract({
  id: 'listSessions',
  method: 'GET',
  path: '/api/sessions',
  tag,
  summary: 'Where somebody is signed in, newest first',
  query: z.strictObject(pageQuery),
  reply: pageOf(sessionSchema),
});
export const signOutEverywhere = contract({
  id: 'signOutEverywhere',
  method: 'DELETE',
  path: '/api/sessions',
  tag,
  summary: 'Ends every session, this one too. API tokens stay',
  reply: z.object({ ended: z.number().int() }),
});
export const listTokens = contract({
  id: 'listTokens',
  method: 'GET',
  path: '/api/tokens',
  tag,
  summary: 'API tokens, newest first, without what is secret in them',
  query: z.strictObject(pageQuery),
  reply: pageOf(apiTokenSchema),
});
export const createToken = contract({
  id: 'createToken',
  method: 'POST',
  path: '/api/tokens',
  tag,
  summary: 'Makes an API token for `Authorization: Bearer`; it is told this once',
  body: z.strictObject({ name: z.string().trim().min(1, 'must be a name').max(100) }),
  reply: apiTokenSchema.extend({ token: z.string() }),
  statuses: [201],
  errors: ['bad-request', 'forbidden'],
});
export const revokeToken = contract({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/api/tokens/:id',
  tag,
  summary: 'Revokes an API token at once',
  params: idParams,
  reply: apiTokenSchema,
  errors: ['not-found'],
});
