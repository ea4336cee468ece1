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
