import { z } from 'zod';

/** What a caller may do. Each API operation declares the scope it needs (S45). */
export const SCOPES = ['run', 'read', 'edit', 'review', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Scopes of a token created without naming any. */
export const DEFAULT_SCOPES: readonly Scope[] = ['run', 'read', 'edit'];

/** Scopes of a token from version 0.1, which stored none. */
export const FIRST_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== 'admin');

export const scopesSchema = z.array(z.enum(SCOPES)).min(1, 'must name at least one scope').max(SCOPES.length);
