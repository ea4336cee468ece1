import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { StartupGate } from '../http/startup-gate.ts';
import type { SystemSource } from '../services/system/get-system.ts';
import type { Foundation } from './foundation.ts';

export interface SystemSourceParts {
  readonly config: Pick<Config, 'role' | 'mongodbUri'>;
  readonly version: string;
  readonly foundation: Pick<Foundation, 'store' | 'clock' | 'cluster' | 'activity' | 'ownership'>;
  readonly engine: Pick<Engine, 'load' | 'queued'>;
  readonly startupGate: Pick<StartupGate, 'address'>;
}

/** What the page *System* shows, of a process that works on its own. */
export function systemSource({ config, version, foundation, engine, startupGate }: SystemSourceParts): SystemSource {
  const { store, clock, cluster, activity, ownership } = foundation;
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
      slots: null,
      activity: activity.read(),
    }),
    others: async () => [],
    database: { kind: config.mongodbUri === undefined ? 'sqlite' : 'mongodb', ready: () => store.ready() },
    redis: () => cluster?.health() ?? null,
    now: clock.now,
    elapsed: () => performance.now(),
  };
}
