import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';

const oneLine = z
  .string()
  .trim()
  .min(1)
  .regex(/^\P{C}*$/u, 'must be one line');

/** Feedback on the outcome of a run. */
export const feedbackBody = z
  .strictObject({
    /** From 0, the worst, to 1, the best. */
    score: z.number().min(0).max(1).optional(),
    /** A short category, for example `wrong`. */
    label: oneLine.max(50).optional(),
    comment: z.string().trim().min(1).max(5_000).optional(),
    /** Who gives it. Feedback with the same `by` replaces the earlier one. */
    by: oneLine.max(200).optional(),
  })
  .refine(({ score, label, comment }) => score !== undefined || label !== undefined || comment !== undefined, 'needs a score, a label, or a comment');
export type FeedbackBody = z.output<typeof feedbackBody>;

/** `link`: with the status token of the run, without sign-in. */
export const FEEDBACK_CHANNELS = ['api', 'link'] as const;

export const feedbackSchema = z.object({
  id: z.string(),
  runId: z.string(),
  workflowId: z.string(),
  /** The version that served the run, and the model targets that answered in it (`connection/model`): what the feedback is credited to. */
  version: z.union([z.literal('draft'), z.number()]),
  targets: z.array(z.string()),
  score: z.number().nullable(),
  label: z.string().nullable(),
  /** Null if there is none, or the data policy of the run doesn’t keep it. The same for `by`. */
  comment: z.string().nullable(),
  by: z.string().nullable(),
  via: z.enum(FEEDBACK_CHANNELS),
  at: moment,
  updatedAt: moment,
});
export type Feedback = z.infer<typeof feedbackSchema>;

const tag = 'Feedback';

export const sendFeedback = contract({
  id: 'sendFeedback',
  method: 'POST',
  path: '/api/runs/:id/feedback',
  scope: 'run',
  tag,
  summary: 'Give feedback on a run; 200 if it replaces earlier feedback with the same `by`',
  params: idParams,
  body: feedbackBody,
  reply: feedbackSchema,
  statuses: [201, 200],
  errors: ['not-found', 'bad-request', 'payload-removed', 'redaction-refused'],
});

export const listFeedback = contract({
  id: 'listFeedback',
  method: 'GET',
  path: '/api/runs/:id/feedback',
  scope: 'read',
  tag,
  summary: 'List the feedback on a run, oldest first',
  params: idParams,
  query: z.strictObject(pageQuery),
  reply: pageOf(feedbackSchema),
  errors: ['not-found'],
});

/** A capability: the holder of a run’s status URL can give feedback on it. */
export const sendFeedbackByLink = contract({
  id: 'sendFeedbackByLink',
  method: 'POST',
  path: '/feedback/:token',
  open: true,
  tag,
  summary: 'Give feedback on a run with the token of its status URL',
  params: z.strictObject({ token: z.string().max(200) }),
  body: feedbackBody,
  reply: z.object({ received: z.literal(true), replaced: z.boolean() }),
  statuses: [201, 200],
  errors: ['not-found', 'bad-request', 'payload-removed', 'redaction-refused', 'rate-limited'],
});
