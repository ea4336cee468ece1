import { z } from 'zod';
import { actorSchema } from '../../run/actor.ts';
import { contract, idParams, moment } from '../contract.ts';
import { reason, reasonBody } from '../prompts.ts';
import { graderSchema } from './graders.ts';
import { replaySchema } from './replays.ts';

/** What a release watches. Each measure gives a run a number from 0 to 1, where more is worse (S83). */
export const MEASURES = ['failures', 'slow', 'cost', 'score', 'corrected'] as const;
export type Measure = (typeof MEASURES)[number];

/** Never more than this many versions at once: the stable one, a canary, and one that runs in the background. */
const MOST_VERSIONS = 10;
const percent = z.number().int('must be a whole percent').min(0).max(100);
const versionNumber = z.number().int().min(1);

const releasedVersion = z.strictObject({
  version: versionNumber,
  /** The share of live runs, in percent. */
  weight: percent,
  /** The share of live inputs that it also runs on, without answering (S83). Only at weight 0. */
  shadow: percent.optional(),
});

const releaseVersionsSchema = z.array(releasedVersion).min(1).max(MOST_VERSIONS);

const margin = z.number().min(0).max(1);

/** When a canary goes back automatically. */
const watchSchema = z.object({
  /** Counted runs of the canary before anything is decided. */
  minRuns: z.number().int().min(1).max(10_000),
  /** The least difference that matters, per measure, from 0 to 1. */
  margins: z.object({ failures: margin, slow: margin, cost: margin, score: margin, corrected: margin }),
});
export type WatchRule = z.infer<typeof watchSchema>;

const share = z.number().min(0).max(1);

/** What a version must pass before it takes live runs. */
export const gateSchema = z.strictObject({
  datasetId: z.string().min(1).max(100),
  graders: z.array(graderSchema).min(1).max(20),
  /** The least mean score. */
  minScore: share,
  /** Whether the score itself must reach it, or its lower bound at a confidence of 95%. */
  bound: z.enum(['point', 'lower']).default('point'),
  minItems: z.number().int().min(1).max(10_000).default(20),
  /** Items with this tag may lose at most this much against the stable version. */
  noRegression: z
    .array(z.strictObject({ tag: z.string().min(1).max(50), margin: share }))
    .max(20)
    .default([]),
});
export type Gate = z.infer<typeof gateSchema>;

const failingItem = z.object({
  /** Of its result in the experiment. */
  index: z.number().int(),
  itemId: z.string(),
  title: z.string(),
  tags: z.array(z.string()),
  status: z.enum(['graded', 'errored', 'stopped']),
  score: z.number().nullable(),
  reason: z.string(),
  runId: z.string().nullable(),
});

/** What a gate found. */
export const gateResultSchema = z.object({
  passed: z.boolean(),
  /** Why it did not pass, as full sentences. */
  problems: z.array(z.string()),
  score: z.number().nullable(),
  /** The lower bound of the score. Null if it does not matter. */
  lower: z.number().nullable(),
  items: z.number().int(),
  passedItems: z.number().int(),
  erroredItems: z.number().int(),
  regressions: z.array(z.object({ tag: z.string(), margin: z.number(), difference: z.number().nullable(), items: z.number().int() })),
  /** The worst first, at most 20. */
  failing: z.array(failingItem),
});
export type GateResult = z.infer<typeof gateResultSchema>;

/** A version at the gate. `superseded`: the release was changed before it passed. */
export const gateCheckSchema = z.object({
  id: z.string(),
  version: z.number().int(),
  status: z.enum(['checking', 'passed', 'failed', 'superseded']),
  experimentId: z.string().nullable(),
  minScore: z.number(),
  bound: z.enum(['point', 'lower']),
  result: gateResultSchema.nullable(),
  actor: actorSchema,
  createdAt: moment,
  endedAt: moment.nullable(),
});
export type GateCheck = z.infer<typeof gateCheckSchema>;

const sideFigures = z.object({
  /** Runs that count. */
  runs: z.number().int(),
  mean: z.number().nullable(),
});

/** One measure of a watched release. */
export const measureFiguresSchema = z.object({
  measure: z.enum(MEASURES),
  margin: z.number(),
  stable: sideFigures,
  canary: sideFigures,
  /** Canary − stable. Null if a side has no runs. */
  difference: z.number().nullable(),
  /** The range of the difference, valid at every look. */
  lower: z.number(),
  upper: z.number(),
  /** The difference and its range as runs came in, oldest first. `runs`: counted runs of the canary. */
  series: z.array(z.object({ runs: z.number().int(), difference: z.number(), lower: z.number(), upper: z.number() })),
});
export type MeasureFigures = z.infer<typeof measureFiguresSchema>;

/** What the watch has seen since the weights last changed. */
export const watchFiguresSchema = z.object({
  at: moment,
  stable: z.number().int(),
  canary: z.number().int(),
  /** Live runs accepted, and those that count: with a sticky key, the first of each key and day. */
  runs: z.object({ stable: z.number().int(), canary: z.number().int(), countedStable: z.number().int(), countedCanary: z.number().int() }),
  /** Distinct sticky keys. Null without a sticky key. */
  customers: z.object({ canary: z.number().int(), all: z.number().int() }).nullable(),
  /** The stable version’s 95th percentiles. Null while too few of its runs are known. */
  limits: z.object({ slowMs: z.number().nullable(), costMicros: z.number().nullable() }),
  measures: z.array(measureFiguresSchema),
});
export type WatchFigures = z.infer<typeof watchFiguresSchema>;

/** How the message about a rollback was delivered. */
const noticeSchema = z.object({ channel: z.enum(['webhook', 'email']), sentAt: moment.nullable(), error: z.string().nullable() });

/** What happened to a release, newest first in lists. */
export const releaseEventSchema = z.object({
  id: z.string(),
  at: moment,
  actor: actorSchema,
  action: z.string(),
  before: z.array(releasedVersion),
  after: z.array(releasedVersion),
  reason: z.string().nullable(),
  /** Of an automatic rollback: the measure that decided, and its figures. */
  decided: measureFiguresSchema.nullable(),
  notice: noticeSchema.nullable(),
});
export type ReleaseEvent = z.infer<typeof releaseEventSchema>;

const micros = z.number().int().min(1).max(1e12);

/** What shadow runs may spend, in micro-dollars. */
const shadowLimitsSchema = z.strictObject({
  /** In one run: no further model call is made once this much is spent. */
  maxCostMicros: micros.default(100_000),
  /** In all runs. Then the shadow ends. */
  budgetMicros: micros.default(10_000_000),
});

/** Why a shadow ended: it reached its limit of inputs, its budget is used up, or someone ended it. */
const SHADOW_STATUSES = ['running', 'finished', 'budget', 'cancelled'] as const;

/** A version that runs on live inputs without answering. */
const releaseShadowSchema = z.object({
  /** Its runs and their differences are those of a replay with this ID. */
  replayId: z.string(),
  version: z.number().int(),
  /** The share of live inputs, in percent. */
  percent: z.number().int(),
  ...shadowLimitsSchema.shape,
  status: z.enum(SHADOW_STATUSES),
  since: moment,
  endedAt: moment.nullable(),
  /** Compared runs, by how they differ. `done`: all of them, at most 1,000. */
  counts: replaySchema.shape.counts.omit({ total: true }),
  spentMicros: z.number(),
});
export type ReleaseShadow = z.infer<typeof releaseShadowSchema>;

export const workflowReleaseSchema = z.object({
  workflowId: z.string(),
  /** Counts changes. 0 before the first. */
  revision: z.number().int(),
  /** Versions that take live runs, the stable one first. */
  versions: z.array(releasedVersion),
  stable: z.number().int().nullable(),
  canary: z.number().int().nullable(),
  /** A template over `trigger` and `labels`. Runs with the same value get the same version. Null: each run on its own. */
  sticky: z.string().nullable(),
  /** The version that runs in shadow, or did last. Null if none ever did. */
  shadow: releaseShadowSchema.nullable(),
  watch: watchSchema,
  gate: gateSchema.nullable(),
  /** The last versions at the gate, newest first. */
  checks: z.array(gateCheckSchema),
  /** When weights last changed. Null if they never did. */
  since: moment.nullable(),
  /** Null without a canary, and until the first look at it. */
  figures: watchFiguresSchema.nullable(),
  history: z.array(releaseEventSchema),
});
export type WorkflowRelease = z.infer<typeof workflowReleaseSchema>;

const tag = 'Releases';
const path = '/api/workflows/:id/release';

export const getRelease = contract({
  id: 'getRelease',
  method: 'GET',
  path,
  scope: 'read',
  tag,
  summary: 'Get the release of a workflow: live versions, canary figures, and recent changes',
  params: idParams,
  reply: workflowReleaseSchema,
  errors: ['not-found'],
});
export const putRelease = contract({
  id: 'putRelease',
  method: 'PUT',
  path,
  scope: 'edit',
  tag,
  summary: 'Divide live runs between the stable version and a canary; omitted fields keep their value',
  params: idParams,
  body: z.strictObject({
    /** Weights add up to 100. A shadow ends unless it is listed. */
    versions: releaseVersionsSchema,
    /** Of a shadow. Other limits, or another version, begin a new one. */
    shadowLimits: shadowLimitsSchema.optional(),
    sticky: z.string().max(1_000).nullable().optional(),
    watch: z.strictObject({ minRuns: watchSchema.shape.minRuns.optional(), margins: watchSchema.shape.margins.partial().strict().optional() }).optional(),
    /** Stays until it is removed with a reason. */
    gate: gateSchema.optional(),
    /** The revision that was edited. Defaults to the latest. */
    revision: z.number().int().min(0).optional(),
    reason,
  }),
  reply: workflowReleaseSchema,
  /** 202: the gate takes longer. The release is applied once it has passed, unless it was changed meanwhile. */
  statuses: [200, 202],
  errors: ['not-found', 'bad-request', 'revision-conflict', 'gate-failed'],
});
export const rollBackRelease = contract({
  id: 'rollBackRelease',
  method: 'POST',
  path: `${path}/rollback`,
  scope: 'edit',
  tag,
  summary: 'Send all live runs to the stable version or, without a canary, to the previous stable version',
  params: idParams,
  body: reasonBody,
  reply: workflowReleaseSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
export const removeGate = contract({
  id: 'removeGate',
  method: 'DELETE',
  path: `${path}/gate`,
  scope: 'edit',
  tag,
  summary: 'Remove the gate, with a reason for the audit trail; does nothing without a gate',
  params: idParams,
  body: z.strictObject({ reason: z.string().trim().min(1).max(1_000) }),
  reply: workflowReleaseSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
