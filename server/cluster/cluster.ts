import type { Bus, BusMessage } from '../engine/bus.ts';
import type { Log } from '../log.ts';
import type { LimitedConnections } from '../models/calls/connection-limits.ts';
import type { ClusterProcesses } from '../ownership/cluster-processes.ts';
import type { SharedRates } from '../services/webhooks/rate-limits.ts';
import type { Store } from '../store/port.ts';
import { idleWorkers } from './idle-workers.ts';
import { readInstallationId } from './installation-id.ts';
import { countPeers } from './peers.ts';
import { redisBus } from './redis-bus.ts';
import { redisConnectionLimits } from './redis-connection-limits.ts';
import { createOffers, hearOffers, type OfferedRuns, type Offers } from './redis-dispatch.ts';
import { openRedis, type RedisHealth } from './redis-link.ts';
import { redisRates } from './redis-rates.ts';
import { type SameRedis, sameRedis } from './same-redis.ts';

/*
 * Everything that processes of one installation do over Redis. Imported only if REDIS_URL is set, so a single process pays
 * nothing. Redis holds no truth (S43).
 */

export interface ClusterParts {
  readonly redisUrl: string;
  readonly stores: Store;
  readonly processes: Pick<ClusterProcesses, 'id' | 'known' | 'live' | 'onLook' | 'useControl'>;
  /** This process serves pages and callers. */
  readonly isWeb: boolean;
  readonly log: Log;
  /** Delivers messages within this process. */
  readonly local: Bus;
}

export interface Cluster {
  readonly bus: Bus;
  /** Rate limits of webhooks. */
  readonly rates: SharedRates;
  readonly connectionLimits: LimitedConnections;
  readonly offer: Offers['offer'];
  /** See `hearOffers`. */
  hearOffers(look: (runId: string) => Promise<'done' | 'busy'>): OfferedRuns;
  health(): RedisHealth;
  mark: SameRedis['mark'];
  close(): Promise<void>;
}

/** While Redis is away, every process checks this often for what it missed. */
const LOOK_WHILE_AWAY_MS = 3_000;
/** How often to check that all processes use this Redis. */
const COMPARE_EVERY_MS = 5_000;

/** Resolves also if Redis is away. */
export async function openCluster({ redisUrl, stores, processes, isWeb, log, local }: ClusterParts): Promise<Cluster> {
  const prefix = `switchyard:${await readInstallationId(stores)}`;
  const redis = await openRedis({ url: redisUrl, log });
  const report = (problem: string, error: unknown): void => log.warn({ err: error }, problem);
  const worker = idleWorkers({ live: processes.live, own: processes.id });
  const offers = createOffers({ redis, prefix, report, worker });
  const passOn = (runId: string): void => offers.offerToAny(runId, Date.now());
  const peers = countPeers(processes.known);
  const same = sameRedis({ redis, prefix, processId: processes.id, log });
  const compare = (): void => void same.compare(processes.known());
  compare();
  const comparing = setInterval(compare, COMPARE_EVERY_MS).unref();
  const mayHaveMissed = (): void => local.publish({ kind: 'missed' });
  processes.onLook((isUsed) => isUsed && mayHaveMissed());
  const timer = setInterval(() => redis.health().state === 'away' && mayHaveMissed(), LOOK_WHILE_AWAY_MS).unref();
  const bus = await redisBus({ redis, prefix, processId: processes.id, hears: isWeb ? ['all', 'pages'] : ['all'], local });
  const connectionLimits = redisConnectionLimits({ redis, prefix, bus, sharers: peers.workers, elapsed: () => performance.now() });
  return {
    bus: {
      subscribe: bus.subscribe,
      publish: (message) => {
        bus.publish(message);
        if (isControl(message)) processes.useControl().catch((error) => report('Announcing a control to other processes failed', error));
      },
    },
    rates: redisRates({ redis, prefix, sharers: peers.webs }),
    connectionLimits,
    offer: offers.offer,
    hearOffers: (look) => hearOffers({ redis, prefix, report, processId: processes.id, passOn }, look),
    health: () => {
      const health = redis.health();
      const problem = same.problem();
      return problem === undefined ? health : { ...health, problems: [...health.problems, problem] };
    },
    mark: same.mark,
    close: async () => {
      clearInterval(timer);
      clearInterval(comparing);
      connectionLimits.stop();
      await offers.close();
      await redis.close();
    },
  };
}

/** In force in all processes within 2 s, even if the message is lost. */
const isControl = (message: BusMessage): boolean =>
  message.kind === 'credential-ended' ||
  (message.kind === 'workflow-changed' && message.isControl === true) ||
  (message.kind === 'invalidate' && (message.what === 'kill-switches' || message.what === 'queue'));
