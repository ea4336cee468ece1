import { baselineSchema } from '@switchyard/shared/contracts/insight/insight.ts';
import type { ErrorCode } from '@switchyard/shared/errors.ts';
import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';
import { alertOpenings, alertRules } from './alert-rule-collections.ts';

/* Roll-ups of runs (S86). */

/** What roll-ups need of a run, besides its summary. */
export const rolledRunFields = {
  /** The mean score of its feedback. Missing without any. */
  rating: z.number().nullable().optional(),
  /** Its label `tenant`, if it has one. Missing in records of earlier versions. */
  tenant: z.string().optional(),
  /** Of a child run: `<workflowId>:<version>` of its outermost run, which its cost belongs to; empty if that run isn’t live. Missing in records of earlier versions. */
  costOf: z.string().optional(),
  /** Marks a live run until roll-ups have it (S86): when it ended, or a value of its own if something about it changed later. */
  unrolled: z.string().nullable().optional(),
  /** What it says about itself since it ended (`readFacts`). Missing if there is nothing to say, and in records of earlier versions. */
  facts: z.string().optional(),
};

/** Bucket, count, bucket, count, … in order. */
export type PackedHistogram = readonly number[];
export type PackedFigures = readonly [counters: readonly number[], ...histograms: PackedHistogram[]];
type Named<T> = readonly (readonly [name: string, packed: T])[];

/** A path that runs took because a case was unforeseen or failed. */
export interface ExceptionPath {
  readonly nodeKey: string;
  readonly port: string;
  /** Runs that took it. */
  readonly runs: number;
  /** The one that ended last. */
  readonly last: { readonly runId: string; readonly at: string; readonly code?: ErrorCode | undefined };
}

export interface PackedRollUp {
  readonly versions: Named<PackedFigures>;
  readonly slots?: readonly (readonly [slot: number, packed: PackedFigures])[];
  readonly tenants: Named<readonly number[]>;
  readonly targets: Named<readonly number[]>;
  readonly exceptions: readonly ExceptionPath[];
  readonly otherExceptions: number;
  readonly reviewers: Named<readonly [figures: readonly number[], ms: PackedHistogram]>;
}

/** The figures of one workflow in one hour or day. Its ID is `<workflowId>/<span>/<at>`. */
const rollUpRecord = z.object({
  ...base,
  workflowId: z.string(),
  span: z.enum(['hour', 'day']),
  /** When the hour or day began, UTC. */
  at: z.string(),
  figures: z.custom<PackedRollUp>(),
  /** Runs it was made from are gone, or of a day its hours: it never changes again. */
  frozen: z.boolean(),
  revision: z.number(),
});
export type RollUpRecord = z.infer<typeof rollUpRecord>;
export const rollUps = declare<RollUpRecord>({
  name: 'roll_ups',
  schema: rollUpRecord,
  indexes: [
    { name: 'by_time', fields: ['span', 'at'] },
    { name: 'by_workflow', fields: ['workflowId', 'span', 'at'] },
  ],
});

/** How far the runs of earlier versions, which are not marked, have been rolled up. One in each workspace. */
const rollUpProgressRecord = z.object({
  ...base,
  /** The next hour to look at. Null once all are done. */
  from: z.string().nullable(),
  /** Runs accepted after this are marked. */
  to: z.string(),
});
export type RollUpProgressRecord = z.infer<typeof rollUpProgressRecord>;
export const rollUpProgress = declare<RollUpProgressRecord>({ name: 'roll_up_progress', schema: rollUpProgressRecord, indexes: [] });

/** The process that does a periodic job. Its ID is the name of the job. */
const jobLeaseRecord = z.object({
  ...base,
  /** Null if it was given up. */
  holder: z.string().nullable(),
  /** Counts the signs of life of the holder. */
  beat: z.number(),
});
export type JobLeaseRecord = z.infer<typeof jobLeaseRecord>;
export const jobLeases = declare<JobLeaseRecord>({ name: 'job_leases', schema: jobLeaseRecord, indexes: [] });

/** How work was done before. Its ID is that of a workflow, or `all`. */
const baselineRecord = z.object({ ...base, baseline: baselineSchema, revision: z.number() });
export type BaselineRecord = z.infer<typeof baselineRecord>;
export const baselines = declare<BaselineRecord>({ name: 'baselines', schema: baselineRecord, indexes: [] });

export const insightCollections = [rollUps, rollUpProgress, jobLeases, baselines, alertRules, alertOpenings];
