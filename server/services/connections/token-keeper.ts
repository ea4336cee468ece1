import { randomUUID } from 'node:crypto';
import type { Auth } from '@switchyard/shared/contracts/connections/auth.ts';
import { usesTokens } from '@switchyard/shared/contracts/connections/auth.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Sealing } from '../../models/model-parts.ts';
import { type ConnectionRecord, connections } from '../../store/collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { readTokens, type StoredSecret, signedOut, storedTokens } from './stored-tokens.ts';
import { requestTokens, type TokenAnswer, type TokenGrant, type Tokens } from './token-request.ts';

/*
 * Keeps the access tokens of connections fresh (S76).
 * Invariants: 1. One refresh at a time: its process holds a lease in the connection’s record, by compare-and-set; others read again. 2. New
 * tokens are stored before they are used. 3. If no response came, the refresh token may be used up: it is tried once more, and then the
 * connection is `reconnect`. 4. `tokensRevision` changes with the tokens, so a slow process never overwrites newer ones.
 */

export interface KeeperParts {
  readonly store: Store;
  readonly secrets: Sealing;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** Milliseconds on the monotonic clock: a waiting process times the lease of another, so no clocks are compared. */
  readonly elapsed: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

export interface TokenKeeper {
  /**
   * A valid access token, obtained or renewed if necessary. `rejected` is one that the server has rejected. Throws `reconnect` if a person
   * has to sign in again, and retryable errors if the service can’t be reached.
   */
  accessToken(workspaceId: string, id: string, rejected?: string): Promise<string>;
}

export const LEASE_MS = 30_000;
const LEASE_POLL_MS = 150;
/** Requests without a response after which the refresh token is given up. */
const MOST_UNANSWERED = 2;

type TokenAuth = Extract<Auth, { scheme: 'oauth2' | 'google-service-account' }>;

/** A record whose lease this process holds. */
interface Held {
  readonly store: WorkspaceStore;
  readonly record: ConnectionRecord;
  readonly auth: TokenAuth;
  readonly stored: StoredSecret | undefined;
}

export function createTokenKeeper(parts: KeeperParts): TokenKeeper {
  const inFlight = new Map<string, Promise<string>>();
  return {
    accessToken: (workspaceId, id, rejected) => {
      const key = JSON.stringify([workspaceId, id, rejected]);
      const known = inFlight.get(key);
      if (known) return known;
      const obtained = obtain(parts, parts.store.in(workspaceId), id, rejected).finally(() => inFlight.delete(key));
      inFlight.set(key, obtained);
      return obtained;
    },
  };
}

async function obtain(parts: KeeperParts, store: WorkspaceStore, id: string, rejected: string | undefined): Promise<string> {
  let seen: { readonly lease: string; readonly at: number } | undefined;
  for (;;) {
    const record = await store.get(connections, id);
    if (!record || !usesTokens(record.auth)) throw new AppError('unknown-secret', `Connection “${id}” not found. Choose another one in the node.`);
    requireSignIn(record);
    const stored = readTokens(parts.secrets, record);
    if (stored && stored.accessToken !== rejected && isFresh(record, parts.now())) return stored.accessToken;
    const lease = record.refreshLease ?? null;
    if (lease !== null && lease !== seen?.lease) seen = { lease, at: parts.elapsed() };
    if (lease === null || (seen && parts.elapsed() - seen.at >= LEASE_MS)) {
      const held = await takeLease(store, record);
      const token = held && (await renew(parts, { store, record: held, auth: record.auth, stored }));
      if (token !== undefined) return token;
    } else await parts.pause(LEASE_POLL_MS);
  }
}

/** Throws `reconnect` if only a person can sign in again. */
function requireSignIn({ name, auth, tokens }: ConnectionRecord): void {
  const status = tokens?.status ?? 'signed-out';
  if (status === 'connected' || (status === 'signed-out' && isAutomatic(auth))) return;
  const reason = tokens?.reason ? ` ${tokens.reason}` : '';
  throw reconnectError(
    status === 'reconnect' ? `Connection “${name}” must be reconnected.${reason}` : `Connection “${name}” isn’t signed in yet. Sign in under Connections.`,
  );
}

const reconnectError = (message: string): AppError => new AppError('reconnect', message, { beforeEffect: true });

/** Signs in without a person. */
export const isAutomatic = (auth: Auth | null): boolean =>
  auth?.scheme === 'google-service-account' || (auth?.scheme === 'oauth2' && auth.grant === 'client-credentials');

const isFresh = ({ tokens }: ConnectionRecord, now: Date): boolean =>
  tokens?.status === 'connected' && (tokens.renewAt === null || Date.parse(tokens.renewAt) > now.getTime());

/** Compare-and-set on the lease. Counts the request that follows as unanswered. Undefined if another process was first. */
async function takeLease(store: WorkspaceStore, record: ConnectionRecord): Promise<ConnectionRecord | undefined> {
  const lease = randomUUID();
  const tokens = record.tokens ?? null;
  const changes = { refreshLease: lease, ...(tokens && { tokens: { ...tokens, unanswered: tokens.unanswered + 1 } }) };
  const taken = await store.update(connections, record.id, changes, {
    equal: { refreshLease: record.refreshLease ?? null, tokensRevision: record.tokensRevision ?? null },
  });
  if (taken) return taken;
  // The store may have repeated an update whose response was lost.
  const again = await store.get(connections, record.id);
  return again?.refreshLease === lease ? again : undefined;
}

/** A new access token. Undefined if the record was changed meanwhile, and must be read again. Releases the lease. */
async function renew(parts: KeeperParts, held: Held): Promise<string | undefined> {
  const { record, auth, stored } = held;
  const unanswered = record.tokens?.unanswered ?? 0;
  const grant = grantFor(auth, stored);
  if (!grant) return giveUp(parts, held, 'The token has expired or was revoked, and the service gave none to renew it.');
  if (grant.kind === 'refresh' && unanswered > MOST_UNANSWERED) return giveUp(parts, held, LOST);
  const answer = await ask(parts, held, grant);
  if (answer.kind === 'tokens') return keep(parts, held, answer.tokens);
  if (answer.kind === 'refused') return giveUp(parts, held, answer.error.message);
  if (answer.kind === 'unanswered' && grant.kind === 'refresh') {
    if (unanswered >= MOST_UNANSWERED) return giveUp(parts, held, LOST);
    const again = await takeLease(held.store, record);
    return again && renew(parts, { ...held, record: again });
  }
  await release(held, grant.kind === 'refresh' ? unanswered - 1 : 0);
  throw answer.error;
}

const LOST = 'The service didn’t respond to two refresh requests, so the refresh token may be used up.';

async function ask(parts: KeeperParts, { record, auth }: Held, grant: TokenGrant): Promise<TokenAnswer> {
  const secret = record.sealedSecret === null ? undefined : parts.secrets.open(record.sealedSecret, record.id);
  const request = (one: TokenGrant) => requestTokens({ fetch: parts.fetch, now: parts.now, secret }, one);
  const answer = await request(grant);
  const serverTime = answer.kind === 'refused' ? answer.error.details.serverTime : undefined;
  if (grant.kind !== 'service-account' || typeof serverTime !== 'string') return answer;
  // An assertion is rejected if the clocks differ too much. The server’s own time shows by how much.
  const skewMs = Date.parse(serverTime) - parts.now().getTime();
  return Math.abs(skewMs) < LEAST_SKEW_MS || auth.scheme !== 'google-service-account' ? answer : request({ ...grant, skewMs });
}

const LEAST_SKEW_MS = 30_000;

function grantFor(auth: TokenAuth, stored: StoredSecret | undefined): TokenGrant | undefined {
  if (auth.scheme === 'google-service-account') return { kind: 'service-account', scopes: auth.scopes, subject: auth.subject, skewMs: 0 };
  if (auth.grant === 'client-credentials') return { kind: 'client-credentials', auth };
  return stored?.refreshToken === undefined ? undefined : { kind: 'refresh', auth, refreshToken: stored.refreshToken };
}

/** Stores new tokens, and only then returns one. */
async function keep(parts: KeeperParts, held: Held, tokens: Tokens): Promise<string | undefined> {
  const { store, record, stored } = held;
  // Without a new refresh token, the old one stays valid (RFC 6749 §6).
  const kept = { ...tokens, refreshToken: tokens.refreshToken ?? stored?.refreshToken };
  const next = storedTokens(parts, record, kept);
  const changed = await replace(store, record, { tokens: next, ...(record.account == null && tokens.account !== undefined && { account: tokens.account }) });
  return changed ? tokens.accessToken : undefined;
}

/** Marks the connection as `reconnect`. Throws that it is, unless other tokens were stored meanwhile. */
async function giveUp(parts: KeeperParts, { store, record }: Held, reason: string): Promise<undefined> {
  const changed = await replace(store, record, { tokens: signedOut(record, reason, parts.now()) });
  if (changed) throw reconnectError(`Connection “${record.name}” must be reconnected. ${reason}`);
  return undefined;
}

/** Compare-and-set on the tokens. Also releases the lease. */
async function replace(store: WorkspaceStore, record: ConnectionRecord, changes: Partial<ConnectionRecord>): Promise<boolean> {
  const revision = record.tokensRevision ?? null;
  const changed = await store.update(
    connections,
    record.id,
    { ...changes, tokensRevision: (revision ?? 0) + 1, refreshLease: null },
    { equal: { tokensRevision: revision } },
  );
  if (changed) return true;
  const now = await store.get(connections, record.id);
  return now?.tokens?.sealed !== undefined && now.tokens.sealed === changes.tokens?.sealed && now.tokens.sealed !== record.tokens?.sealed;
}

/** Releases the lease without new tokens. */
async function release({ store, record }: Held, unanswered: number): Promise<void> {
  const { tokens, refreshLease = null, tokensRevision = null } = record;
  const changes = { refreshLease: null, ...(tokens && { tokens: { ...tokens, unanswered } }) };
  await store.update(connections, record.id, changes, { equal: { refreshLease, tokensRevision } });
}
