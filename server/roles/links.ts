import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { nodesText } from '@switchyard/shared/run/build-versions.ts';
import { EVENT_VERSION } from '@switchyard/shared/run/events.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Config } from '../config.ts';
import type { Bus } from '../engine/bus.ts';
import type { Log } from '../log.ts';
import { clusterProcesses } from '../ownership/cluster-processes.ts';
import { inProcessOwnership } from '../ownership/in-process.ts';
import { inProcessBus } from '../ownership/in-process-bus.ts';
import { storedProcesses } from '../ownership/process-records.ts';
import { readableRuns } from '../ownership/readable-runs.ts';
import { type SharedParts, sharedOwnership } from '../ownership/shared.ts';
import { assertSameKey } from '../secrets/same-key.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { createKillBoard, type KillBoardParts } from '../services/kill-switches/kill-board.ts';
import { createQueueBoard } from '../services/queue/queue-board.ts';
import type { Store } from '../store/port.ts';
import { VERSION } from '../version.ts';
import { workspaces } from './workspaces.ts';

export interface LinkParts {
  readonly config: Pick<Config, 'redisUrl' | 'role' | 'workerSlots'>;
  readonly log: Log;
  readonly stores: Store;
  readonly secrets: Pick<Secrets, 'keyedHash'>;
  readonly now: () => Date;
}

/** How this process works with others: the bus, what is in force, and which runs it drives. Without REDIS_URL, nothing of Redis is loaded. */
export async function openLinks(parts: LinkParts) {
  const { config, log, stores, now } = parts;
  const processId = randomUUID();
  const local = inProcessBus((error) => log.error({ err: error }, 'Bus subscriber failed'));
  const cluster = await joinCluster(parts, processId, local);
  const bus = cluster?.bus ?? local;
  const report = (problem: string, error: unknown): void => log.warn({ err: error }, problem);
  const boards = await startBoards({ stores, workspaces, bus, elapsed: () => performance.now(), report });
  if (!cluster) return { bus, ...boards, ownership: inProcessOwnership(storedProcesses(stores, now), bus, processId), cluster, processes: undefined };
  const { role, workerSlots } = config;
  const facts = { role, host: hostname(), pid: process.pid, slots: role === 'web' ? 0 : workerSlots, versions: versions() };
  const processes = clusterProcesses({ store: stores, id: processId, facts, now, elapsed: () => performance.now() });
  const priorityOf: SharedParts['priorityOf'] = (run) => boards.queues.limitsOf(run).priority;
  const reads = readableRuns(stores, facts.versions);
  const ownership = sharedOwnership({ stores, workspaces, processes, bus, drivesNew: role === 'all', priorityOf, reads, now });
  return { bus, ...boards, ownership, cluster, processes };
}

async function joinCluster({ config: { redisUrl, role }, log, stores, secrets }: LinkParts, processId: string, local: Bus): Promise<Cluster | undefined> {
  if (redisUrl === undefined) return undefined;
  await assertSameKey(stores, secrets);
  const { openCluster } = await import('../cluster/cluster.ts');
  return openCluster({ redisUrl, stores, processId, log, local, isWeb: role !== 'worker' });
}

/** What is in force, in memory: kill switches and limits of workflows. */
async function startBoards(parts: KillBoardParts) {
  const boards = { kills: createKillBoard(parts), queues: createQueueBoard(parts) };
  await Promise.all([boards.kills.start(), boards.queues.start()]);
  return boards;
}

/** What this process can read: during an upgrade, others may be older or newer. */
function versions() {
  return { app: VERSION, event: EVENT_VERSION, nodes: nodesText(nodeTypes) };
}
