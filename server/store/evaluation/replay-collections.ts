import { OUTCOMES, type RunComparison } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { errorCodes } from '@switchyard/shared/errors.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

/** Many runs that are replayed on one version (S82a), or a shadow (S83). */
const replayRecord = z.object({
  ...base,
  workflowId: z.string(),
  version: z.union([z.literal('draft'), z.number()]),
  graphHash: z.string(),
  /** The runs to replay, newest first. Empty for a shadow. */
  sources: z.array(z.string()),
  maxCostMicros: z.number(),
  status: z.enum(['running', 'finished', 'cancelled']),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  /** When it was created, until it has ended. */
  openSince: z.string().nullable(),
  /** Only of a shadow: when it began, and null once it has ended. */
  shadowSince: z.string().nullable().optional(),
  /** What the runs of a shadow have spent. */
  spentMicros: z.number().optional(),
  actor,
});
export type ReplayRecord = z.infer<typeof replayRecord>;
export const replays = declare<ReplayRecord>({
  name: 'replays',
  schema: replayRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'createdAt'] },
    { name: 'created', fields: ['createdAt'] },
    { name: 'open', fields: ['openSince'], whereSet: 'openSince' },
    { name: 'shadows', fields: ['shadowSince'], whereSet: 'shadowSince' },
  ],
});

/** How one of the runs went. Its ID is `<replayId>:<index>`, or for a shadow `<replayId>:<sourceId>`. It names runs and nodes, and has no values of them. */
const replayResultRecord = z.object({
  ...base,
  replayId: z.string(),
  index: z.number(),
  /** The most serious outcomes first: rank and index. */
  place: z.string(),
  sourceId: z.string(),
  /** Null if it can’t be replayed. */
  runId: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  /** What it would do, or why it can’t be replayed. */
  what: z.string().nullable(),
  code: z.enum(errorCodes).nullable(),
  nodeKey: z.string().nullable(),
  costBefore: z.number(),
  costAfter: z.number(),
  spentMicros: z.number(),
  recorded: z.number(),
  asked: z.number(),
  /** The nodes that ran in one of the two, and the branches that only one of them took: `<nodeKey> → <port>`. */
  nodes: z.custom<RunComparison['nodes']>(),
  onlyBefore: z.array(z.string()),
  onlyAfter: z.array(z.string()),
});
export type ReplayResultRecord = z.infer<typeof replayResultRecord>;
export const replayResults = declare<ReplayResultRecord>({
  name: 'replay_results',
  schema: replayResultRecord,
  indexes: [{ name: 'by_replay', fields: ['replayId', 'place'] }],
});

export const replayCollections = [replays, replayResults];
