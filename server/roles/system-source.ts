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

/** The data of the page *System*. */
export function systemSource({ config, version, foundation, engine, startupGate }: SystemSourceParts): SystemSource {
  const { store, clock, cluster, activity, ownership, processes } = foundation;
  const startedAt = clock.now().toISOString();
  const driving = (): number => engine.load() - engine.queued();
  const { address } = startupGate;
  const isOther = ({ id }: ProcessRecord): boolean => id !== ownership.processId;
  processes?.show(() => ({ address, driving: driving(), activity: activity.read(), redisMark: cluster?.mark() ?? null }));
  return {
    self: () => ({
      id: ownership.processId,
      role: config.role,
      host: hostname(),
      pid: process.pid,
      address,
      version,
      startedAt,
      state: processes?.isDraining() ? 'draining' : 'live',
      driving: driving(),
      slots: processes && config.role !== 'web' ? config.workerSlots : null,
      activity: activity.read(),
    }),
    others: async () => [
      ...(processes?.live() ?? []).filter(isOther).map((record) => viewOf(record)),
      ...(processes?.dead() ?? []).filter(isOther).map((record) => viewOf(record, 'silent')),
    ],
    database: { kind: config.mongodbUri === undefined ? 'sqlite' : 'mongodb', ready: () => store.ready() },
    redis: () => cluster?.health() ?? null,
    now: clock.now,
    elapsed: () => performance.now(),
  };
}

/** The record of another process. Its optional fields are set as long as several processes share the database. */
function viewOf(record: ProcessRecord, state: ProcessView['state'] = record.state ?? 'live'): ProcessView {
  const { id, role = 'all', host = '', pid = 0, address = null, versions, startedAt, driving = 0, slots = null, activity } = record;
  return {
    id,
    role,
    host,
    pid,
    address,
    version: versions?.app ?? '',
    startedAt,
    state,
    driving,
    slots: role === 'web' ? null : slots,
    // What a silent process last reported no longer holds.
    activity: state === 'silent' ? null : (activity ?? null),
  };
}
