import type { DatasetItem, Split } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { datasetItems, datasets, earlierItems } from '../../store/evaluation/dataset-collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { datasetOf } from './datasets.ts';
import { itemView } from './item-record.ts';
import { itemQuery } from './items.ts';

/* The versions of items that an experiment runs on: they stay readable whatever happens to the dataset (S80). */

/** The current version of each item, as `<item>:<version>`, oldest first. From now on, the items of the dataset are kept when they are deleted. */
export async function freezeItems(
  context: ServiceContext,
  datasetId: string,
  filter: { readonly split?: Split | undefined; readonly tag?: string | undefined } = {},
): Promise<{ readonly dataset: { readonly id: string; readonly name: string }; readonly itemVersions: readonly string[] }> {
  const { id, name } = await datasetOf(context, datasetId);
  // First, so that whatever is deleted later is kept.
  await context.store.update(datasets, id, { usedAt: timestamp(context) });
  const items = await findAll(context.store, datasetItems, { ...itemQuery(id, filter), fields: ['version', 'removedAt'] });
  return { dataset: { id, name }, itemVersions: items.filter(({ removedAt }) => removedAt === null).map((item) => `${item.id}:${item.version}`) };
}

/** A version of an item, also of a deleted one. Throws `not-found`. */
export async function readItemVersion(store: WorkspaceStore, itemVersion: string): Promise<DatasetItem> {
  const at = itemVersion.lastIndexOf(':');
  const current = await store.get(datasetItems, itemVersion.slice(0, at));
  const record = current && current.version === Number(itemVersion.slice(at + 1)) ? current : await store.get(earlierItems, itemVersion);
  if (record) return itemView(record);
  throw new AppError('not-found', 'This dataset item no longer exists.');
}
