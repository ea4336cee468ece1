import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { type Dataset, type DatasetDetails, MOST_DATASETS, MOST_ITEMS } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { type DatasetRecord, datasetItems, datasets } from '../../store/evaluation/dataset-collections.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';

/* Datasets, without their items (S80). */

const nameKeyOf = (name: string): string => name.trim().toLowerCase();

/** A dataset’s record. Throws `not-found`. */
export async function datasetOf({ store }: Pick<ServiceContext, 'store'>, id: string): Promise<DatasetRecord> {
  const record = await store.get(datasets, id);
  if (!record || record.deletedAt !== null) throw new AppError('not-found', 'Dataset not found. It may have been deleted.');
  return record;
}

export const countItems = (store: WorkspaceStore, datasetId: string): Promise<number> =>
  store.count(datasetItems, { where: { place: datasetId } }, 2 * MOST_ITEMS);

const viewOf = async (store: WorkspaceStore, { id, name, description, createdAt, updatedAt }: DatasetRecord): Promise<Dataset> => ({
  id,
  name,
  description,
  items: await countItems(store, id),
  createdAt,
  updatedAt,
});

export async function listDatasets({ store }: ServiceContext, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<Dataset>> {
  const page = await store.find(datasets, { order: { field: 'nameKey' }, limit, ...(cursor !== undefined && { cursor }) });
  const live = page.items.filter(({ deletedAt }) => deletedAt === null);
  return { ...page, items: await Promise.all(live.map((record) => viewOf(store, record))) };
}

/** Throws `already-exists` and `too-large`. */
export async function createDataset(context: ServiceContext, { name, description = '' }: BodyOf<typeof contracts.createDataset>): Promise<Dataset> {
  const { store, workspaceId, caller } = context;
  if ((await store.count(datasets, {}, MOST_DATASETS)) >= MOST_DATASETS)
    throw new AppError('too-large', `There are ${MOST_DATASETS} datasets, which is the limit. Delete one first.`);
  const at = timestamp(context);
  const record: DatasetRecord = {
    id: newId('dts', context.now()),
    workspaceId,
    name: name.trim(),
    nameKey: nameKeyOf(name),
    description,
    usedAt: null,
    deletedAt: null,
    revision: 1,
    createdAt: at,
    updatedAt: at,
    actor: actorOf(caller),
  };
  await namedOnce(name, () => store.insert(datasets, record));
  return viewOf(store, record);
}

/** The dataset with this name, if there is one. */
export async function datasetNamed({ store }: Pick<ServiceContext, 'store'>, name: string): Promise<DatasetRecord | undefined> {
  const { items } = await store.find(datasets, { where: { nameKey: nameKeyOf(name) }, limit: 1 });
  return items.find(({ deletedAt }) => deletedAt === null);
}

async function namedOnce<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    if (!isAppError(thrown, 'already-exists')) throw thrown;
    throw new AppError('already-exists', `A dataset named “${name}” already exists. Choose another name.`);
  }
}

/** More tags are not listed. */
const MOST_TAGS = 200;

export async function getDataset({ store }: ServiceContext, id: string): Promise<DatasetDetails> {
  const record = await datasetOf({ store }, id);
  const tags = new Set<string>();
  const counts = { tune: 0, gate: 0 };
  let cursor: string | null = null;
  do {
    const page: Page<{ id: string; workspaceId: string; tags: string[]; split: 'tune' | 'gate' }> = await store.find(datasetItems, {
      where: { place: id },
      fields: ['tags', 'split'],
      limit: 1_000,
      aside: true,
      ...(cursor !== null && { cursor }),
    });
    for (const item of page.items) {
      counts[item.split]++;
      for (const tag of item.tags) if (tags.size < MOST_TAGS) tags.add(tag);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { ...(await viewOf(store, record)), counts, tags: [...tags].sort((one, other) => one.localeCompare(other)) };
}

/** Changes a dataset by compare-and-set. Throws `revision-conflict`. */
async function changeDataset(context: ServiceContext, id: string, changes: Partial<DatasetRecord>): Promise<DatasetRecord> {
  const { name, revision } = await datasetOf(context, id);
  const changed = await context.store.update(datasets, id, { ...changes, revision: revision + 1, updatedAt: timestamp(context) }, { equal: { revision } });
  if (changed) return changed;
  throw new AppError('revision-conflict', `“${name}” was changed elsewhere at the same time. Try again.`);
}

export const updateDataset = (context: ServiceContext, id: string, { name, description }: BodyOf<typeof contracts.updateDataset>): Promise<Dataset> =>
  namedOnce(name ?? '', async () => {
    const changes = { ...(name !== undefined && { name: name.trim(), nameKey: nameKeyOf(name) }), ...(description !== undefined && { description }) };
    return viewOf(context.store, await changeDataset(context, id, changes));
  });

/** Deletes a dataset. Housekeeping deletes its items, unless an experiment used them. */
export async function deleteDataset(context: ServiceContext, id: string): Promise<{ deleted: true }> {
  await changeDataset(context, id, { deletedAt: timestamp(context), nameKey: id });
  return { deleted: true };
}
