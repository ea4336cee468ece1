import { OWNER } from '@switchyard/shared/run/actor.ts';
import type { Page, Store } from '../../store/port.ts';
import { type SessionRecord, sessions } from '../../store/sign-in-collections.ts';
import { newId } from '../ids.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

/*
 * Browser sessions. Only the browser knows the token; the store keeps its hash. A session ends 30 days after its last use, on sign-out,
 * and when the password changes.
 */

export const SESSION_MS = 30 * 86_400_000;
/** How precisely the last use is recorded: otherwise each request would be a write. */
const SEEN_MS = 600_000;
const PAGE = 500;
const MOST_USER_AGENT = 300;

export type Sessions = ReturnType<typeof createSessions>;

interface SessionParts {
  readonly stores: Store;
  readonly now: () => Date;
  /** Called with the ID of each ended session. */
  readonly ended: (id: string) => void;
}

export function createSessions({ stores, now, ended }: SessionParts) {
  const after = (ms: number): string => new Date(now().getTime() + ms).toISOString();

  const end = async (workspaceId: string, id: string): Promise<void> => {
    await stores.in(workspaceId).delete(sessions, id);
    ended(id);
  };

  /** Ends the sessions of a workspace, or only those that expired by a time. Returns how many. */
  const endFound = async (workspaceId: string, expiredBy?: string): Promise<number> => {
    const query = expiredBy === undefined ? {} : { range: { field: 'expiresAt', to: expiredBy }, order: { field: 'expiresAt' } };
    for (let count = 0; ; ) {
      const { items } = await stores.in(workspaceId).find(sessions, { ...query, limit: PAGE });
      if (items.length === 0) return count;
      await Promise.all(items.map(({ id }) => end(workspaceId, id)));
      count += items.length;
    }
  };

  const renew = async (record: SessionRecord): Promise<SessionRecord | undefined> =>
    // A read-only store must not lock callers out.
    stores
      .in(record.workspaceId)
      .update(sessions, record.id, { lastSeenAt: after(0), expiresAt: after(SESSION_MS) })
      .catch(() => undefined);

  return {
    start: async (workspaceId: string, userAgent: string): Promise<{ readonly record: SessionRecord; readonly token: string }> => {
      const token = newSecretToken();
      const at = now();
      const record: SessionRecord = {
        id: newId('ses', at),
        workspaceId,
        tokenHash: hashToken(token),
        createdAt: at.toISOString(),
        lastSeenAt: at.toISOString(),
        expiresAt: after(SESSION_MS),
        userAgent: userAgent.slice(0, MOST_USER_AGENT),
        actor: OWNER,
      };
      await stores.in(workspaceId).insert(sessions, record);
      return { record, token };
    },
    /** The session of a token, extended by 30 days. Undefined if it has ended or never existed. */
    use: async (token: string): Promise<{ readonly record: SessionRecord; readonly renewed: boolean } | undefined> => {
      const tokenHash = hashToken(token);
      const workspaceId = await stores.workspaceOf(sessions, 'tokenHash', tokenHash);
      const record = workspaceId === undefined ? undefined : (await stores.in(workspaceId).find(sessions, { where: { tokenHash }, limit: 1 })).items[0];
      if (!record || record.expiresAt <= after(0)) return undefined;
      if (record.lastSeenAt > after(-SEEN_MS)) return { record, renewed: false };
      const renewed = await renew(record);
      return { record: renewed ?? record, renewed: renewed !== undefined };
    },
    end,
    /** Returns how many there were. */
    endAll: (workspaceId: string) => endFound(workspaceId),
    /** Removes expired sessions. */
    forgetOld: async (workspaceId: string): Promise<void> => {
      await endFound(workspaceId, after(0));
    },
    list: (workspaceId: string, { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }): Promise<Page<SessionRecord>> =>
      stores.in(workspaceId).find(sessions, { order: { field: 'createdAt', descending: true }, limit, ...(cursor !== undefined && { cursor }) }),
  };
}
