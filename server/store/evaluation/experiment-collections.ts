import { experimentResultSchema, experimentSchema } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

const shown = experimentSchema.shape;

/** The figures of an experiment so far. */
const experimentSummary = z.object({
  counts: shown.counts.omit({ open: true }),
  score: shown.score,
  graderScores: z.array(z.object({ score: z.number().nullable(), passed: z.number() })),
  costMicros: z.number(),
  unknownPrice: z.number(),
  medianMs: z.number().nullable(),
});
export type ExperimentSummary = z.infer<typeof experimentSummary>;

/** An experiment (S82), with everything it ran on. */
const experimentRecord = z.object({
  ...base,
  name: z.string(),
  subject: shown.subject,
  label: z.string(),
  /** What its runs are listed under: the workflow, or for prompts and routes the ID of the experiment. */
  runsOf: z.object({ id: z.string(), name: z.string(), version: z.union([z.literal('draft'), z.number()]) }),
  datasetId: z.string(),
  datasetName: z.string(),
  graders: shown.graders,
  allow: shown.allow,
  trials: z.number(),
  concurrency: z.number(),
  maxCostMicros: z.number().nullable(),
  status: shown.status,
  pause: shown.pause,
  error: shown.error,
  items: z.number(),
  summary: experimentSummary,
  ranOn: shown.ranOn,
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  actor,
  /** The process that drives it. Null: any may. */
  driver: z.string().nullable(),
});
export type ExperimentRecord = z.infer<typeof experimentRecord>;
export const experiments = declare<ExperimentRecord>({
  name: 'experiments',
  schema: experimentRecord,
  indexes: [
    { name: 'created', fields: ['createdAt'] },
    { name: 'by_dataset', fields: ['datasetId', 'createdAt'] },
    { name: 'by_status', fields: ['status', 'createdAt'] },
  ],
});

/** A part of the list of item versions that an experiment runs on. Never changed. Its ID is `<experiment>:<part>`. */
const experimentItemsRecord = z.object({ ...base, itemVersions: z.array(z.string()) });
export type ExperimentItemsRecord = z.infer<typeof experimentItemsRecord>;
export const experimentItems = declare<ExperimentItemsRecord>({ name: 'experiment_items', schema: experimentItemsRecord, indexes: [] });

/** The result of one item. Inserted once, when all its trials are graded. Its ID is `<experiment>:<index>`. */
const experimentResultRecord = experimentResultSchema.extend({
  ...base,
  experimentId: z.string(),
  /** What belongs together when results are resampled: a customer, a source run, or the item itself. */
  cluster: z.string(),
  /** Orders results, the worst first: the score, then stopped items, then errored ones. */
  rank: z.number(),
  /** `1`: it failed for a reason that can pass, so continuing the experiment runs it again. */
  mayPass: z.number(),
});
export type ExperimentResultRecord = z.infer<typeof experimentResultRecord>;
export const experimentResults = declare<ExperimentResultRecord>({
  name: 'experiment_results',
  schema: experimentResultRecord,
  indexes: [
    { name: 'by_rank', fields: ['experimentId', 'rank', 'status', 'mayPass'] },
    { name: 'by_source', fields: ['sourceRunId'], whereSet: 'sourceRunId' },
  ],
});

export const experimentCollections = [experiments, experimentItems, experimentResults];
