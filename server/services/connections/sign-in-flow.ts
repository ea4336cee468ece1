import { createHash } from 'node:crypto';
import type { OAuth2 } from '@switchyard/shared/contracts/connections/auth.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import * as oauth from 'oauth4webapi';
import type { Sealing } from '../../models/model-parts.ts';
import { type ConnectionRecord, connections } from '../../store/collections.ts';
import type { Store } from '../../store/port.ts';
import { type PendingSignInRecord, pendingSignIns } from '../../store/sign-in-collections.ts';
import { type ConnectionAuthor, changeConnection } from '../models/change-connection.ts';
import { signedOut, storedTokens } from './stored-tokens.ts';
import { requestTokens } from './token-request.ts';

/*
 * Signs a person in to the service of a connection: authorization code with PKCE (RFC 6749, RFC 7636). The `state` is random, used once,
 * bound to the connection and to the session that began, and valid for ten minutes (S76).
 */

const VALID_MS = 600_000;

export interface SignInParts {
  readonly store: Store;
  readonly secrets: Sealing;
  readonly fetch: typeof fetch;
  readonly clock: { now(): Date };
}

/** Who signs in, with which credential, and where the service returns to. */
export interface SignInBy extends ConnectionAuthor {
  readonly credentialId: string;
  readonly redirectUrl: string;
}

/** The URL to register at the service. */
export const redirectUrlOf = ({ address }: { address(): string }): string => `${address()}/api/oauth/callback`;

/** The stored name of a state. The state itself is only in the browser. */
const idOf = (state: string): string => createHash('sha256').update(state).digest('base64url');

/** Begins a sign-in. Returns the URL to open. */
export async function beginSignIn(parts: SignInParts, by: SignInBy, { id, auth }: { readonly id: string; readonly auth: OAuth2 }): Promise<string> {
  if (!auth.authorizeUrl) throw new AppError('bad-request', 'This connection has no authorize URL. Enter it first.');
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const pendingId = idOf(state);
  await parts.store.in(by.workspaceId).insert(pendingSignIns, {
    id: pendingId,
    workspaceId: by.workspaceId,
    connectionId: id,
    credentialId: by.credentialId,
    redirectUrl: by.redirectUrl,
    sealedVerifier: parts.secrets.seal(verifier, pendingId),
    createdAt: parts.clock.now().toISOString(),
  });
  const url = new URL(auth.authorizeUrl);
  const parameters = {
    ...auth.parameters,
    response_type: 'code',
    client_id: auth.clientId,
    redirect_uri: by.redirectUrl,
    ...(auth.scopes.length > 0 && { scope: auth.scopes.join(' ') }),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** How a sign-in ended. Without a connection, its state is unknown, used up, or too old. */
export interface Finished {
  readonly connectionId: string | null;
  readonly ok: boolean;
}

/** Completes a sign-in with what the service appended to the redirect URL. A failure is stored with the connection. */
export async function finishSignIn(parts: SignInParts, by: Omit<SignInBy, 'redirectUrl'>, answered: URLSearchParams): Promise<Finished> {
  const state = answered.get('state') ?? '';
  const pending = state === '' ? undefined : await takePending(parts, by, state);
  const record = pending && (await parts.store.in(by.workspaceId).get(connections, pending.connectionId));
  if (!pending || record?.auth?.scheme !== 'oauth2') return { connectionId: null, ok: false };
  const ok = await exchange(parts, by, { record, auth: record.auth, pending, state, answered });
  return { connectionId: record.id, ok };
}

/** The sign-in of this state. Only the first request gets it: deleting the record decides. */
async function takePending({ store: stores, clock }: SignInParts, by: Omit<SignInBy, 'redirectUrl'>, state: string): Promise<PendingSignInRecord | undefined> {
  const store = stores.in(by.workspaceId);
  const id = idOf(state);
  const pending = await store.get(pendingSignIns, id);
  if (!pending || pending.credentialId !== by.credentialId || !(await store.delete(pendingSignIns, id))) return undefined;
  return clock.now().getTime() - Date.parse(pending.createdAt) <= VALID_MS ? pending : undefined;
}

interface Exchange {
  readonly record: ConnectionRecord;
  readonly auth: OAuth2;
  readonly pending: PendingSignInRecord;
  readonly state: string;
  readonly answered: URLSearchParams;
}

async function exchange(parts: SignInParts, by: ConnectionAuthor, { record, auth, pending, state, answered }: Exchange): Promise<boolean> {
  const fail = async (reason: string): Promise<boolean> => {
    // A working connection stays as it is if a person declines.
    if (record.tokens?.status !== 'connected')
      await replaceTokens(parts, by, record, { tokens: { ...signedOut(record, reason, parts.clock.now()), ...keptStatus(record) } });
    return false;
  };
  const parameters = validated(auth, answered, state);
  if (typeof parameters === 'string') return fail(parameters);
  const secret = record.sealedSecret === null ? undefined : parts.secrets.open(record.sealedSecret, record.id);
  const verifier = parts.secrets.open(pending.sealedVerifier, pending.id);
  const answer = await requestTokens(
    { fetch: parts.fetch, now: parts.clock.now, secret },
    { kind: 'code', auth, parameters, redirectUrl: pending.redirectUrl, verifier },
  );
  if (answer.kind !== 'tokens') return fail(answer.error.message);
  const { account } = answer.tokens;
  const tokens = storedTokens({ secrets: parts.secrets, now: parts.clock.now }, { ...record, tokens: null }, answer.tokens);
  await replaceTokens(parts, by, record, { tokens, ...(account !== undefined && { account }) });
  return true;
}

/** A first sign-in that failed isn't a lost one. */
const keptStatus = ({ tokens }: ConnectionRecord) => (tokens?.status === 'reconnect' ? { since: tokens.since } : { status: 'signed-out' as const });

/** The parameters of a code, or why there is none. */
function validated(auth: OAuth2, answered: URLSearchParams, state: string): URLSearchParams | string {
  const server = { issuer: answered.get('iss') ?? new URL(auth.tokenUrl).origin };
  try {
    return oauth.validateAuthResponse(server, { client_id: auth.clientId }, answered, state);
  } catch (thrown) {
    if (!(thrown instanceof oauth.AuthorizationResponseError)) return 'The service returned no code.';
    if (thrown.error === 'access_denied') return 'Access was denied at the service.';
    const { error_description: description } = thrown;
    return `The service returned “${(description ?? thrown.error).slice(0, 200)}”.`;
  }
}

/** Replaces the tokens, as a change of the connection that is recorded (S68). */
const replaceTokens = (parts: SignInParts, by: ConnectionAuthor, record: ConnectionRecord, changes: Partial<ConnectionRecord>): Promise<ConnectionRecord> =>
  changeConnection(parts, by, record, { ...changes, tokensRevision: (record.tokensRevision ?? 0) + 1, refreshLease: null }, 'sign-in');

/** Deletes sign-ins that were never completed. */
export async function forgetPendingSignIns({ store: stores, clock }: Pick<SignInParts, 'store' | 'clock'>, workspaceId: string): Promise<void> {
  const store = stores.in(workspaceId);
  const to = new Date(clock.now().getTime() - VALID_MS).toISOString();
  const { items } = await store.find(pendingSignIns, { range: { field: 'createdAt', to }, limit: 500 });
  for (const { id } of items) await store.delete(pendingSignIns, id);
}
