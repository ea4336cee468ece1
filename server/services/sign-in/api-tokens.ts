import type { ApiToken } from '@switchyard/shared/contracts/sign-in.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ApiTokenRecord, apiTokens } from '../../store/collections.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { OWNER } from '../context.ts';
import { newId } from '../ids.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

/*
 * Tokens for programs. Told once when they are made; the store has the hash. They outlive sessions and the password, and end when they
 * are revoked.
 */

/** By which people, and programs that look for secrets, know what it is. */
const BEGINNING = 'swy_';
const SHOWN_CHARACTERS = BEGINNING.length + 6;
/** How exactly it is known when a token was last used. */
const USED_MS = 60_000;

export interface ApiTokens {
  create(name: string): Promise<ApiToken & { token: string }>;
  list(query: { readonly limit: number; readonly cursor?: string | undefined }): Promise<Page<ApiToken>>;
  /** Throws `not-found`. */
  revoke(id: string): Promise<ApiToken>;
  /** The record of a token; undefined when it was revoked or never was. */
  use(token: string): Promise<ApiTokenRecord | undefined>;
}

interface TokenParts {
  readonly store: WorkspaceStore;
  readonly workspaceId: string;
  readonly now: () => Date;
  /** Told the id of each token that was revoked. */
  readonly ended: (id: string) => void;
}

export function createApiTokens({ store, workspaceId, now, ended }: TokenParts): ApiTokens {
  return {
    create: async (name) => {
      const token = `${BEGINNING}${newSecretToken()}`;
      const record: ApiTokenRecord = {
        id: newId('tok', now()),
        workspaceId,
        name,
        prefix: token.slice(0, SHOWN_CHARACTERS),
        tokenHash: hashToken(token),
        createdAt: now().toISOString(),
        lastUsedAt: null,
        actor: OWNER,
      };
      await store.insert(apiTokens, record);
      return { ...viewOf(record), token };
    },
    list: async ({ limit, cursor }) => {
      const page = await store.find(apiTokens, { order: { field: 'createdAt', descending: true }, limit, ...(cursor !== undefined && { cursor }) });
      return { items: page.items.map(viewOf), nextCursor: page.nextCursor };
    },
    revoke: async (id) => {
      const record = await store.get(apiTokens, id);
      if (!record) throw new AppError('not-found', 'There is no such API token. It may have been revoked already.');
      await store.delete(apiTokens, id);
      ended(id);
      return viewOf(record);
    },
    use: async (token) => {
      if (!token.startsWith(BEGINNING)) return undefined;
      const { items } = await store.find(apiTokens, { where: { tokenHash: hashToken(token) }, limit: 1 });
      const record = items[0];
      if (!record || (record.lastUsedAt && Date.parse(record.lastUsedAt) > now().getTime() - USED_MS)) return record;
      // That it was used is not worth refusing a request for which the store can still be read.
      await store.update(apiTokens, record.id, { lastUsedAt: now().toISOString() }).catch(() => undefined);
      return record;
    },
  };
}

const viewOf = ({ id, name, prefix, createdAt, lastUsedAt }: ApiTokenRecord): ApiToken => ({ id, name, prefix, createdAt, lastUsedAt });
