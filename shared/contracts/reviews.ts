import { z } from 'zod';
import { fileEntrySchema, fileId } from '../files/file-entry.ts';
import { verbatimObject } from '../json.ts';
import type { ReviewContext, ReviewField, WhenDue } from '../run/events.ts';
import { STEP_STATUSES } from '../run/state.ts';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';

export const reviewSchema = z.object({
  id: z.string(),
  runId: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  version: z.union([z.literal('draft'), z.number()]),
  stepId: z.string(),
  title: z.string(),
  instructions: z.string().nullable(),
  /** The reason for the review. */
  why: z.string().nullable(),
  /** `closed`: no longer needs a decision. */
  status: z.enum(['open', 'done', 'closed']),
  decisions: z.array(z.object({ id: z.string(), title: z.string(), requireFields: z.boolean().optional() })),
  fields: z.array(z.custom<ReviewField>()),
  context: z.array(z.custom<ReviewContext>()),
  /** The files in `fields` and `context`, by where they are. */
  files: z.array(fileEntrySchema).optional(),
  assignee: z.string().nullable(),
  dueAt: moment.nullable(),
  whenDue: z.custom<WhenDue>().nullable(),
  createdAt: moment,
  decidedAt: moment.nullable(),
  decidedBy: z.string().nullable(),
  /** The budget that is used up, and its hard limit then (S63). */
  budgetId: z.string().optional(),
  budgetHardMicros: z.number().optional(),
  decision: z.object({ decision: z.string(), values: verbatimObject, comment: z.string(), reasons: z.array(z.string()) }).nullable(),
  /** URL that shows this review without sign-in, for an email or chat. Anyone with it can decide. */
  link: z.string().nullable(),
});
export type Review = z.infer<typeof reviewSchema>;

/** What happened before a review, and its other rounds. */
export const reviewStorySchema = z.object({
  /** Steps of the run so far, by start time. */
  happened: z.array(
    z.object({
      stepId: z.string(),
      title: z.string(),
      /** The outcome, in a few words. */
      detail: z.string(),
      status: z.enum(STEP_STATUSES),
      startedAt: moment.nullable(),
      endedAt: moment.nullable(),
    }),
  ),
  /** The reviews of this step in all rounds, in order, including this one. */
  rounds: z.array(reviewSchema.pick({ id: true, status: true, decidedAt: true, decidedBy: true, decision: true }).extend({ round: z.number() })),
  /** Decisions that lead back to an earlier node. */
  backward: z.array(z.string()),
});
export type ReviewStory = z.infer<typeof reviewStorySchema>;

/** A person's or team's name: no line breaks or other control characters. */
const personName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200)
  .regex(/^\P{C}*$/u, 'must be one line');

const decisionBody = z.strictObject({
  decision: z.string().max(100),
  values: verbatimObject.optional(),
  comment: z.string().max(10_000).optional(),
  reasons: z.array(z.string().max(200)).max(50).optional(),
  /** The reviewer's name, as they choose it. */
  reviewer: personName.optional(),
});

const tag = 'Reviews';
const tokenParams = z.strictObject({ token: z.string().min(1).max(100) });
const linkReply = z.object({ review: reviewSchema, story: reviewStorySchema });

export const listReviews = contract({
  id: 'listReviews',
  method: 'GET',
  path: '/api/reviews',
  scope: 'read',
  tag,
  summary: 'List open or decided reviews',
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['open', 'done']).default('open'),
    assignee: z.string().max(200).optional(),
    runId: z.string().max(100).optional(),
  }),
  reply: pageOf(reviewSchema),
});
export const getReview = contract({
  id: 'getReview',
  method: 'GET',
  path: '/api/reviews/:id',
  scope: 'read',
  tag,
  summary: 'Get a review',
  params: idParams,
  reply: reviewSchema,
  errors: ['not-found'],
});
export const getReviewStory = contract({
  id: 'getReviewStory',
  method: 'GET',
  path: '/api/reviews/:id/story',
  scope: 'read',
  tag,
  summary: 'Get a review’s history and other rounds',
  params: idParams,
  reply: reviewStorySchema,
  errors: ['not-found'],
});
export const assignReview = contract({
  id: 'assignReview',
  method: 'PATCH',
  path: '/api/reviews/:id',
  scope: 'review',
  tag,
  summary: 'Assign a review',
  params: idParams,
  body: z.strictObject({ assignee: personName.nullable() }),
  reply: reviewSchema,
  errors: ['not-found', 'already-decided', 'run-ended'],
});
export const decideReview = contract({
  id: 'decideReview',
  method: 'POST',
  path: '/api/reviews/:id/decision',
  scope: 'review',
  tag,
  summary: 'Decide a review; the first decision counts',
  params: idParams,
  body: decisionBody,
  reply: reviewSchema,
  errors: ['not-found', 'bad-request', 'already-decided', 'run-ended'],
});
export const renewReviewLink = contract({
  id: 'renewReviewLink',
  method: 'POST',
  path: '/api/reviews/:id/link',
  scope: 'review',
  tag,
  summary: 'Replace the review link',
  params: idParams,
  reply: reviewSchema,
  errors: ['not-found', 'already-decided', 'run-ended'],
});
export const getReviewFile = contract({
  id: 'getReviewFile',
  method: 'GET',
  path: '/api/reviews/:id/files/:file',
  scope: 'review',
  tag,
  summary: 'Download a file that the review shows',
  params: idParams.extend({ file: fileId }),
  reply: z.unknown(),
  sendsFile: true,
  errors: ['not-found', 'file-removed'],
});
export const getReviewFileByLink = contract({
  id: 'getReviewFileByLink',
  method: 'GET',
  path: '/r/:token/files/:file',
  open: true,
  tag,
  summary: 'Download a file that the review of a link shows',
  params: tokenParams.extend({ file: fileId }),
  reply: z.unknown(),
  sendsFile: true,
  errors: ['not-found', 'file-removed'],
});
export const getReviewByLink = contract({
  id: 'getReviewByLink',
  method: 'GET',
  path: '/r/:token',
  open: true,
  tag,
  summary: 'Get a review by link; never decides. Browsers get the page',
  params: tokenParams,
  reply: linkReply,
  errors: ['not-found'],
});
export const decideReviewByLink = contract({
  id: 'decideReviewByLink',
  method: 'POST',
  path: '/r/:token',
  open: true,
  tag,
  summary: 'Decide a review by link; the first decision counts',
  params: tokenParams,
  body: decisionBody,
  reply: reviewSchema,
  errors: ['not-found', 'bad-request', 'already-decided', 'run-ended'],
});
