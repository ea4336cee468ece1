import { correctionSchema, draftSourceSchema } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { CAUSE_GROUPS } from '@switchyard/shared/evaluation/choices.ts';
import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';
import { authorities, authorityLabels } from './authority-collections.ts';
import { exceptionCases, exceptionPaths } from './exception-collections.ts';
import { feedback } from './feedback-collections.ts';

/* What reviewers changed, and what every decided review says about its drafts (S85). */

const fields = correctionSchema.shape;

/** What a reviewer changed in one field of a draft, and why. Records of earlier versions have all fields of a review, and no cause. */
const correctionRecord = z.object({
  ...fields,
  ...base,
  reviewId: fields.reviewId.optional(),
  reviewTitle: fields.reviewTitle.optional(),
  version: fields.version.optional(),
  asProposed: fields.asProposed.optional(),
  madeBy: fields.madeBy.optional(),
  likely: fields.likely.optional(),
  confirmed: fields.confirmed.optional(),
  /** The confirmed cause, else the likely one, for filters. Missing in older records, like the next. */
  cause: z.enum(CAUSE_GROUPS).optional(),
  /** Whether a person confirmed it, as 0 or 1. */
  isConfirmed: z.number().optional(),
});
export type CorrectionRecord = z.infer<typeof correctionRecord>;
export const corrections = declare<CorrectionRecord>({
  name: 'corrections',
  schema: correctionRecord,
  indexes: [
    { name: 'at', fields: ['at', 'cause', 'isConfirmed'] },
    { name: 'by_workflow', fields: ['workflowId', 'at'] },
    { name: 'by_run', fields: ['runId'] },
  ],
});

/** A review that a person decided: the denominator of correction rates. Its ID is the review’s. It holds no payload. */
const reviewOutcomeRecord = z.object({
  ...base,
  runId: z.string(),
  workflowId: z.string(),
  version: z.union([z.literal('draft'), z.number()]),
  nodeKey: z.string(),
  at: z.string(),
  /** A field was changed. */
  changed: z.boolean(),
  /** The decision is another than the proposed one. */
  overridden: z.boolean(),
  /** What made its drafts, each step once, and whether the reviewer changed a field that it made. */
  drafts: z.array(draftSourceSchema.pick({ nodeKey: true, route: true, target: true }).extend({ prompt: z.string().nullable(), changed: z.boolean() })),
});
export type ReviewOutcomeRecord = z.infer<typeof reviewOutcomeRecord>;
export const reviewOutcomes = declare<ReviewOutcomeRecord>({
  name: 'review_outcomes',
  schema: reviewOutcomeRecord,
  indexes: [
    { name: 'at', fields: ['at'] },
    { name: 'by_workflow', fields: ['workflowId', 'at'] },
  ],
});

/** What people say about outcomes and drafts. */
export const correctionCollections = [corrections, reviewOutcomes, feedback, exceptionPaths, exceptionCases, authorities, authorityLabels];
