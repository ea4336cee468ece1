import { AppError } from '@switchyard/shared/errors.ts';
import { expect, test } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import { DEFAULT_WORKSPACE, type RunRecord, runs } from '../../store/collections.ts';
import { createQueueRoom } from './queue-room.ts';

const LIMIT = 60;
const PROCESSES = 3;
const workflow = { workspaceId: DEFAULT_WORKSPACE, workflowId: 'wf' };
const queued = (id: string): RunRecord =>
  ({
    id,
    ...workflow,
    labels: {},
    status: 'queued',
    createdAt: '2026-03-01',
    statusToken: id,
    seq: 0,
    queue: `1|wf||2026-03-01|${id}`,
  }) as RunRecord;

onBothStores('the queue of a workflow', (open) => {
  test('takes at most its limit from each process that admits runs at once, and then none', async () => {
    await using opened = await open();
    const store = opened.store.in(DEFAULT_WORKSPACE);
    let elapsed = 0;
    const rooms = Array.from({ length: PROCESSES }, () => createQueueRoom(() => elapsed));
    const admitted: string[] = [];
    const admit = async (room: (typeof rooms)[number], id: string): Promise<void> => {
      try {
        const settled = await room.admit(store, workflow, { concurrency: null, priority: 'normal', queueLimit: LIMIT });
        await store.insert(runs, queued(id));
        settled();
        admitted.push(id);
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
      }
    };
    await Promise.all(rooms.flatMap((room, process) => Array.from({ length: LIMIT }, (_, index) => admit(room, `run_${process}_${index}`))));
    // Each process counts the runs of the others once a second.
    expect(admitted.length).toBeGreaterThanOrEqual(LIMIT);
    expect(admitted.length).toBeLessThanOrEqual(PROCESSES * LIMIT);
    elapsed += 1_001;
    const before = admitted.length;
    await Promise.all(rooms.map((room, process) => admit(room, `later_${process}`)));
    expect(admitted).toHaveLength(before);
  });
});
