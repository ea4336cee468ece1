import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { StartupGate } from '../http/startup-gate.ts';
import type { ProcessView, SystemSource } from '../services/system/get-system.ts';
import type { ProcessRecord } from '../store/collections.ts';
import type { Foundation } from './foundation.ts';

export interface SystemSourceParts {
  readonly config: Pick<Config, 'role' | 'mongodbUri' | 'workerSlots'>;
  readonly version: string;
  readonly foundation: Pick<Foundation, 'store' | 'clock' | 'cluster' | 'activity' | 'ownership' | 'processes'>;
  readonly engine: Pick<Engine, 'load' | 'queued'>;
  readonly startupGate: Pick<StartupGate, 'address'>;
}

/** What the page *System* shows. */
export function systemSource({ config, version, foundation, engine, startupGate }: SystemSourceParts): SystemSource {
  const { store, clock, cluster, activity, ownership, processes } = foundation;
  const startedAt = clock.now().toISOString();
  return {
    self: () => ({
      id: ownership.processId,
      role: config.role,
      host: hostname(),
      pid: process.pid,
      address: startupGate.address,
      version,
      startedAt,
      state: 'live',
      driving: engine.load() - engine.queued(),
      slots: processes && config.role !== 'web' ? config.workerSlots : null,
      activity: activity.read(),
    }),
    others: async () => (processes?.live() ?? []).filter(({ id }) => id !== ownership.processId).map(viewOf),
    database: { kind: config.mongodbUri === undefined ? 'sqlite' : 'mongodb', ready: () => store.ready() },
    redis: () => cluster?.health() ?? null,
    now: clock.now,
    elapsed: () => performance.now(),
  };
}

const viewOf = ({
  id,
  role = 'all',
  host = '',
  pid = 0,
  address = null,
  versions,
  startedAt,
  state = 'live',
  driving = 0,
  slots,
}: ProcessRecord): ProcessView => ({
  id,
  role,
  host,
  pid,
  address,
  version: versions?.app ?? '',
  startedAt,
  state,
  driving,
  slots: role === 'web' ? null : (slots ?? null),
  activity: null,
});
