import { SIGN_IN_STATUSES } from '@switchyard/shared/contracts/models.ts';
import { scopesSchema } from '@switchyard/shared/contracts/scopes.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/* Who may use the server: signed-in browsers, and tokens for programs. */

/** A browser that is signed in. */
const sessionRecord = z.object({
  ...base,
  /** SHA-256 of the cookie's token. */
  tokenHash: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  expiresAt: z.string(),
  userAgent: z.string(),
  actor,
});
export type SessionRecord = z.infer<typeof sessionRecord>;
export const sessions = declare<SessionRecord>({
  name: 'sessions',
  schema: sessionRecord,
  indexes: [
    { name: 'token_hash', fields: ['tokenHash'], unique: true, everywhere: true },
    { name: 'expires', fields: ['expiresAt'] },
    { name: 'created', fields: ['createdAt'] },
  ],
});

/** A token for programs. */
const apiTokenRecord = z.object({
  ...base,
  name: z.string(),
  /** Its first characters, to recognize it by. */
  prefix: z.string(),
  /** SHA-256 of the token. */
  tokenHash: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  /** Missing in tokens of version 0.1. */
  scopes: scopesSchema.optional(),
  actor,
});
export type ApiTokenRecord = z.infer<typeof apiTokenRecord>;
export const apiTokens = declare<ApiTokenRecord>({
  name: 'api_tokens',
  schema: apiTokenRecord,
  indexes: [
    { name: 'token_hash', fields: ['tokenHash'], unique: true, everywhere: true },
    { name: 'created', fields: ['createdAt'] },
  ],
});

/* What connections that obtain tokens store (S76). */

const tokens = z.object({
  status: z.enum(SIGN_IN_STATUSES),
  since: z.string(),
  reason: z.string().nullable(),
  expiresAt: z.string().nullable(),
  /** Some time before it expires. */
  renewAt: z.string().nullable(),
  renews: z.boolean(),
  scopes: z.array(z.string()).nullable(),
  /** Refresh requests in a row without a response. Each may have used up the refresh token. */
  unanswered: z.number(),
  /** Encrypted for this record. Null before the first sign-in. */
  sealed: z.string().nullable(),
});
export type StoredTokens = z.infer<typeof tokens>;

/** Fields of a connection’s record. Missing in those that obtain no tokens. */
export const tokenFields = {
  tokens: tokens.nullable().optional(),
  /** Changes whenever `tokens` are replaced by others. */
  tokensRevision: z.number().optional(),
  /** Who is refreshing them. */
  refreshLease: z.string().nullable().optional(),
};

/** A sign-in that a person has begun at a service. Its ID is a hash of the `state` parameter. */
const pendingSignInRecord = z.object({
  ...base,
  connectionId: z.string(),
  /** The session or token that began it. */
  credentialId: z.string(),
  redirectUrl: z.string(),
  /** The PKCE code verifier, encrypted. */
  sealedVerifier: z.string(),
  createdAt: z.string(),
});
export type PendingSignInRecord = z.infer<typeof pendingSignInRecord>;
export const pendingSignIns = declare<PendingSignInRecord>({
  name: 'pending_sign_ins',
  schema: pendingSignInRecord,
  indexes: [{ name: 'created', fields: ['createdAt'] }],
});

/** A step that waits until a connection is reconnected. */
const connectionWaitRecord = z.object({
  ...base,
  connectionId: z.string(),
  runId: z.string(),
  waitId: z.string(),
  since: z.string(),
  /** The step fails then. */
  until: z.string(),
});
export type ConnectionWaitRecord = z.infer<typeof connectionWaitRecord>;
export const connectionWaits = declare<ConnectionWaitRecord>({
  name: 'connection_waits',
  schema: connectionWaitRecord,
  indexes: [{ name: 'connection', fields: ['connectionId', 'since'] }],
});
