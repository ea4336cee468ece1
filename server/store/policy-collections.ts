import { erasureSchema, type PolicyContent, type Retention } from '@switchyard/shared/contracts/policies.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/* Data policies of workflows, and the records beside runs that they need. */

/** The data policy of a workflow. Its ID is the workflow's. */
const policyRecord = z.object({ ...base, content: z.custom<PolicyContent>(), contentHash: z.string(), revision: z.number(), updatedAt: z.string(), actor });
export type PolicyRecord = z.infer<typeof policyRecord>;
export const policies = declare<PolicyRecord>({ name: 'policies', schema: policyRecord, indexes: [] });

/** A policy by its content hash, which is its ID. Never changed: a run keeps the policy it started with. */
const policyContentRecord = z.object({ ...base, content: z.custom<PolicyContent>(), createdAt: z.string() });
export type PolicyContentRecord = z.infer<typeof policyContentRecord>;
export const policyContents = declare<PolicyContentRecord>({ name: 'policy_contents', schema: policyContentRecord, indexes: [] });

/** The encrypted value of a token in a run. Its ID is `<runId>:<token>`. */
const runTokenRecord = z.object({ ...base, runId: z.string(), token: z.string(), sealed: z.string(), at: z.string() });
export type RunTokenRecord = z.infer<typeof runTokenRecord>;
export const runTokens = declare<RunTokenRecord>({ name: 'run_tokens', schema: runTokenRecord, indexes: [{ name: 'by_run', fields: ['runId'] }] });

/** How often each detector found something in one workflow in one hour. Its ID is `<workflowId>:<hour>`. */
const redactionCountRecord = z.object({
  ...base,
  workflowId: z.string(),
  hour: z.string(),
  counts: z.record(z.string(), z.number()),
  revision: z.number(),
});
export type RedactionCountRecord = z.infer<typeof redactionCountRecord>;
export const redactionCounts = declare<RedactionCountRecord>({
  name: 'redaction_counts',
  schema: redactionCountRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'hour'] },
    { name: 'hour', fields: ['hour'] },
  ],
});

/**
 * Up to which time of acceptance the runs of a workflow have lost their payloads, journals, and records. Its ID is the workflow's. Stays when
 * the workflow is deleted for good, with its last settings.
 */
const retentionProgressRecord = z.object({
  ...base,
  retention: z.custom<Retention>(),
  payloadsTo: z.string(),
  journalsTo: z.string(),
  summariesTo: z.string(),
});
export type RetentionProgressRecord = z.infer<typeof retentionProgressRecord>;
export const retentionProgress = declare<RetentionProgressRecord>({ name: 'retention_progress', schema: retentionProgressRecord, indexes: [] });

/** The receipt of an erasure, without the value of the label. */
const erasureRecord = erasureSchema.omit({ value: true, dryRun: true }).extend({
  ...base,
  /** Missing in older records. */
  rows: z.number().optional(),
  valueHash: z.string(),
  actor,
});
export type ErasureRecord = z.infer<typeof erasureRecord>;
export const erasures = declare<ErasureRecord>({ name: 'erasures', schema: erasureRecord, indexes: [{ name: 'at', fields: ['at'] }] });

/** A run whose payloads are removed when it ends (S66). Its ID is the run's. */
const endingRunRecord = z.object({ ...base, policy: z.string(), acceptedAt: z.string() });
export type EndingRunRecord = z.infer<typeof endingRunRecord>;
export const endingRuns = declare<EndingRunRecord>({ name: 'ending_runs', schema: endingRunRecord, indexes: [] });

/** The output of such a run for its caller, sealed under the token of its status URL. Its ID is the run's. */
const keptReplyRecord = z.object({ ...base, sealed: z.string(), until: z.string() });
export type KeptReplyRecord = z.infer<typeof keptReplyRecord>;
export const keptReplies = declare<KeptReplyRecord>({ name: 'kept_replies', schema: keptReplyRecord, indexes: [{ name: 'until', fields: ['until'] }] });

/** The key of a run whose payloads are encrypted while it is open (S66), itself encrypted. Its ID is the run's. */
const runKeyRecord = z.object({ ...base, sealed: z.string() });
export type RunKeyRecord = z.infer<typeof runKeyRecord>;
export const runKeys = declare<RunKeyRecord>({ name: 'run_keys', schema: runKeyRecord, indexes: [] });

/** A run that was removed with everything, for a while (S66a). Its ID is the run's. */
const removedRunRecord = z.object({ ...base, at: z.string() });
export type RemovedRunRecord = z.infer<typeof removedRunRecord>;
export const removedRuns = declare<RemovedRunRecord>({ name: 'removed_runs', schema: removedRunRecord, indexes: [{ name: 'at', fields: ['at'] }] });

export const policyCollections = [
  policies,
  policyContents,
  runTokens,
  redactionCounts,
  retentionProgress,
  erasures,
  endingRuns,
  keptReplies,
  runKeys,
  removedRuns,
];
