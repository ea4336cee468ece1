import { DEFAULT_WORKSPACE, webhooks, workflows } from '@switchyard/server/store/collections.ts';
import { createPayloads } from '@switchyard/server/store/payloads.ts';
import { looseBlobs } from '@switchyard/server/store/pieces/piece-collections.ts';
import type { Store } from '@switchyard/server/store/port.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { deleteWorkflow, listWorkflows, undeleteWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { expect, test } from 'vitest';
import { reviewGraph } from '../kit/graph.ts';
import { begin, ended, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const LONG_AGO = '2020-01-01T00:00:00.000Z';
const LARGE = 'Refund me! '.repeat(10_000);

test('an old deleted workflow is purged, unused large values are freed, and a waiting run continues', async () => {
  await using folder = await temporaryDir();
  await using before = await startTestServer({ dataDir: folder.path });
  const id = await workflowOf(before, reviewGraph());
  const kept = await workflowOf(before, reviewGraph());
  const { id: runId } = await begin(before, id, LARGE);
  await whenRun(before, runId, 'waiting', ({ status }) => status === 'waiting');
  for (const workflow of [id, kept]) await before.call(deleteWorkflow, { params: { id: workflow } });
  await before.stop();

  const inStore = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openStoreOf(folder.path);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  const missings = await inStore(async (store) => {
    const workspace = store.in(DEFAULT_WORKSPACE);
    await workspace.update(workflows, id, { deletedAt: LONG_AGO });
    const reference = await createPayloads(store).offload(DEFAULT_WORKSPACE, { missings: LARGE });
    for (const loose of (await workspace.find(looseBlobs)).items) await workspace.update(looseBlobs, loose.id, { at: LONG_AGO });
    return isBlobRef(reference) ? reference.$blob : '';
  });

  await using after = await startTestServer({ dataDir: folder.path });
  // Startup jobs run in order, and this is the last one.
  await until('the workflow to be gone', async () => {
    const { items } = await after.call(listWorkflows, { query: { deleted: 'true' } });
    return items.length === 1 && items[0]?.id === kept;
  });
  expect(await after.refused(undeleteWorkflow, { params: { id } })).toMatchObject({ status: 404 });
  await after.call(undeleteWorkflow, { params: { id: kept } });
  const [task] = (await after.call(listReviews, { query: { runId } })).items;
  await after.call(decideReview, { params: { id: task?.id ?? '' }, body: { decision: 'approve', values: { text: LARGE } } });
  expect(await ended(after, runId)).toMatchObject({ status: 'succeeded', input: { bytes: expect.any(Number) }, output: { preview: LARGE.slice(0, 500) } });
  await after.stop();

  await inStore(async (store) => {
    expect(await store.in(DEFAULT_WORKSPACE).get(webhooks, id)).toBeUndefined();
    await expect(createPayloads(store).load(DEFAULT_WORKSPACE, missings)).rejects.toMatchObject({ code: 'not-found' });
  });
});
