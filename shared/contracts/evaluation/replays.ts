import { z } from 'zod';
import { errorCodes } from '../../errors.ts';
import { STOP_REASONS } from '../../evaluation/stand-ins.ts';
import { graphSchema } from '../../graph/graph.ts';
import { RUN_STATUSES } from '../../run/state.ts';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';
import { runFilterFields, runSchema } from '../runs.ts';

const tag = 'Replays';

/** How alike two values are. `words`: only texts differ, and the same fields and decisions are in them. */
export const LIKENESS = ['same', 'words', 'different'] as const;
export type Likeness = (typeof LIKENESS)[number];

const endSchema = z.object({
  status: z.enum(RUN_STATUSES),
  error: z.enum(errorCodes).nullable(),
  output: z.unknown(),
  /** What its calls cost, in micro-dollars. A recorded response counts at its original cost. */
  costMicros: z.number(),
});

/** How a node differs: only its words, its output or branch, or it fails, would ask a person, or would perform an effect. */
export const MARKS = ['words', 'different', 'person', 'effect', 'failed'] as const;
export type Mark = (typeof MARKS)[number];

const stepDifferenceSchema = z.object({
  nodeKey: z.string(),
  /** The step, as `draft#1`; an item’s step as `each#1[3]/draft#1`. */
  stepId: z.string(),
  what: z.array(z.enum(['status', 'port', 'output', 'words', 'error', 'only-before', 'only-after', 'stopped'])),
  before: z.unknown(),
  after: z.unknown(),
  portBefore: z.string().nullable(),
  portAfter: z.string().nullable(),
});
export type StepDifference = z.infer<typeof stepDifferenceSchema>;

export const comparisonSchema = z.object({
  runs: z.array(z.string()),
  /** Of everything below but the cost. */
  verdict: z.enum(LIKENESS),
  output: z.enum(LIKENESS),
  /** The nodes that ran, in any item and round, and the branches they took. */
  path: z.object({ same: z.boolean(), onlyBefore: z.array(z.string()), onlyAfter: z.array(z.string()) }),
  before: endSchema,
  after: endSchema,
  /** Where the second run could not continue without an effect or a person, in words. */
  stops: z.array(z.object({ nodeKey: z.string(), stepId: z.string(), why: z.enum(STOP_REASONS), what: z.string() })),
  /** Each node that ran in one of the runs, or would have. `mark`: its most serious difference. */
  nodes: z.array(z.object({ nodeKey: z.string(), before: z.boolean(), after: z.boolean(), mark: z.enum(MARKS).nullable() })),
  /** The steps that differ, in order. At most 200. */
  steps: z.array(stepDifferenceSchema),
  /** Calls of the second run: with a recorded response, and made again. */
  calls: z.object({ recorded: z.number().int(), asked: z.number().int() }),
});
export type RunComparison = z.infer<typeof comparisonSchema>;

export const replayRun = contract({
  id: 'replayRun',
  method: 'POST',
  path: '/api/runs/:id/replay',
  scope: 'run',
  tag,
  summary: 'Replay a run on the draft or another version; recorded responses replace its calls, and effects are never performed',
  params: idParams,
  body: z.strictObject({ version: z.union([z.literal('draft'), z.literal('live'), z.number().int().min(1)]).optional() }).optional(),
  reply: runSchema,
  statuses: [201],
  errors: ['not-found', 'graph-has-problems', 'not-published', 'payload-removed', 'bad-request', 'killed', 'overloaded', 'not-ready'],
});

export const compareRuns = contract({
  id: 'compareRuns',
  method: 'GET',
  path: '/api/runs/:id/compare/:other',
  scope: 'read',
  tag,
  summary: 'Compare two runs by output, path, branches, and cost, with the steps that differ',
  params: z.strictObject({ id: idParams.shape.id, other: idParams.shape.id }),
  reply: comparisonSchema,
  errors: ['not-found', 'payload-removed'],
});

/** How a replayed run differs from the original one, the most serious first. */
export const OUTCOMES = ['failed', 'effect', 'person', 'over-cost', 'different', 'words', 'same', 'not-replayable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const MOST_REPLAYED = 1_000;

const { workflowId: _workflowId, parent: _parent, ...filterFields } = runFilterFields;
const wantedFields = {
  workflowId: z.string().max(100),
  /** The newest live runs that have ended, or those of a filter. */
  runs: z.union([z.strictObject({ last: z.number().int().min(1).max(MOST_REPLAYED) }), z.strictObject({ filter: z.strictObject(filterFields) })]),
  version: z.union([z.literal('draft'), z.number().int().min(1)]),
};

export const estimateReplay = contract({
  id: 'estimateReplay',
  method: 'POST',
  path: '/api/replays/estimate',
  scope: 'read',
  tag,
  summary: 'Estimate the cost of replaying runs on a version, from what the changed nodes cost before',
  body: z.strictObject(wantedFields),
  reply: z.object({
    /** At most 1,000 are replayed. */
    runs: z.number().int(),
    notReplayable: z.number().int(),
    from: moment.nullable(),
    to: moment.nullable(),
    /** Nodes that are changed, new, or after one that is. */
    changedNodes: z.array(z.string()),
    /** Model calls that may be made again, and what they cost before, in micro-dollars. */
    modelCalls: z.number().int(),
    costMicros: z.number(),
    /** What calls in progress reserve at most, in micro-dollars: a limit has to leave room for it. */
    reservedMicros: z.number(),
    /** Calls on models without a price. */
    unknownPrice: z.number().int(),
    /** New nodes that call a model: their cost is unknown. */
    newModelNodes: z.array(z.string()),
  }),
  errors: ['not-found', 'bad-request'],
});

const countsSchema = z.object({
  total: z.number().int(),
  done: z.number().int(),
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, z.number().int()])),
} as {
  total: z.ZodNumber;
  done: z.ZodNumber;
} & Record<Outcome, z.ZodNumber>);

export const replaySchema = z.object({
  id: z.string(),
  workflowId: z.string(),
  version: z.union([z.literal('draft'), z.number().int()]),
  status: z.enum(['running', 'finished', 'cancelled']),
  /** Its runs are those of a shadow: they come in as live runs end (S83). */
  isShadow: z.boolean(),
  counts: countsSchema,
  /** What the replayed runs cost before and would cost now, and what was spent to find out, in micro-dollars. */
  cost: z.object({ before: z.number(), after: z.number(), spent: z.number(), max: z.number() }),
  calls: z.object({ recorded: z.number().int(), asked: z.number().int() }),
  /** In how many of the runs each node ran before and now, and in how many it differs, by how. */
  nodes: z.array(
    z.object({
      nodeKey: z.string(),
      before: z.number().int(),
      after: z.number().int(),
      marks: z.array(z.object({ mark: z.enum(MARKS), runs: z.number().int() })),
    }),
  ),
  /** How many more or fewer runs take each branch: `<nodeKey> → <port>`. */
  paths: z.array(z.object({ path: z.string(), runs: z.number().int() })),
  createdAt: moment,
  endedAt: moment.nullable(),
});
export type Replay = z.infer<typeof replaySchema>;

export const startReplay = contract({
  id: 'startReplay',
  method: 'POST',
  path: '/api/replays',
  scope: 'run',
  tag,
  summary: 'Replay many runs on one version, within a cost limit',
  body: z.strictObject({ ...wantedFields, maxCostMicros: z.number().min(0).max(1e12) }),
  reply: replaySchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'graph-has-problems', 'payload-removed', 'not-ready'],
});
export const listReplays = contract({
  id: 'listReplays',
  method: 'GET',
  path: '/api/replays',
  scope: 'read',
  tag,
  summary: 'List replays of many runs, newest first',
  query: z.strictObject({ ...pageQuery, workflowId: z.string().max(100).optional() }),
  reply: pageOf(replaySchema.omit({ nodes: true, paths: true })),
  errors: ['bad-request'],
});
export const getReplay = contract({
  id: 'getReplay',
  method: 'GET',
  path: '/api/replays/:id',
  scope: 'read',
  tag,
  summary: 'Get the progress of a replay of many runs, and how they differ',
  params: idParams,
  reply: replaySchema,
  errors: ['not-found'],
});
export const replayedRunSchema = z.object({
  index: z.number().int(),
  sourceId: z.string(),
  /** A text of its input that tells it from others. Null if it has none, or it was removed. */
  title: z.string().nullable(),
  runId: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  what: z.string().nullable(),
  code: z.enum(errorCodes).nullable(),
  nodeKey: z.string().nullable(),
  costBefore: z.number(),
  costAfter: z.number(),
  /** Nodes that differ. */
  nodes: z.array(z.string()),
});
export type ReplayedRun = z.infer<typeof replayedRunSchema>;
export const listReplayedRuns = contract({
  id: 'listReplayedRuns',
  method: 'GET',
  path: '/api/replays/:id/runs',
  scope: 'read',
  tag,
  summary: 'List the runs of a replay, most different first',
  params: idParams,
  query: z.strictObject({ ...pageQuery, outcome: z.enum(OUTCOMES).optional() }),
  reply: pageOf(replayedRunSchema),
  errors: ['not-found', 'bad-request'],
});
export const cancelReplay = contract({
  id: 'cancelReplay',
  method: 'POST',
  path: '/api/replays/:id/cancel',
  scope: 'run',
  tag,
  summary: 'Cancel a replay of many runs; results so far are kept',
  params: idParams,
  reply: replaySchema,
  errors: ['not-found'],
});
export const getReplayGraph = contract({
  id: 'getReplayGraph',
  method: 'GET',
  path: '/api/replays/:id/graph',
  scope: 'read',
  tag,
  summary: 'Get the graph that runs are replayed on',
  params: idParams,
  reply: graphSchema,
  errors: ['not-found'],
});
