import { queuePorts } from '@switchyard/server/engine-adapter/queue-ports.ts';
import { clusterProcesses } from '@switchyard/server/ownership/cluster-processes.ts';
import { inProcessBus } from '@switchyard/server/ownership/in-process-bus.ts';
import { readableRuns } from '@switchyard/server/ownership/readable-runs.ts';
import { sharedOwnership } from '@switchyard/server/ownership/shared.ts';
import { NO_LIMITS } from '@switchyard/server/services/queue/queue-board.ts';
import { DEFAULT_WORKSPACE, type GraphRecord, graphs, processes as processRecords, type RunRecord, runs } from '@switchyard/server/store/collections.ts';
import type { Store } from '@switchyard/server/store/port.ts';
import { INSTALLATION } from '@switchyard/server/store/workspaces.ts';
import { expect, it } from 'vitest';
import { onBothStores } from '../kit/both-stores.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';

/* Which runs a process of an older version leaves to newer ones (S41). */

const QUEUE = '1|wf||2026-01-01T00:00:00.000Z|run';
const RUN = { id: 'run', workspaceId: DEFAULT_WORKSPACE, workflowId: 'wf', labels: {}, statusToken: 'token', createdAt: '2026-01-01T00:00:00.000Z' };

/** A process that knows events of version 2, and these node types. */
function olderOn(store: Store) {
  const processes = clusterProcesses({ store, id: 'older', facts: { role: 'worker' }, now: () => new Date(), elapsed: () => 0 });
  const workspaces = async () => [DEFAULT_WORKSPACE];
  const reads = readableRuns({ stores: store, versions: { event: 2, nodes: 'input@1 output@1 transform@2' }, processes });
  const bus = inProcessBus(() => {});
  const ownership = sharedOwnership({ stores: store, workspaces, processes, bus, drivesNew: false, priorityOf: () => 'normal', reads, now: () => new Date() });
  const queue = queuePorts({ store, workspaces, ownership, queues: { limitsOf: () => NO_LIMITS }, kills: { isHeld: () => false } });
  return { ...ownership, queue };
}

async function inserted(store: Store, hash: string, [type, typeVersion]: readonly [string, number], more: object): Promise<RunRecord> {
  const here = store.in(DEFAULT_WORKSPACE);
  const graph = graphOf([messageInput(), node(type, 'step', {}, { typeVersion })], [edge('start', 'step')]);
  await here.insert(graphs, { id: hash, workspaceId: DEFAULT_WORKSPACE, graph } as unknown as GraphRecord);
  const record = { ...RUN, graphHash: hash, ...more } as RunRecord;
  await here.insert(runs, record);
  return record;
}

const NEWER: readonly (readonly [string, number])[] = [
  ['reshape', 1],
  ['transform', 3],
];

onBothStores('a process of an older version', (open) => {
  it.each(NEWER)('does not claim a queued run with node type %s in version %i', async (type, version) => {
    await using opened = await open();
    const older = olderOn(opened.store);
    await older.enter([]);
    const record = await inserted(opened.store, `${type}@${version}`, [type, version], { status: 'queued', seq: 0, queue: QUEUE });
    expect(await older.queue.find('run')).toBe('unreadable');
    expect(await older.queue.claim(DEFAULT_WORKSPACE, QUEUE)).toBe('unreadable');
    expect(await older.claim('run')).toEqual({ kind: 'unreadable' });
    expect(await opened.store.in(DEFAULT_WORKSPACE).get(runs, 'run')).toEqual(record);
  });

  it('does not claim a run whose last events are newer, and leaves it to its dead owner, so its crash is counted later', async () => {
    await using opened = await open();
    const older = olderOn(opened.store);
    await older.enter([]);
    const here = opened.store.in(DEFAULT_WORKSPACE);
    const dead = { id: 'newer', workspaceId: INSTALLATION, startedAt: '2026-01-01', marked: 'run' };
    await opened.store.in(INSTALLATION).insert(processRecords, dead);
    const record = await inserted(opened.store, 'known', ['output', 1], { status: 'running', seq: 1, owner: 'gone', ownerEpoch: 3 });
    const event = { type: 'step-skipped', at: '2026-01-01T00:00:00.000Z', stepId: 'step#1', nodeKey: 'step', nodeType: 'output', round: 1 } as const;
    await here.append({ runId: 'run', seq: 1, epoch: 1, v: 2, events: [event] });
    await here.append({ runId: 'run', seq: 2, epoch: 2, v: 3, events: [event] });
    expect(await older.claim('run')).toEqual({ kind: 'unreadable' });
    expect(await here.get(runs, 'run')).toEqual(record);
  });

  it('does not claim a rerun that starts with steps of a run with newer events', async () => {
    await using opened = await open();
    const older = olderOn(opened.store);
    await older.enter([]);
    const here = opened.store.in(DEFAULT_WORKSPACE);
    await inserted(opened.store, 'rerun', ['output', 1], { status: 'queued', seq: 0, queue: QUEUE, rerunOf: 'earlier', rerunFrom: 'step#1' });
    await here.insert(runs, { ...RUN, id: 'earlier', statusToken: 'earlier', graphHash: 'rerun', status: 'succeeded', seq: 1 } as RunRecord);
    await here.append({ runId: 'earlier', seq: 1, epoch: 1, v: 3, events: [{ type: 'run-finished', at: '2026-01-01T00:00:00.000Z', status: 'succeeded' }] });
    expect(await older.queue.claim(DEFAULT_WORKSPACE, QUEUE)).toBe('unreadable');
  });

  it('claims runs that it can read', async () => {
    await using opened = await open();
    const older = olderOn(opened.store);
    await older.enter([]);
    await inserted(opened.store, 'old', ['transform', 1], { status: 'queued', seq: 0, queue: QUEUE });
    expect(await older.queue.find('run')).toBe('queued');
    expect(await older.queue.claim(DEFAULT_WORKSPACE, QUEUE)).toBe('claimed');
  });
});
