import { z } from 'zod';
import { errorDataSchema } from '../errors.ts';
import { fileId } from '../files/file-entry.ts';
import { graphSchema } from '../graph/graph.ts';
import { actorSchema } from '../run/actor.ts';
import type { CallRecord, JournalEvent, Wait } from '../run/events.ts';
import { TRIGGER_KINDS } from '../run/events.ts';
import { FAULT_KINDS, faultSchema } from '../run/faults.ts';
import { ITEM_STATUSES } from '../run/fold-frame.ts';
import { RUN_STATUSES, STEP_STATUSES } from '../run/state.ts';
import { contract, countedPageQuery, idParams, moment, pageOf, pageQuery } from './contract.ts';
import { queuedSchema } from './controls/queue.ts';

export const usageSchema = z.object({
  /** All input tokens, including cached ones. */
  inputTokens: z.number(),
  /** All output tokens, including reasoning. */
  outputTokens: z.number(),
  /** Input that providers had cached. */
  cachedInputTokens: z.number().optional(),
  /** Input that providers put into their cache. */
  cacheWriteTokens: z.number().optional(),
  reasoningTokens: z.number().optional(),
});

/** What calls cost together. */
export const costFields = {
  /** Null if nothing about it is known. */
  costMicros: z.number().nullable(),
  /** Calls on a model without a price. `costMicros` has only their known part. */
  unknownPrice: z.number(),
};

const callSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['model', 'http', 'code', 'step']),
  status: z.enum(['running', 'succeeded', 'failed']),
  startedAt: moment,
  endedAt: moment.optional(),
  record: z.custom<CallRecord>().optional(),
  /** The run injected this fault on purpose (S78a). */
  fault: z.enum(FAULT_KINDS).optional(),
  error: errorDataSchema.optional(),
});

/** How far a for-each step is. */
const itemCountsSchema = z.object({
  count: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  open: z.number().int(),
  /** The first items that failed. */
  failures: z.array(z.object({ index: z.number().int(), error: errorDataSchema })).readonly(),
});

export const runStepSchema = z.object({
  id: z.string(),
  nodeKey: z.string(),
  nodeType: z.string(),
  round: z.number().int(),
  status: z.enum(STEP_STATUSES),
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
  input: z.unknown(),
  output: z.unknown(),
  error: errorDataSchema.nullable(),
  port: z.string().nullable(),
  attempts: z.array(z.object({ number: z.number(), startedAt: moment, endedAt: moment.optional(), error: errorDataSchema.optional() })),
  calls: z.array(callSchema),
  wait: z.custom<Wait>().nullable(),
  recovered: errorDataSchema.nullable(),
  effectUnknown: z.boolean(),
  /** The run whose step this reuses. */
  reusedFrom: z.string().nullable().optional(),
  /** Its output is the pinned one: the node didn’t run (S78). */
  pinned: z.boolean().optional(),
  /** The latest run that it started and waited for (S38). */
  childRunId: z.string().nullable(),
  /** Of a for-each step that has its list. */
  items: itemCountsSchema.nullable(),
  usage: usageSchema,
  ...costFields,
});
export type RunStep = z.infer<typeof runStepSchema>;

/** One item of a for-each step. */
export const runItemSchema = z.object({
  index: z.number().int(),
  /** The `frame` of its steps. */
  frame: z.string(),
  /** A text of the item that tells it from others. */
  name: z.string().nullable(),
  item: z.unknown(),
  status: z.enum(ITEM_STATUSES),
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
  /** The node that started last. */
  nodeKey: z.string().nullable(),
  result: z.unknown(),
  error: errorDataSchema.nullable(),
  /** The run whose succeeded item this reuses. */
  fromRunId: z.string().nullable(),
});
export type RunItem = z.infer<typeof runItemSchema>;

/** A run in a list, without its steps. */
export const runSummarySchema = z.object({
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  version: z.union([z.literal('draft'), z.number().int()]),
  trigger: z.enum(TRIGGER_KINDS),
  labels: z.record(z.string(), z.string()),
  status: z.enum(RUN_STATUSES),
  input: z.unknown(),
  output: z.unknown(),
  error: errorDataSchema.nullable(),
  createdAt: moment,
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
  /** When its values were removed; each is then `{$removed: {type, bytes}}` (S66a). */
  payloadsRemovedAt: moment.nullable().optional(),
  usage: usageSchema,
  ...costFields,
  /** The demo model responded in it. */
  demo: z.boolean(),
  /** The run that this one repeats. */
  rerunOf: z.string().nullable(),
  /** The run whose recorded responses it uses: it performs only reads (S82). */
  replayOf: z.string().nullable().optional(),
  /** The run and the step that started it (S38). */
  parent: z.object({ runId: z.string(), stepId: z.string() }).nullable().optional(),
  /** Who started it. */
  actor: actorSchema,
  /** The last event of its journal. */
  seq: z.number().int(),
  /** Where it is in the queue, while it waits to be driven (S46). */
  queued: queuedSchema.nullable().optional(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;
export const runSchema = runSummarySchema.extend({ steps: z.array(runStepSchema) });
export type Run = z.infer<typeof runSchema>;

const tag = 'Runs';
const nodeKey = z.string().min(1).max(100);

export const startRun = contract({
  id: 'startRun',
  method: 'POST',
  path: '/api/workflows/:id/runs',
  scope: 'run',
  tag,
  summary: 'Start a run; returns 200 if it ends within `wait`',
  params: idParams,
  body: z.strictObject({
    input: z.unknown().optional(),
    labels: z
      .record(z.string().min(1).max(100), z.string().max(200))
      .refine((labels) => Object.keys(labels).length <= 50, 'at most 50 labels')
      .optional(),
    version: z.union([z.literal('draft'), z.literal('live'), z.number().int().min(1)]).optional(),
    /** How long to wait for its end, in ms. */
    wait: z.number().int().min(0).max(300_000).optional(),
    /**
     * Run only this node of the draft, with the data of the last run. Nodes before it run only if that run has no data of them. With `input`,
     * all nodes up to this one run with that input.
     */
    only: nodeKey.optional(),
    /** Run this node of the draft and everything after it, with the data of the last run. */
    from: nodeKey.optional(),
    /** Break calls of the draft on purpose (S78a). */
    faults: z.array(faultSchema).max(50).optional(),
  }),
  reply: runSchema,
  takesFiles: true,
  statuses: [202, 200],
  errors: [
    'not-found',
    'bad-request',
    'payload-removed',
    'file-removed',
    'bad-input',
    'graph-has-problems',
    'redaction-refused',
    'not-published',
    'killed',
    'queue-full',
    'overloaded',
  ],
});
/** Which runs are wanted. */
export const runFilterFields = {
  workflowId: z.string().max(100).optional(),
  status: z.enum(RUN_STATUSES).optional(),
  trigger: z.enum(TRIGGER_KINDS).optional(),
  version: z.string().max(20).optional(),
  /** `name:value`. */
  label: z
    .string()
    .max(300)
    .regex(/^[^:]+:/, 'must be name:value')
    .optional(),
  from: moment.optional(),
  to: moment.optional(),
  /** Child runs of this run. Left out of every other list. */
  parent: z.string().max(100).optional(),
  search: z.string().max(200).optional(),
};

export const listRuns = contract({
  id: 'listRuns',
  method: 'GET',
  path: '/api/runs',
  scope: 'read',
  tag,
  summary: 'List runs, newest first, without steps',
  query: z.strictObject({ ...pageQuery, ...runFilterFields }),
  reply: pageOf(runSummarySchema),
  errors: ['bad-request'],
});
export const getRun = contract({
  id: 'getRun',
  method: 'GET',
  path: '/api/runs/:id',
  scope: 'read',
  tag,
  summary: 'Get a run with its steps',
  params: idParams,
  reply: runSchema,
  errors: ['not-found'],
});
export const listRunSteps = contract({
  id: 'listRunSteps',
  method: 'GET',
  path: '/api/runs/:id/steps',
  scope: 'read',
  tag,
  summary: 'List the steps of a run, or of one item of a for-each step',
  params: idParams,
  /** `frame`: the item. Left out, the steps at the top level. */
  query: z.strictObject({ ...countedPageQuery, frame: z.string().max(500).optional() }),
  reply: pageOf(runStepSchema),
  errors: ['not-found', 'bad-request'],
});
export const listRunItems = contract({
  id: 'listRunItems',
  method: 'GET',
  path: '/api/runs/:id/items',
  scope: 'read',
  tag,
  summary: 'List the items of a for-each step, in order',
  params: idParams,
  query: z.strictObject({
    ...countedPageQuery,
    /** The for-each step. Left out, the first one of the run. */
    step: z.string().max(500).optional(),
    status: z.enum(ITEM_STATUSES).optional(),
    /** Starts at this item. */
    from: z.coerce.number().int().min(0).max(100_000).optional(),
  }),
  reply: pageOf(runItemSchema),
  errors: ['not-found', 'bad-request'],
});
export const getRunGraph = contract({
  id: 'getRunGraph',
  method: 'GET',
  path: '/api/runs/:id/graph',
  scope: 'read',
  tag,
  summary: 'Get the graph that ran',
  params: idParams,
  reply: graphSchema,
  errors: ['not-found'],
});
export const listRunEvents = contract({
  id: 'listRunEvents',
  method: 'GET',
  path: '/api/runs/:id/events',
  scope: 'read',
  tag,
  summary: 'List journal events from `from` (inclusive)',
  params: idParams,
  query: z.strictObject({
    from: z.coerce.number().int().min(1).default(1),
    limit: z.coerce.number().int().min(1).max(10_000).default(1000),
    cursor: countedPageQuery.cursor,
    /** Only what happened in this item of a for-each step, and what began the steps around it. */
    frame: z.string().max(500).optional(),
  }),
  reply: pageOf(z.custom<JournalEvent>()),
  errors: ['not-found', 'bad-request'],
});
export const getRunBlob = contract({
  id: 'getRunBlob',
  method: 'GET',
  path: '/api/runs/:id/blobs/:hash',
  scope: 'read',
  tag,
  summary: 'Get a large value of the run',
  params: idParams.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  reply: z.unknown(),
  errors: ['not-found'],
});
export const getRunFile = contract({
  id: 'getRunFile',
  method: 'GET',
  path: '/api/runs/:id/files/:file',
  scope: 'read',
  tag,
  summary: 'Download a file that the run refers to',
  params: idParams.extend({ file: fileId }),
  reply: z.unknown(),
  sendsFile: true,
  errors: ['not-found', 'file-removed'],
});
export const cancelRun = contract({
  id: 'cancelRun',
  method: 'POST',
  path: '/api/runs/:id/cancel',
  scope: 'run',
  tag,
  summary: 'Cancel a run; 200 once canceled, 202 while canceling',
  params: idParams,
  body: z.strictObject({ reason: z.string().max(500).optional() }).optional(),
  reply: runSchema,
  statuses: [200, 202],
  errors: ['not-found', 'run-ended'],
});
export const rerunRun = contract({
  id: 'rerunRun',
  method: 'POST',
  path: '/api/runs/:id/rerun',
  scope: 'run',
  tag,
  summary: 'Rerun with the same input; `from` reuses steps before it, `failedItems` the succeeded items of that for-each step',
  params: idParams,
  body: z
    .strictObject({
      from: z.string().max(500).optional(),
      /** `from` is a for-each step. Its list and its succeeded items are reused, and the other items run again. */
      failedItems: z.boolean().optional(),
      version: z.union([z.literal('draft'), z.literal('live'), z.number().int().min(1)]).optional(),
      /** Which versions of prompts to use: those of the earlier run (the default), or those that labels point to now. */
      prompts: z.enum(['recorded', 'current']).optional(),
    })
    .optional(),
  reply: runSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'payload-removed', 'graph-has-problems', 'redaction-refused', 'not-published', 'killed', 'queue-full', 'overloaded'],
});
/** A capability: gives the caller the status and output of one run. */
export const getRunStatus = contract({
  id: 'getRunStatus',
  method: 'GET',
  path: '/hooks/status/:token',
  open: true,
  tag: 'Webhooks',
  summary: 'Get the status and output of a webhook run',
  params: z.strictObject({ token: z.string().max(200) }),
  reply: z.object({
    runId: z.string(),
    status: z.enum(RUN_STATUSES),
    output: z.unknown(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  errors: ['not-found', 'payload-removed'],
});
