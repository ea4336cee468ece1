import { z } from 'zod';
import { errorCodes } from '../../errors.ts';
import { STOP_REASONS } from '../../evaluation/stand-ins.ts';
import { RUN_STATUSES } from '../../run/state.ts';
import { contract, idParams } from '../contract.ts';
import { runSchema } from '../runs.ts';

const tag = 'Replays';

/** How alike two values are. `words`: only texts differ, and the same fields and decisions are in them. */
export const LIKENESS = ['same', 'words', 'different'] as const;
export type Likeness = (typeof LIKENESS)[number];

const endSchema = z.object({
  status: z.enum(RUN_STATUSES),
  error: z.enum(errorCodes).nullable(),
  output: z.unknown(),
  /** What its calls cost, in micro-dollars. A recorded answer counts with what it cost then. */
  costMicros: z.number(),
});

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
  /** The steps that differ, in order. At most 200. */
  steps: z.array(stepDifferenceSchema),
  /** Calls of the second run: answered by records, and made again. */
  calls: z.object({ recorded: z.number().int(), asked: z.number().int() }),
});
export type RunComparison = z.infer<typeof comparisonSchema>;

export const replayRun = contract({
  id: 'replayRun',
  method: 'POST',
  path: '/api/runs/:id/replay',
  scope: 'run',
  tag,
  summary: 'Replay a run on the draft or another version: recorded answers replace its calls, and effects are never performed',
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
  summary: 'Compare two runs: outputs, paths, branches, and cost, with the steps that differ',
  params: z.strictObject({ id: idParams.shape.id, other: idParams.shape.id }),
  reply: comparisonSchema,
  errors: ['not-found', 'payload-removed'],
});
