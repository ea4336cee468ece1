import type * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { type DatasetItem, type ItemSource, MOST_ITEMS, type NewItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import type { z } from 'zod';
import { type DatasetItemRecord, datasetItems, type EarlierItemRecord, earlierItems } from '../../store/evaluation/dataset-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { CellCondition, Page, Query, WorkspaceStore } from '../../store/port.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { countItems, datasetOf } from './datasets.ts';
import { BY_HAND, cellsOf, checkedContent, itemView, newItemRecord, uniqueTags } from './item-record.ts';
import { removedVersion } from './removed-items.ts';

/*
 * Items of datasets (S80). Owns their versions. The record of an item has its current version. Invariants: 1. An earlier version is copied
 * before the record changes, so every version that was ever current can be read. 2. The record changes by compare-and-set on its version.
 */

type Edit = z.output<(typeof contracts.updateDatasetItem)['body']>;
type Filter = z.output<(typeof contracts.listDatasetItems)['query']>;

export async function listItems(context: ServiceContext, datasetId: string, { limit, cursor, ...filter }: Filter): Promise<Page<DatasetItem>> {
  await datasetOf(context, datasetId);
  const page = await context.store.find(datasetItems, { ...itemQuery(datasetId, filter), limit, ...(cursor !== undefined && { cursor }) });
  return { ...page, items: page.items.map(itemView) };
}

/** The items of a dataset that match, oldest first. */
export function itemQuery(datasetId: string, { split, tag, source, search }: Omit<Filter, 'limit' | 'cursor'>): Query {
  const conditions: CellCondition[] = [
    ...(split ? [{ cell: 'split', is: 'equal', value: split } as const] : []),
    ...(source ? [{ cell: 'source', is: 'equal', value: source } as const] : []),
    ...(tag ? [{ cell: 'tags', is: 'contains', value: `\n${tag}\n` } as const] : []),
    ...(search?.trim() ? [{ cell: 'text', is: 'contains', value: search.trim() } as const] : []),
  ];
  return {
    where: { place: datasetId },
    ...(conditions.length > 0 && { cells: { match: 'all' as const, conditions } }),
    order: { field: 'createdAt' },
    aside: true,
  };
}

/** Throws `too-large` unless the dataset has room for more items. */
export async function demandRoom(store: WorkspaceStore, datasetId: string, more: number): Promise<void> {
  const count = await countItems(store, datasetId);
  if (count + more > MOST_ITEMS)
    throw new AppError('too-large', `The dataset has ${count.toLocaleString('en-US')} items. It can have ${MOST_ITEMS.toLocaleString('en-US')}.`);
}

/** Adds an item. With a source key, throws `already-exists` if the dataset has one of that source. */
export async function addItem(
  context: ServiceContext,
  datasetId: string,
  item: NewItem,
  { source = BY_HAND, sourceKey = null, splitKey }: { readonly source?: ItemSource; readonly sourceKey?: string | null; readonly splitKey?: string } = {},
): Promise<DatasetItem> {
  await datasetOf(context, datasetId);
  await demandRoom(context.store, datasetId, 1);
  const record = newItemRecord(context, { datasetId, source, sourceKey, splitKey }, item);
  await context.store.insert(datasetItems, record).catch((thrown: unknown) => {
    throw isAppError(thrown, 'already-exists') ? new AppError('already-exists', 'The dataset already has an item from this source.') : thrown;
  });
  return itemView(record);
}

async function currentItem({ store }: Pick<ServiceContext, 'store'>, datasetId: string, id: string): Promise<DatasetItemRecord> {
  const record = await store.get(datasetItems, id);
  if (record && record.datasetId === datasetId && record.deletedAt === null) return record;
  throw new AppError('not-found', 'Item not found. It may have been deleted from its dataset.');
}

/** A version of an item, also of a deleted one. Throws `not-found`. */
export async function getItem({ store }: Pick<ServiceContext, 'store'>, datasetId: string, id: string, version?: number): Promise<DatasetItem> {
  const current = await store.get(datasetItems, id);
  const isCurrent = version === undefined || current?.version === version;
  const record = isCurrent ? current : await store.get(earlierItems, `${id}:${version}`);
  if (record && record.datasetId === datasetId && (version !== undefined || current?.deletedAt === null)) return itemView(record);
  throw new AppError('not-found', version === undefined ? 'Item not found. It may have been deleted from its dataset.' : `The item has no version ${version}.`);
}

/** Makes the next version of an item. Throws `revision-conflict` if it was changed since `edit.version`. */
export async function updateItem(context: ServiceContext, datasetId: string, id: string, edit: Edit): Promise<DatasetItem> {
  await datasetOf(context, datasetId);
  const current = await currentItem(context, datasetId, id);
  if (edit.version !== undefined && edit.version !== current.version) throw changedElsewhere();
  if (current.removedAt !== null) throw new AppError('payload-removed', 'The values of this item were removed with its run’s data.');
  const next = nextVersion(context, current, edit);
  const { store } = context;
  const earlier = earlierOf(current);
  await insertIfAbsent(store, earlierItems, earlier);
  const changed = await store.update(datasetItems, id, next, { equal: { version: current.version, removedAt: null, deletedAt: null } });
  if (changed) return itemView(changed);
  // Its values may have been removed after they were read above.
  const now = await store.get(datasetItems, id);
  if (now && now.removedAt !== null) await store.update(earlierItems, earlier.id, removedVersion(earlier, now.removedAt));
  throw changedElsewhere();
}

const changedElsewhere = (): AppError =>
  new AppError('revision-conflict', 'This item was changed or deleted elsewhere. Reload it, then make your change again.');

function nextVersion(context: ServiceContext, current: DatasetItemRecord, edit: Edit): Partial<DatasetItemRecord> {
  const pick = <T>(given: T | null | undefined, was: T | undefined): T | undefined => (given === undefined ? was : (given ?? undefined));
  const content = checkedContent({
    input: edit.input === undefined ? current.input : edit.input,
    expected: edit.noExpected ? undefined : edit.expected === undefined ? current.expected : edit.expected,
    decision: pick(edit.decision, current.decision),
    recorded: pick(edit.recorded, current.recorded),
  });
  const tags = edit.tags ? uniqueTags(edit.tags) : current.tags;
  const at = timestamp(context);
  const { name: by } = context.caller;
  const kept = edit.keep ? { consent: edit.keep.consent, by, at } : edit.keep === null ? null : current.kept;
  const unset = { expected: undefined, decision: undefined, recorded: undefined };
  const { split, source } = current;
  return { ...unset, ...content, tags, kept, version: current.version + 1, updatedAt: at, by, cells: cellsOf({ ...content, tags, split, source }) };
}

function earlierOf({ place: _place, sourceKey: _key, deletedAt: _deleted, cells: _cells, ...version }: DatasetItemRecord): EarlierItemRecord {
  return { ...version, id: `${version.id}:${version.version}`, itemId: version.id };
}

/** Deletes an item from its dataset. All its versions stay readable to experiments. */
export async function deleteItem(context: ServiceContext, datasetId: string, id: string): Promise<{ deleted: true }> {
  await currentItem(context, datasetId, id);
  await context.store.update(datasetItems, id, { place: null, sourceKey: null, deletedAt: timestamp(context) }, { equal: { place: datasetId } });
  return { deleted: true };
}
