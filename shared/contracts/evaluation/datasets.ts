import { z } from 'zod';
import { ITEM_SOURCES, SPLITS } from '../../evaluation/choices.ts';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';
import { runFilterFields } from '../runs.ts';

/*
 * Datasets: items to try workflows, prompts, and routes on (S80). An item is immutable. Changing it makes its next version.
 */

export const MOST_DATASETS = 500;
export const MOST_ITEMS = 10_000;
/** Of one item, as JSON. */
export const MOST_ITEM_BYTES = 100_000;
/** Items in one request. */
export const MOST_AT_ONCE = 500;

export type Split = (typeof SPLITS)[number];

/** Where an item comes from. */
export const itemSourceSchema = z.object({
  kind: z.enum(ITEM_SOURCES),
  runId: z.string().nullable(),
  workflowId: z.string().nullable(),
  correctionId: z.string().nullable(),
  /** Of a sample: its name. */
  name: z.string().nullable(),
});
export type ItemSource = z.infer<typeof itemSourceSchema>;

const tag = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^[^\n\r]+$/, 'must be one line');
export const itemTags = z.array(tag).max(20);

/** How reviews are decided when the item runs. */
const decision = z.strictObject({
  decision: z.string().min(1).max(100),
  values: z.record(z.string(), z.unknown()).optional(),
  comment: z.string().max(2_000).optional(),
});

/** What an item says. */
const content = {
  input: z.unknown(),
  /** Missing: nothing is expected. */
  expected: z.unknown().optional(),
  decision: decision.optional(),
  /** Outputs to use for nodes with effects, by node key (S82). */
  recorded: z.record(z.string().min(1).max(100), z.unknown()).optional(),
};

export const datasetItemSchema = z.object({
  id: z.string(),
  datasetId: z.string(),
  /** From 1. */
  version: z.number().int(),
  ...content,
  tags: z.array(z.string()),
  split: z.enum(SPLITS),
  source: itemSourceSchema,
  /** A person keeps it although the data of its run is removed, with this consent. */
  kept: z.object({ consent: z.string(), by: z.string(), at: moment }).nullable(),
  /** When its values were removed with those of its run (S66a). */
  removedAt: moment.nullable(),
  createdAt: moment,
  /** When this version was made, and by whom. */
  updatedAt: moment,
  by: z.string(),
});
export type DatasetItem = z.infer<typeof datasetItemSchema>;

const name = z.string().trim().min(1).max(100);
const description = z.string().trim().max(2_000);

export const datasetSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  items: z.number().int(),
  createdAt: moment,
  updatedAt: moment,
});
export type Dataset = z.infer<typeof datasetSchema>;

export const datasetDetailsSchema = datasetSchema.extend({
  counts: z.object({ tune: z.number().int(), gate: z.number().int() }),
  /** The tags of its items, sorted. */
  tags: z.array(z.string()),
});
export type DatasetDetails = z.infer<typeof datasetDetailsSchema>;

const tagged = 'Evaluation';
const itemParams = z.strictObject({ ...idParams.shape, item: z.string().min(1).max(100) });

export const listDatasets = contract({
  id: 'listDatasets',
  method: 'GET',
  path: '/api/datasets',
  scope: 'read',
  tag: tagged,
  summary: 'List datasets by name',
  query: z.strictObject(pageQuery),
  reply: pageOf(datasetSchema),
});
export const createDataset = contract({
  id: 'createDataset',
  method: 'POST',
  path: '/api/datasets',
  scope: 'edit',
  tag: tagged,
  summary: 'Create a dataset',
  body: z.strictObject({ name, description: description.default('') }),
  reply: datasetSchema,
  statuses: [201],
  errors: ['bad-request', 'already-exists', 'too-large'],
});
export const getDataset = contract({
  id: 'getDataset',
  method: 'GET',
  path: '/api/datasets/:id',
  scope: 'read',
  tag: tagged,
  summary: 'Get a dataset with the counts and tags of its items',
  params: idParams,
  reply: datasetDetailsSchema,
  errors: ['not-found'],
});
export const updateDataset = contract({
  id: 'updateDataset',
  method: 'PATCH',
  path: '/api/datasets/:id',
  scope: 'edit',
  tag: tagged,
  summary: 'Rename a dataset, or change its description',
  params: idParams,
  body: z.strictObject({ name: name.optional(), description: description.optional() }),
  reply: datasetSchema,
  errors: ['not-found', 'bad-request', 'already-exists', 'revision-conflict'],
});
export const deleteDataset = contract({
  id: 'deleteDataset',
  method: 'DELETE',
  path: '/api/datasets/:id',
  scope: 'edit',
  tag: tagged,
  summary: 'Delete a dataset; experiments that used its items can still read them',
  params: idParams,
  reply: z.object({ deleted: z.literal(true) }),
  errors: ['not-found', 'revision-conflict'],
});

export const listDatasetItems = contract({
  id: 'listDatasetItems',
  method: 'GET',
  path: '/api/datasets/:id/items',
  scope: 'read',
  tag: tagged,
  summary: 'List the items of a dataset in their current versions, oldest first',
  params: idParams,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: pageQuery.cursor,
    split: z.enum(SPLITS).optional(),
    tag: tag.optional(),
    source: z.enum(ITEM_SOURCES).optional(),
    /** Text in the input or the expected value. */
    search: z.string().max(200).optional(),
  }),
  reply: pageOf(datasetItemSchema),
  errors: ['not-found', 'bad-request'],
});

const newItem = z.strictObject({ ...content, tags: itemTags.default([]) });
export type NewItem = z.output<typeof newItem>;

export const addDatasetItem = contract({
  id: 'addDatasetItem',
  method: 'POST',
  path: '/api/datasets/:id/items',
  scope: 'edit',
  tag: tagged,
  summary: 'Add an item',
  params: idParams,
  body: newItem,
  reply: datasetItemSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'too-large'],
});

/** How many items were added. */
const addedSchema = z.object({
  added: z.number().int(),
  /** Items already in the dataset. */
  known: z.number().int(),
  /** Entries that can’t be items, with their place in the request or the ID of their run. At most 50. */
  problems: z.array(z.object({ place: z.string(), message: z.string() })),
});
export type Added = z.infer<typeof addedSchema>;

export const importDatasetItems = contract({
  id: 'importDatasetItems',
  method: 'POST',
  path: '/api/datasets/:id/items/import',
  scope: 'edit',
  tag: tagged,
  summary: 'Import items from a file; items already imported with the same input and expected value are skipped, so an import can be repeated',
  params: idParams,
  body: z.strictObject({
    items: z
      .array(newItem.extend({ line: z.number().int().min(1).optional() }))
      .min(1)
      .max(MOST_AT_ONCE),
  }),
  reply: addedSchema,
  errors: ['not-found', 'bad-request', 'too-large'],
});

export const addItemsFromRun = contract({
  id: 'addItemsFromRun',
  method: 'POST',
  path: '/api/datasets/:id/items/from-run',
  scope: 'edit',
  tag: tagged,
  summary: 'Add a run, or a sample of filtered runs; each run is added only once',
  params: idParams,
  body: z
    .strictObject({
      /** One run. */
      runId: z.string().min(1).max(100).optional(),
      /** Runs that ended and match every filter: the newest, or chosen at random from the newest 5,000. */
      runs: z
        .strictObject({
          ...runFilterFields,
          parent: z.never().optional(),
          count: z.number().int().min(1).max(MOST_AT_ONCE),
          sample: z.enum(['newest', 'random']).default('newest'),
        })
        .optional(),
      /** Whether the output of a run that succeeded becomes the expected value. */
      expected: z.enum(['output', 'none']).default('output'),
      tags: itemTags.default([]),
    })
    .refine(({ runId, runs }) => (runId === undefined) !== (runs === undefined), 'must have either runId or runs'),
  /** The item for `runId`, else counts. */
  reply: z.union([datasetItemSchema, addedSchema]),
  statuses: [201],
  errors: ['not-found', 'bad-request', 'too-large', 'payload-removed', 'already-exists'],
});

export const addItemsFromSamples = contract({
  id: 'addItemsFromSamples',
  method: 'POST',
  path: '/api/datasets/:id/items/from-samples',
  scope: 'edit',
  tag: tagged,
  summary: 'Add the sample inputs of a workflow’s draft, with their expected outputs and decisions',
  params: idParams,
  body: z.strictObject({ workflowId: z.string().min(1).max(100), tags: itemTags.default([]) }),
  reply: addedSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'too-large'],
});

export const getDatasetItem = contract({
  id: 'getDatasetItem',
  method: 'GET',
  path: '/api/datasets/:id/items/:item',
  scope: 'read',
  tag: tagged,
  summary: 'Get an item in its current or an earlier version',
  params: itemParams,
  query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
  reply: datasetItemSchema,
  errors: ['not-found'],
});
export const updateDatasetItem = contract({
  id: 'updateDatasetItem',
  method: 'PATCH',
  path: '/api/datasets/:id/items/:item',
  scope: 'edit',
  tag: tagged,
  summary: 'Update an item, creating its next version; null removes expected, decision, or recorded',
  params: itemParams,
  body: z.strictObject({
    /** The version that was edited. Defaults to the current one. */
    version: z.number().int().min(1).optional(),
    input: z.unknown().optional(),
    expected: z.unknown().optional(),
    /** Removes the expected value. `expected: null` expects null. */
    noExpected: z.literal(true).optional(),
    decision: decision.nullable().optional(),
    recorded: content.recorded.unwrap().nullable().optional(),
    tags: itemTags.optional(),
    /** Keeps the item when the data of its run is removed. The text says who consented. Null: no longer. */
    keep: z
      .strictObject({ consent: z.string().trim().min(1).max(500) })
      .nullable()
      .optional(),
  }),
  reply: datasetItemSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict', 'payload-removed', 'too-large'],
});
export const deleteDatasetItem = contract({
  id: 'deleteDatasetItem',
  method: 'DELETE',
  path: '/api/datasets/:id/items/:item',
  scope: 'edit',
  tag: tagged,
  summary: 'Delete an item; experiments that used it can still read it',
  params: itemParams,
  reply: z.object({ deleted: z.literal(true) }),
  errors: ['not-found'],
});

export const exportDataset = contract({
  id: 'exportDataset',
  method: 'GET',
  path: '/api/datasets/:id/export',
  scope: 'read',
  tag: tagged,
  summary: 'Export items as JSONL; `format=chat` exports corrections in the `tune` split for fine-tuning',
  params: idParams,
  query: z
    .strictObject({
      format: z.enum(['items', 'chat']).default('items'),
      split: z.enum(SPLITS).optional(),
      tag: tag.optional(),
      /** For `format=chat`: the people whose data it has agreed to training. */
      consent: z.enum(['true', 'false']).optional(),
    })
    .refine(({ format, split }) => format !== 'chat' || split !== 'gate', { path: ['split'], message: 'can’t be gate: it is only for judging' })
    .refine(({ format, consent }) => format !== 'chat' || consent === 'true', {
      path: ['consent'],
      message: 'must be true: confirm that the people in this data consented to training',
    }),
  reply: z.unknown(),
  textTypes: ['application/jsonl'],
  errors: ['not-found', 'bad-request'],
});
