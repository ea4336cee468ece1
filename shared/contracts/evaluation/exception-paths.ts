import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';

/** A kind of case that a workflow wasn’t made for, as reviewers described it at one node. */
export const exceptionPathSchema = z.object({
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  nodeKey: z.string(),
  nodeTitle: z.string(),
  reason: z.string(),
  /** Reviews that were marked, up to 1,000, and the last one. */
  count: z.number(),
  last: z.object({ reviewId: z.string(), runId: z.string(), by: z.string(), at: moment }).nullable(),
  /** Set once the workflow has a path of its own for such cases. */
  automated: z.object({ by: z.string(), at: moment }).nullable(),
});
export type ExceptionPath = z.infer<typeof exceptionPathSchema>;

const tag = 'Corrections';

export const markDifferent = contract({
  id: 'markDifferent',
  method: 'POST',
  path: '/api/reviews/:id/different',
  scope: 'review',
  tag,
  summary: 'Mark the case of a review as different; it becomes an exception path and a sample of the draft',
  params: idParams,
  body: z.strictObject({
    reason: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(200)
      .regex(/^\P{C}*$/u, 'must be one line'),
    /** The reviewer’s name, as they choose it. */
    reviewer: z.string().trim().min(1).max(200).optional(),
  }),
  /** `sample`: its name in the draft. Null if the input can’t be one: it was removed, has files, or is large, or the draft has no place left. */
  reply: z.object({ path: exceptionPathSchema, sample: z.string().nullable() }),
  statuses: [201],
  errors: ['not-found', 'bad-request', 'redaction-refused'],
});

export const listExceptionPaths = contract({
  id: 'listExceptionPaths',
  method: 'GET',
  path: '/api/exception-paths',
  scope: 'read',
  tag,
  summary: 'List the exception paths that reviewers found, newest first',
  query: z.strictObject({
    ...pageQuery,
    workflowId: z.string().max(100).optional(),
    /** Only those with a path of their own, or only those without. */
    automated: z.enum(['true', 'false']).optional(),
  }),
  reply: pageOf(exceptionPathSchema),
});

export const changeExceptionPath = contract({
  id: 'changeExceptionPath',
  method: 'PATCH',
  path: '/api/exception-paths/:id',
  scope: 'edit',
  tag,
  summary: 'Mark whether the workflow handles such cases',
  params: idParams,
  body: z.strictObject({ automated: z.boolean() }),
  reply: exceptionPathSchema,
  errors: ['not-found'],
});
