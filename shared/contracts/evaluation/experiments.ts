import { z } from 'zod';
import { errorCodes } from '../../errors.ts';
import { PAIR_OUTCOMES, SPLITS } from '../../evaluation/choices.ts';
import { actorSchema } from '../../run/actor.ts';
import { contract, countedPageQuery, idParams, moment, pageOf, pageQuery } from '../contract.ts';
import { gradeOutcomeSchema, graderSchema } from './graders.ts';

/* Experiments run a subject on the items of a dataset and grade what comes out (S82). Scores are 0–1, money is in micro-dollars. */

const tag = 'Evaluation';

export const MOST_GRADERS = 20;
export const MOST_TRIALS = 10;
export const MOST_CONCURRENT = 16;
/** Further experiments that can be compared with one baseline at once. */
export const MOST_COMPARED = 9;
const MOST_ALLOWED = 100;

const workflowVersion = z.union([z.literal('draft'), z.number().int().min(1)]);
const templates = z.record(z.string().min(1).max(100), z.unknown());

/** What an experiment runs. */
export const subjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('workflow'), workflowId: z.string().min(1).max(100), version: workflowVersion.default('draft') }),
  /** A version of a prompt, by default the latest one. `variables`: templates over the item’s `input`; by default, its fields of the same name. */
  z.strictObject({
    kind: z.literal('prompt'),
    name: z.string().min(1).max(100),
    version: z.number().int().min(1).optional(),
    route: z.string().min(1).max(100).default('careful'),
    variables: templates.optional(),
  }),
  /**
   * A model route, on a message: a template over the item’s `input`. With `in`, the route takes the place of another one in a workflow.
   * Routes are resolved at each call, so the version that served is in each run.
   */
  z.strictObject({
    kind: z.literal('route'),
    name: z.string().min(1).max(100),
    system: z.string().max(20_000).default(''),
    message: z.string().min(1).max(20_000).default('{{ input.message }}'),
    in: z.strictObject({ workflowId: z.string().min(1).max(100), version: workflowVersion.default('draft'), instead: z.string().min(1).max(100) }).optional(),
  }),
]);
export type Subject = z.output<typeof subjectSchema>;

/** Why an experiment paused. It continues with `POST …/continue`. */
export const PAUSE_REASONS = ['cost', 'provider', 'budget', 'killed'] as const;

export const EXPERIMENT_STATUSES = ['queued', 'running', 'paused', 'finished', 'failed', 'cancelled'] as const;

const interval = z.object({ low: z.number(), high: z.number() });

const itemCounts = z.object({
  /** Not run or not graded yet. */
  open: z.number().int(),
  /** Graded. Only these count in scores. */
  graded: z.number().int(),
  passed: z.number().int(),
  /** The run or a grader failed. */
  errored: z.number().int(),
  /** The run stopped before an effect, or needs a person. */
  stopped: z.number().int(),
  /** Of those that errored: for a reason that can pass, so continuing runs them again. */
  retryable: z.number().int(),
});

const graderSummary = z.object({
  label: z.string(),
  kind: z.string(),
  /** Of graded items. Null without any. */
  score: z.number().nullable(),
  passed: z.number().int(),
});

export const experimentSchema = z.object({
  id: z.string(),
  name: z.string(),
  subject: subjectSchema,
  /** The subject in words: `Draft`, `v7`, `support-reply v4`. */
  label: z.string(),
  /** The workflow whose runs these are listed under. Null if the subject is not a workflow. */
  workflowId: z.string().nullable(),
  dataset: z.object({ id: z.string(), name: z.string() }),
  graders: z.array(graderSchema),
  allow: z.array(z.string()),
  trials: z.number().int(),
  concurrency: z.number().int(),
  maxCostMicros: z.number().nullable(),
  status: z.enum(EXPERIMENT_STATUSES),
  pause: z.object({ reason: z.enum(PAUSE_REASONS), message: z.string() }).nullable(),
  /** Why it failed as a whole. */
  error: z.string().nullable(),
  items: z.number().int(),
  counts: itemCounts,
  /** The mean score of graded items. Null without any. */
  score: z.number().nullable(),
  /** The share of graded items that passed: its 95% confidence interval. Null without any. */
  passInterval: interval.nullable(),
  graderScores: z.array(graderSummary),
  /** Spent on runs and graders. */
  costMicros: z.number(),
  /** Trials whose cost is not known in full. */
  unknownPrice: z.number().int(),
  medianMs: z.number().nullable(),
  /** What it ran on, so it can be repeated: hashes of the graph and of the list of item versions. */
  ranOn: z.object({ graphHash: z.string(), itemsHash: z.string(), promptVersion: z.number().nullable() }),
  createdAt: moment,
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
  actor: actorSchema,
});
export type Experiment = z.infer<typeof experimentSchema>;

const trialSchema = z.object({
  /** Null if no run could be started. */
  runId: z.string().nullable(),
  costMicros: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** In the order of the graders. Empty if the run has no output to grade. */
  grades: z.array(gradeOutcomeSchema),
});

export const RESULT_STATUSES = ['graded', 'errored', 'stopped'] as const;

export const experimentResultSchema = z.object({
  /** The item’s place in the experiment, from 0. */
  index: z.number().int(),
  itemId: z.string(),
  itemVersion: z.number().int(),
  /** The item in a few words. */
  title: z.string(),
  tags: z.array(z.string()),
  sourceRunId: z.string().nullable(),
  status: z.enum(RESULT_STATUSES),
  /** In more than half of the trials, every grader passed. Null if not graded. */
  passed: z.boolean().nullable(),
  /** Means over the trials. Null if not graded. */
  score: z.number().nullable(),
  graderScores: z.array(z.number().nullable()),
  /** What the strictest grader said, or why the item is left out. */
  reason: z.string(),
  /** The code of the error that left it out. */
  code: z.enum(errorCodes).nullable(),
  costMicros: z.number().nullable(),
  durationMs: z.number().nullable(),
  trials: z.array(trialSchema),
});
export type ExperimentResult = z.infer<typeof experimentResultSchema>;

export const listExperiments = contract({
  id: 'listExperiments',
  method: 'GET',
  path: '/api/experiments',
  scope: 'read',
  tag,
  summary: 'List experiments, newest first',
  query: z.strictObject({ ...pageQuery, datasetId: z.string().max(100).optional() }),
  reply: pageOf(experimentSchema),
});

export const createExperiment = contract({
  id: 'createExperiment',
  method: 'POST',
  path: '/api/experiments',
  scope: 'run',
  tag,
  summary: 'Run a workflow, prompt, or route on the items of a dataset, and grade the outputs',
  body: z.strictObject({
    name: z.string().trim().min(1).max(200),
    subject: subjectSchema,
    datasetId: z.string().min(1).max(100),
    /** Only items of this split, or with this tag. */
    items: z.strictObject({ split: z.enum(SPLITS).optional(), tag: z.string().min(1).max(50).optional() }).optional(),
    graders: z.array(graderSchema).min(1).max(MOST_GRADERS),
    /** Keys of nodes whose effects are performed. */
    allow: z.array(z.string().max(100)).max(MOST_ALLOWED).default([]),
    /** The experiment pauses before it exceeds this. */
    maxCostMicros: z.number().positive().max(1e12).optional(),
    trials: z.number().int().min(1).max(MOST_TRIALS).default(1),
    /** How many items run at once. */
    concurrency: z.number().int().min(1).max(MOST_CONCURRENT).default(4),
  }),
  reply: experimentSchema,
  statuses: [201],
  errors: ['bad-request', 'not-found', 'graph-has-problems', 'too-large'],
});

export const getExperiment = contract({
  id: 'getExperiment',
  method: 'GET',
  path: '/api/experiments/:id',
  scope: 'read',
  tag,
  summary: 'Get an experiment with its status, score, and cost',
  params: idParams,
  reply: experimentSchema,
  errors: ['not-found'],
});

export const listExperimentResults = contract({
  id: 'listExperimentResults',
  method: 'GET',
  path: '/api/experiments/:id/results',
  scope: 'read',
  tag,
  summary: 'List the results of an experiment by item, worst first',
  params: idParams,
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(RESULT_STATUSES).optional(),
    /** Only those that wait for a person’s grade. */
    waiting: z.literal('true').optional(),
    order: z.enum(['worst', 'item']).default('worst'),
  }),
  reply: pageOf(experimentResultSchema),
  errors: ['not-found'],
});

export const resultParams = z.strictObject({ ...idParams.shape, index: z.coerce.number().int().min(0).max(1e6) });

export const getExperimentResult = contract({
  id: 'getExperimentResult',
  method: 'GET',
  path: '/api/experiments/:id/results/:index',
  scope: 'read',
  tag,
  summary: 'Get the result of an item with its input, expected value, and the output of a trial',
  params: resultParams,
  /** The trial whose output is returned, from 0. */
  query: z.strictObject({
    trial: z.coerce
      .number()
      .int()
      .min(0)
      .max(MOST_TRIALS - 1)
      .default(0),
  }),
  reply: z.object({
    result: experimentResultSchema,
    input: z.unknown(),
    /** Missing if the item has none. */
    expected: z.unknown().optional(),
    /** Missing if the run has none, or its data was removed. */
    output: z.unknown().optional(),
  }),
  errors: ['not-found'],
});
export type ExperimentResultValues = z.infer<typeof getExperimentResult.reply>;

export const cancelExperiment = contract({
  id: 'cancelExperiment',
  method: 'POST',
  path: '/api/experiments/:id/cancel',
  scope: 'run',
  tag,
  summary: 'Cancel an experiment; results so far are kept',
  params: idParams,
  reply: experimentSchema,
  errors: ['not-found', 'already-decided'],
});

export const continueExperiment = contract({
  id: 'continueExperiment',
  method: 'POST',
  path: '/api/experiments/:id/continue',
  scope: 'run',
  tag,
  summary: 'Continue a paused, canceled, or finished experiment: runs open items and retries those that failed temporarily',
  params: idParams,
  body: z.strictObject({ maxCostMicros: z.number().positive().max(1e12).nullable().optional() }).optional(),
  reply: experimentSchema,
  errors: ['not-found', 'bad-request', 'already-decided'],
});

export type PairOutcome = (typeof PAIR_OUTCOMES)[number];

/** A comparison that the pairs are too few for: fewer than needed, or not one of them differs. */
const tooFewSchema = z.object({ pairs: z.number().int(), needed: z.number().int(), allEqual: z.boolean() });

const comparisonCore = {
  /** Of the experiment compared with, and of this one. Null if unknown. */
  baseline: z.number().nullable(),
  subject: z.number().nullable(),
  pairs: z.number().int(),
  difference: z.number().nullable(),
  /** The 95% confidence interval of the difference. Null if there are too few pairs. */
  interval: interval.nullable(),
  p: z.number().nullable(),
  tooFew: tooFewSchema.nullable(),
  /** `none`: the interval holds 0. */
  verdict: z.enum(['better', 'worse', 'none', 'too-few']),
};

const measureSchema = z.object({
  key: z.string(),
  label: z.string(),
  /** `share`: 0–1, differences in points. `score`: 0–1. `cost`: micro-dollars, differences relative to the baseline. `time`: ms. */
  unit: z.enum(['share', 'score', 'cost', 'time']),
  /** Which sign of the difference is better. */
  better: z.enum(['higher', 'lower']),
  ...comparisonCore,
});
export type ExperimentMeasure = z.infer<typeof measureSchema>;

const sideSchema = z.object({ id: z.string(), name: z.string(), label: z.string(), open: z.number().int() });

export const experimentComparisonSchema = z.object({
  subject: sideSchema,
  baseline: sideSchema,
  /** The answer in a sentence, and what to know about it. */
  headline: z.string(),
  detail: z.string(),
  verdict: z.enum(['better', 'worse', 'none', 'too-few']),
  pairs: z.number().int(),
  /** Items that are not compared: a side failed, a side stopped, or only one side has a result of this version of the item. */
  leftOut: z.object({ errored: z.number().int(), stopped: z.number().int(), unpaired: z.number().int() }),
  outcomes: z.record(z.enum(PAIR_OUTCOMES), z.number().int()),
  measures: z.array(measureSchema),
  tags: z.array(z.object({ tag: z.string(), ...comparisonCore })),
  /** How the intervals were computed. `comparisons`: more than 1 are adjusted by the method of Holm. */
  method: z.object({ alpha: z.number(), resamples: z.number().int(), seed: z.number().int(), clusters: z.number().int(), comparisons: z.number().int() }),
});
export type ExperimentComparison = z.infer<typeof experimentComparisonSchema>;

const compareParams = z.strictObject({ ...idParams.shape, other: idParams.shape.id });

export const compareExperiments = contract({
  id: 'compareExperiments',
  method: 'GET',
  path: '/api/experiments/:id/compare/:other',
  scope: 'read',
  tag,
  summary: 'Compare an experiment with a baseline, pair by pair, with confidence intervals',
  params: compareParams,
  /** `also`: IDs of further experiments compared with the same baseline, separated by commas. */
  query: z.strictObject({ also: z.string().max(1_100).optional() }),
  reply: experimentComparisonSchema,
  errors: ['not-found', 'bad-request'],
});

const pairSideSchema = z.object({
  index: z.number().int(),
  status: z.enum(RESULT_STATUSES),
  passed: z.boolean().nullable(),
  score: z.number().nullable(),
  reason: z.string(),
  costMicros: z.number().nullable(),
  durationMs: z.number().nullable(),
  runId: z.string().nullable(),
});

export const experimentPairSchema = z.object({
  itemId: z.string(),
  itemVersion: z.number().int(),
  title: z.string(),
  tags: z.array(z.string()),
  /** Null: left out, because a side has no grade. */
  outcome: z.enum(PAIR_OUTCOMES).nullable(),
  subject: pairSideSchema.nullable(),
  baseline: pairSideSchema.nullable(),
});
export type ExperimentPair = z.infer<typeof experimentPairSchema>;

export const listExperimentPairs = contract({
  id: 'listExperimentPairs',
  method: 'GET',
  path: '/api/experiments/:id/compare/:other/pairs',
  scope: 'read',
  tag,
  summary: 'List the pairs of two experiments, worst for this one first',
  params: compareParams,
  query: z.strictObject({ ...countedPageQuery, outcome: z.enum([...PAIR_OUTCOMES, 'left-out']).optional() }),
  reply: pageOf(experimentPairSchema),
  errors: ['not-found', 'bad-request'],
});
