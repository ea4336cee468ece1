import { authorityChangeSchema, evidenceSchema, groupStateSchema, proposalSchema, weekSchema } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/* How much of its reviews a person sees, by node, and the labels that decide it (S84). Neither holds a payload. */

const groupRecord = z.object({
  name: z.string(),
  state: groupStateSchema,
  /** A person or the watch set its share. Otherwise, the settings of the node do. */
  isSet: z.boolean(),
  /** Its last weeks, oldest first. */
  weeks: z.array(weekSchema),
  /** When it last went back to full review, and from which figures. Cleared when less is accepted. */
  drift: authorityChangeSchema.nullable(),
  /** The proposal that was put off: none is shown until there is more evidence. */
  dismissedAt: z.number().nullable(),
});
export type AuthorityGroup = z.infer<typeof groupRecord>;

/** The state of a review node. Its ID is `<workflowId>:<nodeKey>`. */
const authorityRecord = z.object({
  ...base,
  workflowId: z.string(),
  nodeKey: z.string(),
  /** Counts changes of the record. */
  revision: z.number(),
  groups: z.array(groupRecord),
  rare: z.object({ lookedAt: z.number(), looks: z.number(), proposal: proposalSchema.nullable() }),
  /** By confidence of the gate. */
  confidences: z.array(evidenceSchema),
  /** The labels of the last change: counted, though they may still be pending. */
  counted: z.array(z.string()),
  /** Newest first. */
  changes: z.array(authorityChangeSchema),
  /** Returns to full review that no one was told of yet, oldest first. */
  notices: z.array(authorityChangeSchema),
  /** Attempts to send the first of them, and when the next one is due. Null without any. */
  noticeAttempts: z.number(),
  noticeDueAt: z.string().nullable(),
  updatedAt: z.string(),
});
export type AuthorityRecord = z.infer<typeof authorityRecord>;
export const authorities = declare<AuthorityRecord>({
  name: 'authorities',
  schema: authorityRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId'] },
    { name: 'notice', fields: ['noticeDueAt'], whereSet: 'noticeDueAt' },
  ],
});

/** A drawn review that a person decided, or an error that was reported later. */
const authorityLabelRecord = z.object({
  ...base,
  workflowId: z.string(),
  /** `<workflowId>:<nodeKey>` */
  nodeId: z.string(),
  runId: z.string(),
  reviewId: z.string().nullable(),
  group: z.string(),
  probability: z.number(),
  confidence: z.number().nullable(),
  wrong: z.boolean(),
  /** Another decision than the proposed one. */
  rejected: z.boolean(),
  /** Names of changed fields that matter. */
  fields: z.array(z.string()),
  /** Feedback said so, after the review. */
  late: z.boolean(),
  at: z.string(),
  /** Set until it is counted: when it was recorded. */
  pendingAt: z.string().nullable(),
});
export type AuthorityLabelRecord = z.infer<typeof authorityLabelRecord>;
export const authorityLabels = declare<AuthorityLabelRecord>({
  name: 'authority_labels',
  schema: authorityLabelRecord,
  indexes: [
    { name: 'by_node', fields: ['nodeId', 'at', 'group', 'wrong'] },
    { name: 'by_workflow', fields: ['workflowId'] },
    { name: 'by_run', fields: ['runId'] },
    { name: 'pending', fields: ['pendingAt'], whereSet: 'pendingAt' },
  ],
});
