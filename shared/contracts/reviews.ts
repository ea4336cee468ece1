import { z } from 'zod';
import type { ReviewField } from '../run/events.ts';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';

export const reviewSchema = z.object({
  id: z.string(),
  runId: z.string(),
  workflowId: z.string(),
  stepId: z.string(),
  title: z.string(),
  instructions: z.string().nullable(),
  status: z.enum(['open', 'done', 'closed']),
  decisions: z.array(z.object({ id: z.string(), title: z.string() })),
  fields: z.array(z.custom<ReviewField>()),
  context: z.array(z.object({ label: z.string(), value: z.unknown() })),
  assignee: z.string().nullable(),
  dueAt: moment.nullable(),
  createdAt: moment,
  decidedAt: moment.nullable(),
  decidedBy: z.string().nullable(),
  decision: z.object({ decision: z.string(), values: z.record(z.string(), z.unknown()), comment: z.string(), reasons: z.array(z.string()) }).nullable(),
});
export type Review = z.infer<typeof reviewSchema>;

const tag = 'Reviews';

export const listReviews = contract({
  id: 'listReviews',
  method: 'GET',
  path: '/api/reviews',
  tag,
  summary: 'Tasks that wait for a person, or that were decided',
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
  tag,
  summary: 'One task',
  params: idParams,
  reply: reviewSchema,
  errors: ['not-found'],
});
export const decideReview = contract({
  id: 'decideReview',
  method: 'POST',
  path: '/api/reviews/:id/decision',
  tag,
  summary: 'Decides; the first one counts',
  params: idParams,
  body: z.strictObject({
    decision: z.string().max(100),
    values: z.record(z.string(), z.unknown()).optional(),
    comment: z.string().max(10_000).optional(),
    reasons: z.array(z.string().max(200)).max(50).optional(),
  }),
  reply: reviewSchema,
  errors: ['not-found', 'bad-request', 'already-decided', 'run-ended'],
});
