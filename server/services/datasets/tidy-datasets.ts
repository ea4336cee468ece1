import { datasetItems, datasets, earlierItems } from '../../store/evaluation/dataset-collections.ts';
import { judgments } from '../../store/evaluation/rubric-collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/* Deletes what was deleted from datasets, once no experiment can need it. */

/** An experiment that starts meanwhile marks the dataset as used long before. */
const KEPT_MS = 86_400_000;
const PAGE = 200;

export async function tidyDatasets(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = new Date(now.getTime() - KEPT_MS).toISOString();
  const all = await findAll(store, datasets);
  const unused = new Set(all.filter(({ usedAt }) => usedAt === null).map(({ id }) => id));
  for (const dataset of all) {
    if (dataset.deletedAt === null || dataset.deletedAt > to || !unused.has(dataset.id)) continue;
    if (await emptied(store, dataset.id, stop)) await store.delete(datasets, dataset.id, { equal: { usedAt: null } });
  }
  let cursor: string | null = null;
  do {
    const page: { items: { id: string; datasetId: string }[]; nextCursor: string | null } = await store.find(datasetItems, {
      range: { field: 'deletedAt', from: '0', to },
      order: { field: 'deletedAt' },
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    for (const { id, datasetId } of page.items) {
      if (stop.aborted) return;
      if (unused.has(datasetId)) await deleteItemWhole(store, id);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** Deletes the items of a dataset. False if it was stopped. */
async function emptied(store: WorkspaceStore, datasetId: string, stop: AbortSignal): Promise<boolean> {
  for (;;) {
    const { items } = await store.find(datasetItems, { where: { place: datasetId }, limit: PAGE });
    if (items.length === 0) return true;
    for (const { id } of items) {
      if (stop.aborted) return false;
      await deleteItemWhole(store, id);
    }
  }
}

/** Deletes an item. Its earlier versions and judgments go first. */
async function deleteItemWhole(store: WorkspaceStore, id: string): Promise<void> {
  for (const version of await findAll(store, earlierItems, { where: { itemId: id }, fields: ['itemId'] })) await store.delete(earlierItems, version.id);
  for (const judgment of await findAll(store, judgments, { where: { itemId: id }, fields: ['itemId'] })) await store.delete(judgments, judgment.id);
  await store.delete(datasetItems, id);
}
