import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { DatabaseTarget } from '../../data-servers/databases/database-target.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import { type ConnectionRecord, connections } from '../../store/collections.ts';

/** What the egress needs to connect to a database. Throws `unknown-secret` for another kind of connection. */
export function databaseTargetOf({ secrets }: Pick<ModelParts, 'secrets'>, { id, kind, name, baseUrl, sealedSecret }: ConnectionRecord): DatabaseTarget {
  if (!isDataKind(kind) || baseUrl === null)
    throw new AppError('unknown-secret', `Connection “${name}” is not for a database. Choose another in the node, or add one under Connections.`);
  return { name, kind, url: baseUrl, secret: sealedSecret === null ? null : secrets.open(sealedSecret, id) };
}

/** The database of a connection. Throws `unknown-secret`. */
export async function databaseOf({ store, secrets }: Pick<ModelParts, 'store' | 'secrets'>, workspaceId: string, id: string): Promise<DatabaseTarget> {
  const record = await store.in(workspaceId).get(connections, id);
  if (!record) throw new AppError('unknown-secret', `Connection “${id}” not found. Choose another in the node, or add one under Connections.`);
  return databaseTargetOf({ secrets }, record);
}
