import { DEFAULT_SCOPES, FIRST_SCOPES, type Scope } from '@switchyard/shared/contracts/scopes.ts';
import type { ApiToken } from '@switchyard/shared/contracts/sign-in.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Page, Store } from '../../store/port.ts';
import { type ApiTokenRecord, apiTokens } from '../../store/sign-in-collections.ts';
import { actorOf, type Caller } from '../caller.ts';
import { newId } from '../ids.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

/*
 * API tokens for programs. A token is returned once, when it is created; the store keeps its hash. Tokens outlive sessions and the
 * password, and end when they are revoked. Revoking a token also revokes the tokens it created.
 */

/** Lets people and secret scanners recognize a token. */
const PREFIX = 'swy_';
const SHOWN_CHARACTERS = PREFIX.length + 6;
/** How precisely the last use is recorded. */
const USED_MS = 60_000;
const PAGE = 500;

interface TokenParts {
  readonly stores: Store;
  readonly now: () => Date;
  /** Called with the ID of each revoked token. */
  readonly ended: (id: string) => void;
}

export function createApiTokens({ stores, now, ended }: TokenParts) {
  const end = async (workspaceId: string, { id }: ApiTokenRecord): Promise<void> => {
    await stores.in(workspaceId).delete(apiTokens, id);
    ended(id);
    for (const made of await madeBy(stores, workspaceId, id)) await end(workspaceId, made);
  };

  return {
    /** Throws `forbidden` when a token asks for more than it may do itself. */
    create: async (caller: Caller, name: string, scopes: readonly Scope[] = defaultScopes(caller)): Promise<ApiToken & { token: string }> => {
      refuseMoreThanOwn(caller, scopes);
      const token = `${PREFIX}${newSecretToken()}`;
      const record: ApiTokenRecord = {
        id: newId('tok', now()),
        workspaceId: caller.workspaceId,
        name,
        prefix: token.slice(0, SHOWN_CHARACTERS),
        tokenHash: hashToken(token),
        createdAt: now().toISOString(),
        lastUsedAt: null,
        scopes: [...new Set(scopes)],
        actor: actorOf(caller),
      };
      await stores.in(caller.workspaceId).insert(apiTokens, record);
      return { ...viewOf(record), token };
    },
    list: async (workspaceId: string, { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }): Promise<Page<ApiToken>> => {
      const order = { field: 'createdAt', descending: true };
      const page = await stores.in(workspaceId).find(apiTokens, { order, limit, ...(cursor !== undefined && { cursor }) });
      return { items: page.items.map(viewOf), nextCursor: page.nextCursor };
    },
    /** Throws `not-found`. */
    revoke: async (workspaceId: string, id: string): Promise<ApiToken> => {
      const record = await stores.in(workspaceId).get(apiTokens, id);
      if (!record) throw new AppError('not-found', 'API token not found. It may already be revoked.');
      await end(workspaceId, record);
      return viewOf(record);
    },
    /** The record of a token. Undefined if it was revoked or never existed. */
    use: async (token: string): Promise<ApiTokenRecord | undefined> => {
      if (!token.startsWith(PREFIX)) return undefined;
      const tokenHash = hashToken(token);
      const workspaceId = await stores.workspaceOf(apiTokens, 'tokenHash', tokenHash);
      if (workspaceId === undefined) return undefined;
      const store = stores.in(workspaceId);
      const record = (await store.find(apiTokens, { where: { tokenHash }, limit: 1 })).items[0];
      if (!record || (record.lastUsedAt && Date.parse(record.lastUsedAt) > now().getTime() - USED_MS)) return record;
      // A read-only store must not lock callers out.
      await store.update(apiTokens, record.id, { lastUsedAt: now().toISOString() }).catch(() => undefined);
      return record;
    },
  };
}

/** The scopes of a token whose creator named none: the default ones that the creator has too. */
function defaultScopes({ role }: Caller): readonly Scope[] {
  const own = DEFAULT_SCOPES.filter((scope) => role.has(scope));
  return own.length > 0 ? own : [...role];
}

function refuseMoreThanOwn(caller: Caller, scopes: readonly Scope[]): void {
  const more = scopes.find((scope) => !caller.role.has(scope));
  if (more !== undefined) throw new AppError('forbidden', `An API token can’t create one with the scope “${more}”, which it lacks itself.`);
}

async function madeBy(stores: Store, workspaceId: string, tokenId: string): Promise<ApiTokenRecord[]> {
  const made: ApiTokenRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<ApiTokenRecord> = await stores.in(workspaceId).find(apiTokens, { limit: PAGE, ...(cursor !== null && { cursor }) });
    made.push(...page.items.filter(({ actor }) => actor.kind === 'token' && actor.id === tokenId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return made;
}

/** Tokens of version 0.1 have no scopes and keep all but `admin`. */
export const scopesOf = ({ scopes = [...FIRST_SCOPES] }: ApiTokenRecord): Scope[] => scopes;

const viewOf = (record: ApiTokenRecord): ApiToken => ({
  id: record.id,
  name: record.name,
  prefix: record.prefix,
  scopes: scopesOf(record),
  createdAt: record.createdAt,
  lastUsedAt: record.lastUsedAt,
});
