import { datasetItemSchema } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

/** A dataset (S80). Its items are in `dataset_items`. */
const datasetRecord = z.object({
  ...base,
  name: z.string(),
  /** The name in lowercase, which is unique. The ID once it is deleted, so the name is free. */
  nameKey: z.string(),
  description: z.string(),
  /** When an experiment last took its items. Null: never, so what is deleted is not needed anymore. */
  usedAt: z.string().nullable(),
  deletedAt: z.string().nullable(),
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  actor,
});
export type DatasetRecord = z.infer<typeof datasetRecord>;
export const datasets = declare<DatasetRecord>({
  name: 'datasets',
  schema: datasetRecord,
  indexes: [{ name: 'name', fields: ['nameKey'], unique: true }],
});

const { id: _id, source, ...itemFields } = datasetItemSchema.shape;

/** The content of one version of an item, which never changes except that its values may be removed (S66a). */
const versionFields = {
  ...base,
  ...itemFields,
  source,
  /** The run whose data it copies, and whose removal it follows. */
  runId: z.string().nullable(),
};

/** An item in its current version. */
const datasetItemRecord = z.object({
  ...versionFields,
  /** The dataset that lists it. Null once it is deleted. */
  place: z.string().nullable(),
  /** Identifies its source in the dataset, which has each only once. Null for items made by hand, and deleted ones. */
  sourceKey: z.string().nullable(),
  deletedAt: z.string().nullable(),
  /** For filters. `tags`: each between line breaks. `text`: the beginning of input and expected value. */
  cells: z.object({ tags: z.string(), text: z.string(), split: z.string(), source: z.string() }),
});
export type DatasetItemRecord = z.infer<typeof datasetItemRecord>;
export const datasetItems = declare<DatasetItemRecord>({
  name: 'dataset_items',
  schema: datasetItemRecord,
  indexes: [
    { name: 'by_dataset', fields: ['place', 'createdAt'], whereSet: 'place' },
    { name: 'source', fields: ['sourceKey'], unique: true, whereSet: 'sourceKey' },
    { name: 'by_run', fields: ['runId'], whereSet: 'runId' },
    { name: 'deleted', fields: ['deletedAt'], whereSet: 'deletedAt' },
  ],
  hasCells: true,
});

/** An earlier version of an item. Its ID is `<item>:<version>`. */
const earlierItemRecord = z.object({ ...versionFields, itemId: z.string() });
export type EarlierItemRecord = z.infer<typeof earlierItemRecord>;
export const earlierItems = declare<EarlierItemRecord>({
  name: 'dataset_item_versions',
  schema: earlierItemRecord,
  indexes: [
    { name: 'by_item', fields: ['itemId'] },
    { name: 'by_run', fields: ['runId'], whereSet: 'runId' },
  ],
});

export const datasetCollections = [datasets, datasetItems, earlierItems];
