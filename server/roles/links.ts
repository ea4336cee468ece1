import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { EVIDENCE_VERSION, nodesText } from '@switchyard/shared/run/build-versions.ts';
import { EVENT_VERSION } from '@switchyard/shared/run/event-versions.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Config } from '../config.ts';
import type { Bus } from '../engine/bus.ts';
import type { Log } from '../log.ts';
import { type ClusterProcesses, clusterProcesses } from '../ownership/cluster-processes.ts';
import { inProcessOwnership } from '../ownership/in-process.ts';
import { inProcessBus } from '../ownership/in-process-bus.ts';
import { storedProcesses } from '../ownership/process-records.ts';
import { readableRuns } from '../ownership/readable-runs.ts';
import { type SharedParts, sharedOwnership } from '../ownership/shared.ts';
import { assertSameKey } from '../secrets/same-key.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { createKillBoard, type KillBoardParts } from '../services/kill-switches/kill-board.ts';
import { createQueueBoard } from '../services/queue/queue-board.ts';
import { createWatchBoard } from '../services/triggers/ended/watch-board.ts';
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

/** How this process works with others: the bus, what is in force, and which runs it drives. Without REDIS_URL, no Redis code is loaded. */
export async function openLinks(parts: LinkParts) {
  const { config, log, stores, now } = parts;
  const processId = randomUUID();
  const local = inProcessBus((error) => log.error({ err: error }, 'Bus subscriber failed'));
  const elapsed = (): number => performance.now();
  const report = (problem: string, error: unknown): void => log.warn({ err: error }, problem);
  const { redisUrl, role, workerSlots } = config;
  if (redisUrl === undefined) {
    const boards = await startBoards({ stores, workspaces, bus: local, elapsed, report });
    const ownership = inProcessOwnership(storedProcesses(stores, now), local, processId);
    return { bus: local, ...boards, ownership, cluster: undefined, processes: undefined };
  }
  const facts = { role, host: hostname(), pid: process.pid, slots: role === 'web' ? 0 : workerSlots, versions: versions() };
  const processes = clusterProcesses({ store: stores, id: processId, facts, now, elapsed });
  const cluster = await joinCluster(parts, redisUrl, processes, local);
  const { bus } = cluster;
  // A control used after this look is reported by a later one.
  await processes.look();
  const boards = await startBoards({ stores, workspaces, bus, elapsed, report, controls: processes });
  const priorityOf: SharedParts['priorityOf'] = (run) => boards.queues.limitsOf(run).priority;
  const reads = readableRuns({ stores, versions: facts.versions, processes });
  const ownership = sharedOwnership({ stores, workspaces, processes, bus, drivesNew: role === 'all', priorityOf, reads, now });
  return { bus, ...boards, ownership, cluster, processes };
}

async function joinCluster({ config: { role }, log, stores, secrets }: LinkParts, redisUrl: string, processes: ClusterProcesses, local: Bus): Promise<Cluster> {
  await assertSameKey(stores, secrets);
  const { openCluster } = await import('../cluster/cluster.ts');
  return openCluster({ redisUrl, stores, processes, log, local, isWeb: role !== 'worker' });
}

/** What is in force, in memory: kill switches, limits of workflows, and which runs triggers watch. */
async function startBoards(parts: KillBoardParts) {
  const boards = { kills: createKillBoard(parts), queues: createQueueBoard(parts), watched: createWatchBoard(parts) };
  await Promise.all([boards.kills.start(), boards.queues.start(), boards.watched.start()]);
  return boards;
}

/** What this process can read: during an upgrade, others may be older or newer. */
function versions() {
  return { app: VERSION, event: EVENT_VERSION, nodes: nodesText(nodeTypes), evidence: EVIDENCE_VERSION };
}
