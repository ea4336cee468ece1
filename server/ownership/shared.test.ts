import { expect, test } from 'vitest';
import { onBothStores } from '../../test/kit/both-stores.ts';
import { DEFAULT_WORKSPACE, type RunRecord, runs } from '../store/collections.ts';
import { clusterProcesses } from './cluster-processes.ts';
import { inProcessBus } from './in-process-bus.ts';
import { sharedOwnership } from './shared.ts';

const run = (id: string, more: Partial<RunRecord>): RunRecord =>
  ({
    id,
    workspaceId: DEFAULT_WORKSPACE,
    workflowId: 'wfl_1',
    labels: {},
    status: 'queued',
    createdAt: '2026-03-01',
    statusToken: id,
    seq: 0,
    ...more,
  }) as RunRecord;

onBothStores('a run that is given up before it ended', (open) => {
  test('is queued, unless a restore holds it', async () => {
    await using opened = await open();
    const here = opened.store.in(DEFAULT_WORKSPACE);
    await here.insert(runs, run('run_free', {}));
    await here.insert(runs, run('run_held', { heldSince: '2026-03-01' }));
    const now = () => new Date();
    const facts = { role: 'all' as const };
    const processes = clusterProcesses({ store: opened.store, id: 'a', facts, now, elapsed: () => performance.now() });
    const bus = inProcessBus(() => {});
    const ownership = sharedOwnership({
      stores: opened.store,
      workspaces: async () => [DEFAULT_WORKSPACE],
      processes,
      bus,
      drivesNew: true,
      priorityOf: () => 'high',
      reads: async () => true,
      now,
    });
    for (const id of ['run_free', 'run_held']) {
      expect(await ownership.claim(id)).toEqual({ kind: 'claimed' });
      await ownership.release(id);
    }
    expect(await here.get(runs, 'run_free')).toMatchObject({ owner: null, queue: expect.stringMatching(/^0\|.*\|run_free$/) });
    expect(await here.get(runs, 'run_held')).toMatchObject({ owner: null, queue: null });
  });
});
