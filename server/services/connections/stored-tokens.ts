import { type Auth, usesTokens } from '@switchyard/shared/contracts/connections/auth.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import type { Sealing } from '../../models/model-parts.ts';
import type { ConnectionRecord } from '../../store/collections.ts';
import type { StoredTokens } from '../../store/sign-in-collections.ts';
import type { Tokens } from './token-request.ts';

/* Tokens as the record of a connection stores them: encrypted, beside what may be shown. */

export interface StoredSecret {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
}

/** Bound to another name than the secret, so neither can take the place of the other. */
export const tokenSealName = (id: string): string => `${id}:tokens`;

/** Decrypts the tokens. Undefined if there are none. Throws `secret-unreadable`. */
export function readTokens(secrets: Pick<Sealing, 'open'>, { id, tokens }: Pick<ConnectionRecord, 'id' | 'tokens'>): StoredSecret | undefined {
  return tokens?.sealed ? (JSON.parse(secrets.open(tokens.sealed, tokenSealName(id))) as StoredSecret) : undefined;
}

/** A token is renewed this long before it expires, or after four fifths of its lifetime. */
const EARLY_MS = 60_000;

/** New tokens. Their lifetime is measured on this clock, whatever the server’s says. */
export function storedTokens(
  { secrets, now }: { readonly secrets: Sealing; readonly now: () => Date },
  record: ConnectionRecord,
  { accessToken, refreshToken, expiresInMs, scopes }: Tokens,
): StoredTokens {
  const at = now().getTime();
  const time = (ms: number): string => new Date(Math.min(at + ms, LATEST)).toISOString();
  const before = record.tokens?.status === 'connected' ? record.tokens : undefined;
  return {
    status: 'connected',
    since: before?.since ?? time(0),
    reason: null,
    expiresAt: expiresInMs === undefined ? null : time(expiresInMs),
    renewAt: expiresInMs === undefined ? null : time(expiresInMs - Math.min(EARLY_MS, expiresInMs / 5)),
    renews: refreshToken !== undefined || record.auth?.scheme !== 'oauth2' || record.auth.grant === 'client-credentials',
    scopes: scopes ?? before?.scopes ?? null,
    unanswered: 0,
    sealed: secrets.seal(JSON.stringify({ accessToken, ...(refreshToken !== undefined && { refreshToken }) } satisfies StoredSecret), tokenSealName(record.id)),
  };
}

const LATEST = Date.parse('9999-01-01T00:00:00Z');

/** After the service has rejected the tokens. */
export const signedOut = ({ tokens }: ConnectionRecord, reason: string, now: Date): StoredTokens => ({
  status: 'reconnect',
  since: now.toISOString(),
  reason,
  expiresAt: tokens?.expiresAt ?? null,
  renewAt: null,
  renews: false,
  scopes: tokens?.scopes ?? null,
  unanswered: 0,
  sealed: null,
});

/** The sign-in as the API shows it. Undefined for a connection that obtains none. */
export function signInView({ auth, tokens }: Pick<ConnectionRecord, 'auth' | 'tokens'>): Connection['signIn'] {
  if (!usesTokens(auth)) return undefined;
  if (!tokens) return { status: 'signed-out', since: null, reason: null, expiresAt: null, renews: false, scopes: null };
  const { status, since, reason, expiresAt, renews, scopes } = tokens;
  return { status, since, reason, expiresAt, renews, scopes };
}

/** Whether the tokens stay valid when a connection is edited. They belong to the application that obtained them. */
export function keepsTokens({ auth: before, tokens }: ConnectionRecord, auth: Auth | null, secretReplaced: boolean): boolean {
  if (!tokens) return true;
  const byPerson = before?.scheme === 'oauth2' && before.grant === 'authorization-code';
  return sameJson(applicationOf(before), applicationOf(auth)) && (byPerson || !secretReplaced);
}

const applicationOf = (auth: Auth | null): unknown => {
  if (auth?.scheme !== 'oauth2' || auth.grant !== 'authorization-code') return auth;
  const { scheme, grant, authorizeUrl = null, tokenUrl, clientId } = auth;
  return { scheme, grant, authorizeUrl, tokenUrl, clientId };
};

/** Removes the tokens, also for a process that is refreshing them. */
export const droppedTokens = ({ tokensRevision = 0 }: ConnectionRecord): Partial<ConnectionRecord> => ({
  tokens: null,
  tokensRevision: tokensRevision + 1,
  refreshLease: null,
});

/** Whether the secret would be sent to another server. */
export const tokenUrlMoves = (before: Auth | null, after: Auth | null): boolean => originOf(before) !== originOf(after) && originOf(before) !== '';

const originOf = (auth: Auth | null): string => (auth?.scheme === 'oauth2' ? new URL(auth.tokenUrl).origin : '');
