import { CONNECTION_KINDS, connectionSchema } from '@switchyard/shared/contracts/models.ts';
import { reviewSchema } from '@switchyard/shared/contracts/reviews.ts';
import { usageSchema } from '@switchyard/shared/contracts/runs.ts';
import { processActivitySchema } from '@switchyard/shared/contracts/system.ts';
import { completionSettings } from '@switchyard/shared/contracts/triggers/completions.ts';
import { CHALLENGES, deliverySchema, signatureSettingsSchema, WEBHOOK_MODES } from '@switchyard/shared/contracts/webhooks.ts';
import { releaseSchema } from '@switchyard/shared/contracts/workflows.ts';
import { errorDataSchema } from '@switchyard/shared/errors.ts';
import type { FilesRef } from '@switchyard/shared/files/stored-value.ts';
import { graphSchema } from '@switchyard/shared/graph/graph.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import { type DrawnReview, TRIGGER_KINDS, type TriggerData } from '@switchyard/shared/run/events.ts';
import type { ParentRun } from '@switchyard/shared/run/parent-run.ts';
import { RUN_STATUSES } from '@switchyard/shared/run/state.ts';
import { z } from 'zod';
import { alertCauses, alertSettings } from './alert-collections.ts';
import { actor, base, declare } from './declare-collection.ts';
import { correctionCollections } from './evaluation/correction-collections.ts';
import { datasetCollections } from './evaluation/dataset-collections.ts';
import { experimentCollections } from './evaluation/experiment-collections.ts';
import { releaseCollections, releasedRunFields, releaseFields } from './evaluation/release-collections.ts';
import { repeatedRunFields } from './evaluation/repeated-run-fields.ts';
import { replayCollections } from './evaluation/replay-collections.ts';
import { rubricCollections } from './evaluation/rubric-collections.ts';
import { dailyHeads, headPages, headReceivers } from './insight/day-collections.ts';
import { evidenceRunFields, signingKeys } from './insight/evidence-collections.ts';
import { insightCollections, rolledRunFields } from './insight/insight-collections.ts';
import { moneyCollections } from './money-collections.ts';
import { blobs, looseBlobs } from './pieces/piece-collections.ts';
import { policyCollections } from './policy-collections.ts';
import type { Collection } from './port.ts';
import { queueSettings } from './queue-collections.ts';
import { changes, killSwitches, pins, prompts, promptVersions } from './registry-collections.ts';
import { routes, routeVersions } from './route-collections.ts';
import { shares, templates } from './sharing-collections.ts';
import { apiTokens, connectionWaits, pendingSignIns, sessions, tokenFields } from './sign-in-collections.ts';
import { stateCollections } from './state/state-collections.ts';
import { tableCollections } from './state/table-collections.ts';
import { triggerCollections, triggerFields } from './triggers/trigger-collections.ts';

/** The workspace of an installation that has only one. Named only where a process starts; everything else is given a workspace. */
export const DEFAULT_WORKSPACE = 'default';

/** What a process does: serve pages and callers, drive runs, or both. */
export const ROLES = ['all', 'web', 'worker'] as const;

const workflowRecord = z.object({
  ...base,
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  draft: graphSchema,
  draftRevision: z.number(),
  latestVersion: z.number(),
  /** The stable version first, then the canary, if there is one. */
  release: releaseSchema,
  ...releaseFields,
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
  templateSlug: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
  /** When its permanent deletion began, after which it can't be restored. Missing in most records. */
  purgedAt: z.string().nullable().optional(),
  /** Its tags, one a line. Missing without any. */
  tagText: z.string().optional(),
  actor,
});
export type WorkflowRecord = z.infer<typeof workflowRecord>;
export const workflows = declare<WorkflowRecord>({
  name: 'workflows',
  schema: workflowRecord,
  indexes: [
    { name: 'slug', fields: ['slug'], unique: true },
    { name: 'updated', fields: ['updatedAt'] },
    { name: 'deleted', fields: ['deletedAt'], whereSet: 'deletedAt' },
    { name: 'canary', fields: ['canaryVersion'], whereSet: 'canaryVersion' },
  ],
  columns: ['name', 'tagText'],
});

const versionRecord = z.object({
  /** `<workflowId>:<number>`. */
  ...base,
  workflowId: z.string(),
  number: z.number(),
  graphHash: z.string(),
  note: z.string(),
  publishedAt: z.string(),
  actor,
});
export type VersionRecord = z.infer<typeof versionRecord>;
export const versions = declare<VersionRecord>({
  name: 'versions',
  schema: versionRecord,
  indexes: [{ name: 'number', fields: ['workflowId', 'number'], unique: true }],
});

/** Graphs by content hash (their ID), of versions and of draft runs. Never changed. */
const graphRecord = z.object({ ...base, graph: graphSchema, createdAt: z.string() });
export type GraphRecord = z.infer<typeof graphRecord>;
export const graphs = declare<GraphRecord>({ name: 'graphs', schema: graphRecord, indexes: [] });

/** The webhook of a workflow. Its ID is the workflow's. */
const webhookRecord = z.object({
  ...base,
  liveToken: z.string(),
  testToken: z.string(),
  mode: z.enum(WEBHOOK_MODES),
  deadlineMs: z.number(),
  methods: z.array(z.enum(['GET', 'PUT'])),
  callerMayChoose: z.boolean(),
  maxBodyBytes: z.number(),
  /** Missing in records of version 0.1.0, like the fields below. */
  signature: signatureSettingsSchema.optional(),
  /** Newest first. Encrypted for this record. */
  secrets: z.array(z.object({ id: z.string(), sealed: z.string(), createdAt: z.string(), validUntil: z.string().nullable() })).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  requestsPerMinute: z.number().nullable().optional(),
  allowedOrigins: z.array(z.string()).optional(),
  idempotencyHeader: z.string().nullable().optional(),
  challenge: z.enum(CHALLENGES).optional(),
  verifyToken: z.string().optional(),
  completion: completionSettings.optional(),
  /** Signs calls to completion URLs. Encrypted for this record. */
  completionSecret: z.string().optional(),
  updatedAt: z.string(),
});
export type WebhookRecord = z.infer<typeof webhookRecord>;
export const webhooks = declare<WebhookRecord>({
  name: 'webhooks',
  schema: webhookRecord,
  indexes: [
    { name: 'live', fields: ['liveToken'], unique: true, everywhere: true },
    { name: 'test', fields: ['testToken'], unique: true, everywhere: true },
  ],
});

const runRecord = z.object({
  ...base,
  workflowId: z.string(),
  workflowName: z.string(),
  version: z.union([z.literal('draft'), z.number()]),
  /** The version as text, for filters. */
  versionText: z.string(),
  graphHash: z.string(),
  trigger: z.enum(TRIGGER_KINDS),
  triggerData: z.custom<TriggerData>(),
  /** Keyed hash of the input, which remains when its payload is removed (S67). Missing in older records. */
  inputHash: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  status: z.enum(RUN_STATUSES),
  output: z.unknown(),
  error: errorDataSchema.nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  usage: usageSchema,
  costMicros: z.number(),
  /** Calls of unknown price. Missing in records of earlier versions. */
  unknownPrice: z.number().optional(),
  demo: z.boolean(),
  /** The last event in this summary; 0 before the first. */
  seq: z.number(),
  /** When the run must be woken, if it waits for a time. */
  wakeAt: z.string().nullable(),
  ...triggerFields,
  /** When it failed, until alerts have counted it. Only in runs of published versions. */
  uncountedSince: z.string().nullable().optional(),
  ...rolledRunFields,
  ...repeatedRunFields,
  /** Only in records of version 0.1, which searched this field. */
  searchText: z.string().optional(),
  statusToken: z.string(),
  /** Of the webhook request: `<workflowId>:live|test:<key>`. */
  idempotencyKey: z.string().nullable(),
  bodyHash: z.string().nullable(),
  /** When the key may be used by another run. */
  keyedUntil: z.string().nullable().optional(),
  ...evidenceRunFields,
  /** When its payloads were removed, and when its journal was. */
  payloadsRemovedAt: z.string().optional(),
  journalRemovedAt: z.string().optional(),
  /** The data policy of the run, if it has one. */
  policy: z.string().optional(),
  ...releasedRunFields,
  /** The run that started it (S38), and that run’s ID again for lists. Absent in most runs, like the fields below. */
  parent: z.custom<ParentRun>().optional(),
  parentRunId: z.string().nullable().optional(),
  /** The ID of the parent until it has learned of the end of this run. */
  untold: z.string().nullable().optional(),
  /** The process that drives the run, and how often it was claimed (S41). Absent if one process drives all runs, like the fields below. */
  owner: z.string().nullable().optional(),
  ownerEpoch: z.number().optional(),
  /** Its place among the runs that are ready to be driven and have no owner (`queueKey`). */
  queue: z.string().nullable().optional(),
  /** `<workflowId>#<number>` while it is driven, if its workflow has a limit (S46). */
  slot: z.string().nullable().optional(),
  /** When it was restored from a backup while open. Not driven until it is released; `wakeAt` is then set from `heldWakeAt`. */
  heldSince: z.string().optional(),
  heldWakeAt: z.string().nullable().optional(),
  actor,
});
export type RunRecord = z.infer<typeof runRecord>;
export const runs = declare<RunRecord>({
  name: 'runs',
  holdsJournal: true,
  schema: runRecord,
  indexes: [
    { name: 'created', fields: ['createdAt'] },
    { name: 'by_workflow', fields: ['workflowId', 'createdAt'] },
    { name: 'by_status', fields: ['status', 'createdAt'] },
    { name: 'status_token', fields: ['statusToken'], unique: true, everywhere: true },
    { name: 'idempotency', fields: ['idempotencyKey'], unique: true, whereSet: 'idempotencyKey' },
    { name: 'keyed_until', fields: ['keyedUntil'], whereSet: 'keyedUntil' },
    { name: 'wake', fields: ['wakeAt'], whereSet: 'wakeAt' },
    { name: 'uncounted', fields: ['uncountedSince'], whereSet: 'uncountedSince' },
    { name: 'unrolled', fields: ['unrolled'], whereSet: 'unrolled' },
    { name: 'ended_unseen', fields: ['endedUnseen'], whereSet: 'endedUnseen' },
    { name: 'end_untold', fields: ['endUntold'], whereSet: 'endUntold' },
    { name: 'shadow_due', fields: ['shadowDue'], whereSet: 'shadowDue' },
    { name: 'by_owner', fields: ['owner'], whereSet: 'owner' },
    { name: 'queue', fields: ['queue'], whereSet: 'queue' },
    { name: 'slot', fields: ['slot'], unique: true, whereSet: 'slot' },
    { name: 'held', fields: ['heldSince'], whereSet: 'heldSince' },
    { name: 'by_parent', fields: ['parentRunId', 'createdAt'], whereSet: 'parentRunId' },
    { name: 'untold', fields: ['untold'], whereSet: 'untold' },
  ],
  columns: ['startedAt', 'endedAt', 'costMicros', 'unknownPrice', 'trigger', 'versionText', 'tenant', 'costOf', 'facts', 'rating'],
  finalWhenSet: 'endedAt',
  searchIndex: {
    words: ['id', 'labels', 'workflowName'],
    excerpt: { path: ['triggerData', 'body'], length: 200 },
    facets: ['trigger', 'versionText', 'labels'],
    order: 'createdAt',
  },
});

/**
 * A page of one workflow's webhook requests, in order of arrival. One row holds many requests, so that recording them costs the requests
 * nothing.
 */
const deliveryPageRecord = z.object({ ...base, workflowId: z.string(), /** When the last request arrived. */ at: z.string(), calls: z.array(deliverySchema) });
export type DeliveryPageRecord = z.infer<typeof deliveryPageRecord>;
export const deliveryPages = declare<DeliveryPageRecord>({
  name: 'delivery_pages',
  schema: deliveryPageRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'at'] },
    { name: 'at', fields: ['at'] },
  ],
  finalWhenSet: 'id',
});

/** An external event (S17). The signal that is inserted has decided; the driver moves it into the journal. */
const signalRecord = z.object({
  /** For a wait: `<runId>:<waitId>`. For a cancellation: `<runId>:cancel`. */
  ...base,
  runId: z.string(),
  kind: z.enum(['decision', 'timer', 'run', 'callback', 'cancel']),
  /** The wait it ends. */
  waitId: z.string().nullable(),
  value: z.unknown(),
  at: z.string(),
  actor,
  /** Whether it is in the journal, as 0 or 1. */
  moved: z.number(),
});
export type SignalRecord = z.infer<typeof signalRecord>;
export const signals = declare<SignalRecord>({
  name: 'signals',
  schema: signalRecord,
  indexes: [
    { name: 'unmoved', fields: ['moved', 'at'] },
    { name: 'by_run', fields: ['runId', 'moved'] },
  ],
});

const reviewRecord = reviewSchema.omit({ link: true }).extend({
  workspaceId: z.string(),
  waitId: z.string(),
  /** Where a large task is stored; its questions are read from there. */
  whole: z.custom<BlobRef | FilesRef>().optional(),
  /** What it asks, encrypted with the key of its run. */
  sealed: z.string().optional(),
  /** The token of the review link. Missing in older records, like the fields below. */
  token: z.string().optional(),
  workflowName: z.string().optional(),
  version: reviewSchema.shape.version.optional(),
  why: reviewSchema.shape.why.optional(),
  whenDue: reviewSchema.shape.whenDue.optional(),
  drawn: z.custom<DrawnReview>().optional(),
});
export type ReviewRecord = z.infer<typeof reviewRecord>;
export const reviews = declare<ReviewRecord>({
  name: 'reviews',
  schema: reviewRecord,
  indexes: [
    { name: 'by_status', fields: ['status', 'createdAt'] },
    { name: 'by_assignee', fields: ['assignee', 'status', 'createdAt'] },
    { name: 'by_run', fields: ['runId'] },
    { name: 'by_budget', fields: ['budgetId', 'status'], whereSet: 'budgetId' },
    { name: 'token', fields: ['token'], unique: true, everywhere: true, whereSet: 'token' },
  ],
  columns: ['workflowId'],
});

const connectionRecord = connectionSchema.omit({ hasSecret: true, load: true, signIn: true, waiting: true }).extend({
  workspaceId: z.string(),
  kind: z.enum(CONNECTION_KINDS),
  /** Encrypted with AES-256-GCM; see secrets/. */
  sealedSecret: z.string().nullable(),
  /** Counts its changes. Missing in older records. */
  revision: z.number().optional(),
  ...tokenFields,
});
export type ConnectionRecord = z.infer<typeof connectionRecord>;
export const connections = declare<ConnectionRecord>({
  name: 'connections',
  schema: connectionRecord,
  indexes: [{ name: 'name', fields: ['name'], unique: true }],
});

/** Facts about the installation: schema version, key ID. */
const settingRecord = z.object({ ...base, value: z.unknown() });
export type SettingRecord = z.infer<typeof settingRecord>;
export const settings = declare<SettingRecord>({ name: 'settings', schema: settingRecord, indexes: [] });

/** A live server process (S41), or one that died: a clean stop deletes its record. */
const processRecord = z.object({
  ...base,
  startedAt: z.string(),
  /** The run it drives on probation (S29a). */
  marked: z.string().nullable(),
  /** Counts its heartbeats. Like the fields below, set only if several processes share the database. */
  beat: z.number().optional(),
  role: z.enum(ROLES).optional(),
  host: z.string().optional(),
  pid: z.number().optional(),
  address: z.string().nullable().optional(),
  /** What it can read (build-versions.ts). */
  versions: z.object({ app: z.string(), event: z.number(), nodes: z.string(), evidence: z.number().optional() }).optional(),
  /** A draining process claims no runs. */
  state: z.enum(['live', 'draining']).optional(),
  slots: z.number().optional(),
  driving: z.number().optional(),
  activity: processActivitySchema.optional(),
  /** Changes whenever this process used a control (S42). */
  control: z.string().nullable().optional(),
  /** Identifies the Redis that it uses. Null while that is away. */
  redisMark: z.string().nullable().optional(),
});
export type ProcessRecord = z.infer<typeof processRecord>;
export const processes = declare<ProcessRecord>({ name: 'processes', schema: processRecord, indexes: [] });

export const allCollections: readonly Collection[] = [
  workflows,
  versions,
  graphs,
  webhooks,
  runs,
  deliveryPages,
  signals,
  reviews,
  ...correctionCollections,
  ...datasetCollections,
  ...rubricCollections,
  connections,
  connectionWaits,
  pendingSignIns,
  routes,
  routeVersions,
  blobs,
  looseBlobs,
  settings,
  shares,
  templates,
  sessions,
  apiTokens,
  processes,
  changes,
  prompts,
  promptVersions,
  ...moneyCollections,
  killSwitches,
  queueSettings,
  pins,
  ...triggerCollections,
  alertSettings,
  alertCauses,
  ...insightCollections,
  ...policyCollections,
  ...stateCollections,
  ...tableCollections,
  ...replayCollections,
  ...releaseCollections,
  signingKeys,
  dailyHeads,
  headPages,
  headReceivers,
  ...experimentCollections,
].map((collection) => collection as unknown as Collection);
