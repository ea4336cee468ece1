import { expect, test } from 'vitest';
import { onBothStores } from '../../test/kit/both-stores.ts';
import type { AcceptedRun, EnginePorts } from '../engine/ports.ts';
import { DEFAULT_WORKSPACE, type RunRecord, runs } from '../store/collections.ts';
import { childPorts } from './child-ports.ts';

const PARENT = { workspaceId: DEFAULT_WORKSPACE, runId: 'run_parent' } as AcceptedRun;
const unused = () => Promise.reject(new Error('not used'));
const reading = { loadRun: unused, readJournal: unused, load: unused, isReference: () => false } as unknown as EnginePorts;

/** A child of the parent run, which waits for it. */
const child = (id: string, more: object = {}): RunRecord =>
  ({
    id,
    workspaceId: DEFAULT_WORKSPACE,
    workflowId: 'wf',
    labels: {},
    status: 'running',
    createdAt: '2026-03-01',
    endedAt: null,
    statusToken: id,
    seq: 0,
    parent: { runId: PARENT.runId, stepId: 'child#1', waitId: `wait ${id}`, rootId: PARENT.runId, depth: 1 },
    parentRunId: PARENT.runId,
    untold: PARENT.runId,
    ...more,
  }) as RunRecord;

onBothStores('the open child runs of a run', (open) => {
  test('are all those that it waits for and that have not ended', async () => {
    await using opened = await open();
    const store = opened.store.in(DEFAULT_WORKSPACE);
    const { openChildren } = childPorts({ store: opened.store, workspaces: async () => [DEFAULT_WORKSPACE], startChild: unused, now: () => 0 }, reading);
    expect(await openChildren(PARENT)).toEqual([]);
    const waitedFor = Array.from({ length: 510 }, (_, at) => `run_${String(at).padStart(4, '0')}`);
    await Promise.all(waitedFor.map((id) => store.insert(runs, child(id))));
    await store.insert(runs, child('run_ended', { status: 'succeeded', endedAt: '2026-03-02' }));
    await store.insert(runs, child('run_told', { status: 'succeeded', endedAt: '2026-03-02', untold: null }));
    await store.insert(runs, child('run_apart', { untold: null }));
    await store.insert(runs, child('run_of_another', { parentRunId: 'run_other', untold: 'run_other' }));
    expect([...(await openChildren(PARENT))].sort()).toEqual(waitedFor);
  });
});
