import type { Bus } from '../engine/bus.ts';
import type { Log } from '../log.ts';
import { redisBus } from './redis-bus.ts';
import { createOffers, hearOffers, type OfferedRuns, type Offers } from './redis-dispatch.ts';
import { openRedis, type RedisHealth } from './redis-link.ts';

/*
 * Everything that processes of one installation do over Redis. Imported only if REDIS_URL is set, so a single process has
 * no cost.
 * Redis holds no truth (S43).
 */

export interface ClusterParts {
  readonly redisUrl: string;
  readonly installationId: string;
  readonly processId: string;
  /** This process serves pages and callers. */
  readonly isWeb: boolean;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** Delivers messages within this process. */
  readonly local: Bus;
}

export interface Cluster {
  readonly bus: Bus;
  readonly offer: Offers['offer'];
  /** See `hearOffers`. */
  hearOffers(look: (runId: string) => Promise<'done' | 'busy'>): OfferedRuns;
  health(): RedisHealth;
  close(): Promise<void>;
}

/** Resolves also if Redis is away. */
export async function openCluster({ redisUrl, installationId, processId, isWeb, log, local }: ClusterParts): Promise<Cluster> {
  const redis = await openRedis({ url: redisUrl, log });
  const prefix = `switchyard:${installationId}`;
  const report = (problem: string, error: unknown): void => log.warn({ err: error }, problem);
  const offers = createOffers({ redis, prefix, report });
  return {
    bus: await redisBus({ redis, prefix, processId, hears: isWeb ? ['all', 'pages'] : ['all'], local }),
    offer: offers.offer,
    hearOffers: (look) => hearOffers({ redis, prefix, report }, look),
    health: redis.health,
    close: async () => {
      await offers.close();
      await redis.close();
    },
  };
}
