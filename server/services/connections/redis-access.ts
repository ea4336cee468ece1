import { AppError } from '@switchyard/shared/errors.ts';
import type { RedisAccess } from '../../data-servers/connect-redis.ts';
import type { Sealing } from '../../models/model-parts.ts';
import type { ConnectionRecord } from '../../store/collections.ts';

/** How to reach the server of a `redis` connection. Throws `unknown-secret` for any other connection, `secret-unreadable`. */
export function redisAccess(secrets: Pick<Sealing, 'open'>, record: ConnectionRecord | undefined): RedisAccess {
  if (record?.kind !== 'redis' || record.baseUrl === null)
    throw new AppError('unknown-secret', 'The Redis connection was not found. Choose another, or add one under Connections.');
  const { id, baseUrl, sealedSecret } = record;
  return { url: baseUrl, password: sealedSecret === null ? undefined : secrets.open(sealedSecret, id) };
}
