import { AppError } from '@switchyard/shared/errors.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import type { Providers } from '../../models/provider-access.ts';
import type { ConnectionRecord } from '../../store/collections.ts';
import { inUse, quotedNames } from '../in-use.ts';
import { followConnections } from './automatic-routes.ts';
import { type ConnectionAuthor, removeConnection, restoreConnection } from './change-connection.ts';
import { routesUsing } from './connection-usage.ts';

/** The page offers undo for 10 s. The rest leaves time for the request. */
const KEPT_MS = 15_000;

/** Deletes connections, and restores them within KEPT_MS. */
export interface ConnectionDeletion {
  /** Throws `in-use` while a route that a user created or edited has it as a target. */
  delete(by: ConnectionAuthor, record: ConnectionRecord): Promise<void>;
  /** Throws `not-found` after KEPT_MS or a restart, `already-exists` if the name has been taken in the meantime. */
  undelete(by: ConnectionAuthor, id: string): Promise<ConnectionRecord>;
}

/** Deleted records, with their encrypted secrets, stay in memory only. */
export function createDeletion(parts: ModelParts, providers: Providers): ConnectionDeletion {
  const kept = new Map<string, { readonly record: ConnectionRecord; readonly until: number }>();
  const keyOf = (workspaceId: string, id: string): string => JSON.stringify([workspaceId, id]);
  const keep = (workspaceId: string, record: ConnectionRecord): void => {
    const entry = { record, until: parts.clock.now().getTime() + KEPT_MS };
    const key = keyOf(workspaceId, record.id);
    kept.set(key, entry);
    setTimeout(() => kept.get(key) === entry && kept.delete(key), KEPT_MS).unref();
  };
  return {
    async delete(by, record) {
      const { workspaceId } = by;
      const store = parts.store.in(workspaceId);
      const users = (await routesUsing(store, record.id)).filter(({ automatic }) => !automatic).map(({ name }) => name);
      if (users.length > 0) {
        const advice = `Remove it from ${users.length === 1 ? 'this route' : 'these routes'} first.`;
        throw inUse(`“${record.name}” is a target of ${quotedNames(users)}. ${advice}`, { routes: users });
      }
      await removeConnection(parts, by, record);
      keep(workspaceId, record);
      await followConnections(workspaceId, parts, providers);
    },
    async undelete(by, id) {
      const { workspaceId } = by;
      const key = keyOf(workspaceId, id);
      const found = kept.get(key);
      if (!found || found.until < parts.clock.now().getTime())
        throw new AppError('not-found', 'This connection can’t be restored. Add it again, with its API key or secret.');
      const restored = await restoreConnection(parts, by, found.record);
      kept.delete(key);
      await followConnections(workspaceId, parts, providers);
      return restored;
    },
  };
}
