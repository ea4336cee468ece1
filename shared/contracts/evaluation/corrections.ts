import { z } from 'zod';
import { CAUSE_GROUPS, CAUSES } from '../../evaluation/choices.ts';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';
import { datasetItemSchema, itemTags } from './datasets.ts';

export type Cause = (typeof CAUSES)[number];

export type CauseGroup = (typeof CAUSE_GROUPS)[number];

/** Why a rule holds, or why none does. */
export const CAUSE_GROUNDS = [
  'chosen',
  'label',
  'branch',
  'repair',
  'format',
  'check',
  'fallback',
  'cut',
  'refused',
  'new-facts',
  'wording',
  'no-step',
  'several-steps',
  'no-model',
  'not-examined',
] as const;

export const likelyCauseSchema = z.object({
  cause: z.enum(CAUSES).nullable(),
  /** The number of the rule of S85. Null if none holds. */
  rule: z.number().int().min(1).max(6).nullable(),
  ground: z.enum(CAUSE_GROUNDS),
  /** What the rule found: the added facts, the models of a fallback, the two labels. Empty once the run’s data is removed. */
  evidence: z.array(z.string()),
});
export type LikelyCause = z.infer<typeof likelyCauseSchema>;

/** What made a draft. */
export const draftSourceSchema = z.object({
  stepId: z.string(),
  nodeKey: z.string(),
  nodeTitle: z.string(),
  /** The prompt of the registry. Null if the node has its own text, or calls no model. */
  prompt: z.object({ name: z.string(), version: z.number(), label: z.string().optional(), variant: z.string().optional() }).nullable(),
  route: z.string().nullable(),
  routeVersion: z.number().nullable(),
  /** The target that answered, as `<connection>/<model>`. Null without a model call. */
  target: z.string().nullable(),
  /** Another target was asked first, and failed. */
  fellBack: z.boolean(),
  latencyMs: z.number().nullable(),
  costMicros: z.number().nullable(),
});
export type DraftSource = z.infer<typeof draftSourceSchema>;

export const correctionSchema = z.object({
  id: z.string(),
  reviewId: z.string(),
  reviewTitle: z.string(),
  runId: z.string(),
  workflowId: z.string(),
  version: z.union([z.literal('draft'), z.number()]).nullable(),
  stepId: z.string(),
  /** The changed field. Corrections of earlier versions can have several. */
  changes: z.array(
    z.object({
      field: z.string(),
      label: z.string().optional(),
      /** The type of the field. Missing in corrections of the first versions. */
      kind: z.enum(['text', 'long-text', 'number', 'boolean', 'choice', 'json']).optional(),
      unit: z.string().optional(),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
  reasons: z.array(z.string()),
  comment: z.string(),
  decision: z.string(),
  /** The decision is the first one of the review, which is the proposed one. */
  asProposed: z.boolean(),
  reviewer: z.string(),
  at: moment,
  madeBy: draftSourceSchema.nullable(),
  likely: likelyCauseSchema,
  /** The cause that a person confirmed or chose. It counts instead of the likely one. */
  confirmed: z.object({ cause: z.enum(CAUSES), by: z.string(), at: moment }).nullable(),
});
export type Correction = z.infer<typeof correctionSchema>;

const tag = 'Corrections';
const range = { from: moment.optional(), to: moment.optional() };
const confirmedQuery = z.enum(['true', 'false']).transform((value) => value === 'true');

export const listCorrections = contract({
  id: 'listCorrections',
  method: 'GET',
  path: '/api/corrections',
  scope: 'read',
  tag,
  summary: 'List corrections by reviewers, newest first, one per changed field',
  query: z.strictObject({
    ...pageQuery,
    workflowId: z.string().max(100).optional(),
    runId: z.string().max(100).optional(),
    /** The confirmed cause, else the likely one. */
    cause: z.enum(CAUSE_GROUPS).optional(),
    confirmed: confirmedQuery.optional(),
    ...range,
  }),
  reply: pageOf(correctionSchema),
  errors: ['bad-request'],
});

export const exportCorrections = contract({
  id: 'exportCorrections',
  method: 'GET',
  path: '/api/corrections/tuning',
  scope: 'read',
  tag,
  summary: 'Export corrections for fine-tuning as JSONL (chat format): the run’s input with the corrected answer. Only runs on the side `tune` of the split',
  query: z.strictObject({
    workflowId: z.string().max(100).optional(),
    cause: z.enum(CAUSE_GROUPS).optional(),
    /** The people in the data consented to training. */
    consent: z.literal('true', 'must be true: confirm that the people in this data consented to training'),
    ...range,
  }),
  reply: z.unknown(),
  textTypes: ['application/jsonl'],
  errors: ['bad-request'],
});

/** How many decided reviews used something, and in how many the reviewer changed what it made. */
const rateSchema = z.object({ key: z.string(), reviewed: z.number(), corrected: z.number() });

export const correctionSummarySchema = z.object({
  from: moment,
  to: moment,
  /** Reviews that people decided, those with a change, and those with another decision than the proposed one. */
  reviewed: z.number(),
  corrected: z.number(),
  overridden: z.number(),
  /** Equal parts of the range, oldest first, with the reviews decided in each. */
  bucketMs: z.number(),
  buckets: z.array(z.object({ from: moment, reviewed: z.number() })),
  /** Corrections by cause: all, those that a person confirmed, and all by bucket. */
  causes: z.array(z.object({ cause: z.enum(CAUSE_GROUPS), count: z.number(), confirmed: z.number(), byBucket: z.array(z.number()) })),
  /** Versions published in the range, if it is about one workflow. */
  marks: z.array(z.object({ at: moment, version: z.number() })),
  /** By prompt version (`name@version`), and by served target (`connection/model`). The most used first. */
  prompts: z.array(rateSchema),
  targets: z.array(rateSchema),
  /** Whether the range was read to its end. The newest are counted first. */
  complete: z.boolean(),
});
export type CorrectionSummary = z.infer<typeof correctionSummarySchema>;

export const getCorrectionSummary = contract({
  id: 'getCorrectionSummary',
  method: 'GET',
  path: '/api/corrections/summary',
  scope: 'read',
  tag,
  summary: 'Count corrections by cause over time, with rates by prompt version and served target',
  /** Without `from`, the last 30 days. */
  query: z.strictObject({ workflowId: z.string().max(100).optional(), ...range }),
  reply: correctionSummarySchema,
  errors: ['bad-request'],
});

export const getCorrection = contract({
  id: 'getCorrection',
  method: 'GET',
  path: '/api/corrections/:id',
  scope: 'read',
  tag,
  summary: 'Get a correction',
  params: idParams,
  reply: correctionSchema,
  errors: ['not-found'],
});

export const setCorrectionCause = contract({
  id: 'setCorrectionCause',
  method: 'PATCH',
  path: '/api/corrections/:id',
  scope: 'review',
  tag,
  summary: 'Confirm or change the cause of a correction; null goes back to the likely one',
  params: idParams,
  body: z.strictObject({ cause: z.enum(CAUSES).nullable() }),
  reply: correctionSchema,
  errors: ['not-found'],
});

export const addCorrectionToDataset = contract({
  id: 'addCorrectionToDataset',
  method: 'POST',
  path: '/api/corrections/:id/dataset-item',
  scope: 'edit',
  tag,
  summary: 'Add a correction to a dataset: the run’s input with the corrected output as the expected value',
  params: idParams,
  body: z
    .strictObject({
      /** Left out: the dataset “<workflow> corrections”, which is created if it doesn’t exist. */
      datasetId: z.string().min(1).max(100).optional(),
      tags: itemTags.default([]),
    })
    .optional(),
  reply: datasetItemSchema.extend({ datasetName: z.string() }),
  statuses: [201],
  errors: ['not-found', 'bad-request', 'payload-removed', 'already-exists', 'too-large'],
});
