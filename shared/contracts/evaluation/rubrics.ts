import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';
import { MOST_RUBRIC } from './graders.ts';

/*
 * Rubrics for models as judge, and what people say about outputs of dataset items, to see whether a rubric agrees with them (S81).
 */

export const MOST_RUBRICS = 200;
/** Of one item. */
export const MOST_JUDGMENTS = 50;

const rubricFields = {
  name: z.string().trim().min(1).max(100),
  text: z.string().trim().min(1).max(MOST_RUBRIC),
  route: z.string().min(1).max(100),
  passScore: z.number().min(0).max(1),
};

export const rubricSchema = z.object({ id: z.string(), ...rubricFields, revision: z.number().int(), createdAt: moment, updatedAt: moment });
export type Rubric = z.infer<typeof rubricSchema>;

export const judgmentSchema = z.object({
  id: z.string(),
  datasetId: z.string(),
  itemId: z.string(),
  itemVersion: z.number().int(),
  output: z.unknown(),
  verdict: z.enum(['pass', 'fail']),
  reason: z.string(),
  by: z.string(),
  at: moment,
});
export type Judgment = z.infer<typeof judgmentSchema>;

/** A judgment with what its item says. */
export const judgedOutputSchema = judgmentSchema.extend({ input: z.unknown(), expected: z.unknown().optional() });
export type JudgedOutput = z.infer<typeof judgedOutputSchema>;

const tag = 'Evaluation';

export const listRubrics = contract({
  id: 'listRubrics',
  method: 'GET',
  path: '/api/rubrics',
  scope: 'read',
  tag,
  summary: 'List rubrics by name',
  query: z.strictObject(pageQuery),
  reply: pageOf(rubricSchema),
});
export const createRubric = contract({
  id: 'createRubric',
  method: 'POST',
  path: '/api/rubrics',
  scope: 'edit',
  tag,
  summary: 'Create a rubric for models as judge',
  body: z.strictObject({ ...rubricFields, passScore: rubricFields.passScore.default(0.7) }),
  reply: rubricSchema,
  statuses: [201],
  errors: ['bad-request', 'already-exists', 'too-large'],
});
export const updateRubric = contract({
  id: 'updateRubric',
  method: 'PATCH',
  path: '/api/rubrics/:id',
  scope: 'edit',
  tag,
  summary: 'Update a rubric; experiments keep the text they ran with',
  params: idParams,
  body: z.strictObject({
    name: rubricFields.name.optional(),
    text: rubricFields.text.optional(),
    route: rubricFields.route.optional(),
    passScore: rubricFields.passScore.optional(),
    /** The revision that was edited. Defaults to the latest. */
    revision: z.number().int().min(1).optional(),
  }),
  reply: rubricSchema,
  errors: ['not-found', 'bad-request', 'already-exists', 'revision-conflict'],
});
export const deleteRubric = contract({
  id: 'deleteRubric',
  method: 'DELETE',
  path: '/api/rubrics/:id',
  scope: 'edit',
  tag,
  summary: 'Delete a rubric',
  params: idParams,
  reply: z.object({ deleted: z.literal(true) }),
  errors: ['not-found'],
});

export const listJudgments = contract({
  id: 'listJudgments',
  method: 'GET',
  path: '/api/datasets/:id/judgments',
  scope: 'read',
  tag,
  summary: 'List human judgments of outputs of a dataset’s items, newest first',
  params: idParams,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: pageQuery.cursor,
    itemId: z.string().max(100).optional(),
  }),
  reply: pageOf(judgedOutputSchema),
  errors: ['not-found'],
});
export const judgeOutput = contract({
  id: 'judgeOutput',
  method: 'POST',
  path: '/api/datasets/:id/items/:item/judgments',
  scope: 'review',
  tag,
  summary: 'Judge whether an output is good enough for an item; replaces your earlier judgment of the same output',
  params: z.strictObject({ ...idParams.shape, item: z.string().min(1).max(100) }),
  body: z.strictObject({ output: z.unknown(), verdict: z.enum(['pass', 'fail']), reason: z.string().trim().max(1_000).default('') }),
  reply: judgmentSchema,
  errors: ['not-found', 'bad-request', 'too-large', 'payload-removed'],
});
export const deleteJudgment = contract({
  id: 'deleteJudgment',
  method: 'DELETE',
  path: '/api/datasets/:id/judgments/:judgment',
  scope: 'review',
  tag,
  summary: 'Delete a judgment',
  params: z.strictObject({ ...idParams.shape, judgment: z.string().min(1).max(100) }),
  reply: z.object({ deleted: z.literal(true) }),
  errors: ['not-found'],
});
