import { type SessionRecord, sessions } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { OWNER } from '../context.ts';
import { newId } from '../ids.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

/*
 * Sessions of browsers. The token is known to the browser alone; the store has its hash. A session ends 30 days after it was last
 * used, when it is signed out, and when the password becomes another.
 */

export const SESSION_MS = 30 * 86_400_000;
/** How exactly it is known when a session was last used: each request would otherwise be a write. */
const SEEN_MS = 600_000;
const PAGE = 500;
const MOST_USER_AGENT = 300;

export interface Sessions {
  start(userAgent: string): Promise<{ readonly record: SessionRecord; readonly token: string }>;
  /** The session of a token, which goes on for another 30 days; undefined when it has ended or never was. */
  use(token: string): Promise<{ readonly record: SessionRecord; readonly renewed: boolean } | undefined>;
  end(id: string): Promise<void>;
  /** Answers how many there were. */
  endAll(): Promise<number>;
  /** Removes those that have ended by themselves. */
  forgetOld(): Promise<void>;
}

interface SessionParts {
  readonly store: WorkspaceStore;
  readonly workspaceId: string;
  readonly now: () => Date;
  /** Told the id of each session that has ended. */
  readonly ended: (id: string) => void;
}

export function createSessions({ store, workspaceId, now, ended }: SessionParts): Sessions {
  const after = (ms: number): string => new Date(now().getTime() + ms).toISOString();

  const end = async (id: string): Promise<void> => {
    await store.delete(sessions, id);
    ended(id);
  };

  /** Ends all that a query finds, and answers how many. */
  const endFound = async (expiredBy?: string): Promise<number> => {
    const query = expiredBy === undefined ? {} : { range: { field: 'expiresAt', to: expiredBy }, order: { field: 'expiresAt' } };
    for (let count = 0; ; ) {
      const { items } = await store.find(sessions, { ...query, limit: PAGE });
      if (items.length === 0) return count;
      await Promise.all(items.map(({ id }) => end(id)));
      count += items.length;
    }
  };

  const renew = async (record: SessionRecord): Promise<SessionRecord | undefined> =>
    // That it was seen is not worth refusing a request for which the store can still be read.
    store.update(sessions, record.id, { lastSeenAt: after(0), expiresAt: after(SESSION_MS) }).catch(() => undefined);

  return {
    start: async (userAgent) => {
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
      await store.insert(sessions, record);
      return { record, token };
    },
    use: async (token) => {
      const { items } = await store.find(sessions, { where: { tokenHash: hashToken(token) }, limit: 1 });
      const record = items[0];
      if (!record || record.expiresAt <= after(0)) return undefined;
      if (record.lastSeenAt > after(-SEEN_MS)) return { record, renewed: false };
      const renewed = await renew(record);
      return { record: renewed ?? record, renewed: renewed !== undefined };
    },
    end,
    endAll: () => endFound(),
    forgetOld: async () => {
      await endFound(after(0));
    },
  };
}
