import { z } from 'zod';
import { errorCodes } from '../../errors.ts';
import { contract, moment } from '../contract.ts';
import { reason } from '../prompts.ts';

/* Figures of live runs, from roll-ups (S85, S86). Money is in micro-dollars, durations are in ms. */

/** A share. Null without samples. `enough` is false if there are too few samples to tell. */
const share = z.object({ value: z.number().nullable(), count: z.number(), of: z.number(), enough: z.boolean() });
export type Share = z.infer<typeof share>;

/** Fewer samples say too little. */
export const LEAST_SAMPLES = 20;

const quantile = z.number().nullable();

/** Figures of runs that were accepted in a time. */
export const figuresSchema = z.object({
  /** Live runs that have ended, without child runs. */
  runs: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  /** Of those that succeeded: without and with a person. */
  alone: z.number(),
  withPerson: z.number(),
  /** Succeeded ÷ succeeded or failed. */
  success: share,
  /** Duration without waiting for people. */
  p50: quantile,
  p95: quantile,
  /** From acceptance to end, with people. */
  wholeP50: quantile,
  wholeP95: quantile,
  costMicros: z.number(),
  /** Model calls whose price is unknown. */
  unknownPrice: z.number(),
  /** Cost of all runs ÷ runs that succeeded. Null without any. */
  costPerSuccess: z.number().nullable(),
  /** Runs that asked a person ÷ ended runs. */
  escalation: share,
  /** Decided reviews that changed the draft ÷ decided reviews. */
  correction: share,
  /** Decisions against the proposal or past a budget ÷ decisions. */
  override: share,
  /** Runs with a call that a fallback target served ÷ runs with model calls. */
  fallback: share,
  /** Runs rated below 0.5 ÷ rated runs, and the mean score. */
  badRatings: share,
  score: z.number().nullable(),
});
export type Figures = z.infer<typeof figuresSchema>;

const id = z.string().min(1).max(100).optional();
const range = {
  workflowId: id,
  /** `3`, or `(other)`. */
  version: z.string().min(1).max(100).optional(),
  /** Defaults to the last 28 days. Widened to whole hours or days, UTC. */
  from: moment.optional(),
  to: moment.optional(),
};
const format = z.enum(['json', 'csv']).optional();
const textTypes = ['text/csv'];

const CHANGE_KINDS = ['version', 'prompt', 'route'] as const;
const changeMark = z.object({ at: moment, kind: z.enum(CHANGE_KINDS), text: z.string() });
export type ChangeMark = z.infer<typeof changeMark>;

const point = z.object({ at: moment, figures: figuresSchema });
const tag = 'Insight';

export const getInsight = contract({
  id: 'getInsight',
  method: 'GET',
  path: '/api/insight/overview',
  scope: 'read',
  tag,
  summary: 'Get volume, success, duration, cost, and rates of live runs over time',
  query: z.strictObject({ ...range, format }),
  reply: z.object({
    from: moment,
    to: moment,
    bucket: z.enum(['hour', 'day']),
    /** Every hour or day of the range, oldest first. */
    points: z.array(point),
    total: figuresSchema,
    /** The previous period of the same length. */
    before: figuresSchema,
    /** What changed: versions, prompts, and routes. At most 50, the latest. */
    changes: z.array(changeMark),
    /** To filter by. Versions only of the chosen workflow. */
    workflows: z.array(z.object({ id: z.string(), name: z.string() })),
    versions: z.array(z.string()),
  }),
  textTypes,
});
export type Insight = z.output<typeof getInsight.reply>;

export const BREAKDOWNS = ['workflow', 'version', 'tenant', 'model'] as const;

export const getInsightBreakdown = contract({
  id: 'getInsightBreakdown',
  method: 'GET',
  path: '/api/insight/breakdown',
  scope: 'read',
  tag,
  summary: 'Compare workflows, versions, tenants, or served models',
  query: z.strictObject({ ...range, by: z.enum(BREAKDOWNS).default('workflow'), format }),
  reply: z.object({
    /** The most runs first. Tenants and models have no durations. Of a model, the cost is that of the calls it served. */
    items: z.array(z.object({ key: z.string(), name: z.string(), calls: z.number(), fallbackCalls: z.number(), figures: figuresSchema })),
  }),
  textTypes,
});
export type Breakdown = z.output<typeof getInsightBreakdown.reply>;

export const HANDLED_BY = ['nothing', 'person', 'automation', 'removed'] as const;

const exceptionPath = z.object({
  workflowId: z.string(),
  workflowName: z.string(),
  nodeKey: z.string(),
  nodeTitle: z.string(),
  /** `error`, `none`, `limit`, `unsure`, `blocked`, `recovery`, `fallback`, … */
  port: z.string(),
  runs: z.number(),
  last: z.object({
    runId: z.string(),
    at: moment,
    code: z.enum(errorCodes).nullable(),
    /** The input of that run in a few words, as its data policy keeps it. Null: nothing is kept, or the path is not among the first 20. */
    excerpt: z.string().nullable(),
  }),
  /** What follows in the live version: nothing, a person, only nodes that work on their own; or the node is gone. */
  handledBy: z.enum(HANDLED_BY),
});
export type ExceptionPathView = z.infer<typeof exceptionPath>;

export const listExceptions = contract({
  id: 'listExceptions',
  method: 'GET',
  path: '/api/insight/exceptions',
  scope: 'read',
  tag,
  summary: 'List exception paths with their last example',
  query: z.strictObject({
    ...range,
    /** Only paths that nothing or a person handles. */
    unautomated: z.literal('true').optional(),
    format,
  }),
  reply: z.object({
    /** The most runs first, at most 200. */
    items: z.array(exceptionPath),
    /** Ended runs in the range. A run can take several paths. */
    runs: z.number(),
  }),
  textTypes,
});

const reviewer = z.object({
  /** Null: open reviews that are assigned to no one. */
  name: z.string().nullable(),
  /** Open reviews now, by assignee. */
  waiting: z.number(),
  oldestAt: moment.nullable(),
  decided: z.number(),
  correction: share,
  override: share,
  /** Time from when a review was opened until it was decided. */
  p50: quantile,
  p95: quantile,
});
export type ReviewerView = z.infer<typeof reviewer>;

export const listReviewerFigures = contract({
  id: 'listReviewerFigures',
  method: 'GET',
  path: '/api/insight/reviewers',
  scope: 'read',
  tag,
  summary: 'List reviewers with their backlog and how long they take to decide',
  query: z.strictObject({ workflowId: range.workflowId, from: range.from, to: range.to }),
  reply: z.object({
    /** Open reviews, up to 5,000, and when the oldest was opened. */
    waiting: z.number(),
    oldestAt: moment.nullable(),
    items: z.array(reviewer),
  }),
});

const positive = z.number().min(0.01).max(1e6).nullable();
/** How work was done before, as the owner of the workflow says. Null: not known. */
export const baselineSchema = z.object({
  /** To handle one case without automation. */
  minutesPerCase: positive,
  /** For one review now. */
  minutesPerReview: positive,
  /** Share of cases that were handled wrongly. */
  wrongShare: z.number().min(0).max(1).nullable(),
  /** From request to response. */
  minutesToAnswer: positive,
});
export type Baseline = z.infer<typeof baselineSchema>;

const compared = z.object({ before: z.number().nullable(), now: z.number().nullable(), enough: z.boolean() });
const comparison = z.object({
  baseline: baselineSchema,
  revision: z.number(),
  /** Successful runs × time of a case − time of people. Null without the time of a case. */
  savedMs: z.number().nullable(),
  /** Decisions × time of a review. Null without the time of a review, unless there were none. */
  peopleMs: z.number().nullable(),
  /** Share of wrong outcomes; now: of rated runs. */
  wrong: compared,
  /** Median ms from request to response, with people. */
  answerMs: compared,
  /** Cases for each hour that a person works on them. */
  perHour: compared,
});
export type Comparison = z.infer<typeof comparison>;

export const getComparison = contract({
  id: 'getComparison',
  method: 'GET',
  path: '/api/insight/comparison',
  scope: 'read',
  tag,
  summary: 'Compare with the baseline: time saved, wrong outcomes, time to answer, throughput',
  query: z.strictObject({ workflowId: range.workflowId, from: range.from, to: range.to }),
  reply: comparison,
});

export const putBaseline = contract({
  id: 'putBaseline',
  method: 'PUT',
  path: '/api/insight/baseline',
  scope: 'edit',
  tag,
  summary: 'Set the baseline of a workflow, or of all',
  query: z.strictObject({ workflowId: range.workflowId }),
  body: baselineSchema.extend({ revision: z.number().int().min(0).optional(), reason }).strict(),
  reply: z.object({ baseline: baselineSchema, revision: z.number() }),
  errors: ['revision-conflict'],
});
