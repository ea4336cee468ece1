import { z } from 'zod';
import { errorCodes } from '../../errors.ts';
import { jsonSchema } from '../../json.ts';
import { contract } from '../contract.ts';

/* Graders compare an output with what was expected (S81). Patterns are compiled elsewhere: every page loads this file. */

/** A path into JSON: `reply.items[0].id`. */
const path = z
  .string()
  .max(300)
  .regex(/^[^.[\]]+(?:\[\d{1,6}\])*(?:\.[^.[\]]+(?:\[\d{1,6}\])*)*$/, 'must be a path, for example reply.items[0].id');

const share = z.number().min(0).max(1);

/** What every grader may have. */
const common = {
  /** Its name in results. */
  name: z.string().trim().min(1).max(80).optional(),
};

/** For graders that look at one value. */
const place = {
  ...common,
  /** The part of the output to grade. By default, all of it. */
  path: path.optional(),
};
const comparison = {
  ...place,
  /** The part of the expected value. By default, the part at `path`. An empty text is all of it. */
  expectedPath: z.union([z.literal(''), path]).optional(),
};

const ignoring = { ignoreCase: z.boolean().optional(), ignoreSpace: z.boolean().optional() };

/** How far a number may be off. Both: either is enough. */
const tolerance = z
  .strictObject({ absolute: z.number().min(0).optional(), relative: z.number().min(0).max(10).optional() })
  .refine(({ absolute, relative }) => absolute !== undefined || relative !== undefined, 'must have absolute or relative');

const graded = z.strictObject({
  path,
  /** Its share of the score, relative to the other fields. */
  weight: z.number().positive().max(1_000).optional(),
  tolerance: tolerance.optional(),
  ...ignoring,
});

export const MOST_RUBRIC = 10_000;
const rubricText = z.string().trim().min(1).max(MOST_RUBRIC);

export const graderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact'), ...comparison, ...ignoring }),
  /** `values`: by default, the expected text or list of texts. */
  z.strictObject({
    kind: z.literal('contains'),
    ...comparison,
    values: z.array(z.string().min(1).max(2_000)).min(1).max(50).optional(),
    match: z.enum(['all', 'any', 'none']).default('all'),
    ignoreCase: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('pattern'), ...place, pattern: z.string().min(1).max(1_000), match: z.enum(['found', 'none']).default('found') }),
  z.strictObject({ kind: z.literal('schema'), ...place, schema: jsonSchema }),
  /** `fields`: by default, every field of the expected object. The score is the share of fields that match. */
  z.strictObject({ kind: z.literal('fields'), ...comparison, fields: z.array(graded).min(1).max(100).optional(), passScore: share.default(1) }),
  z.strictObject({ kind: z.literal('number'), ...comparison, tolerance }),
  z.strictObject({ kind: z.literal('similarity'), ...comparison, passScore: share.default(0.8) }),
  z.strictObject({ kind: z.literal('model'), ...place, rubric: rubricText, route: z.string().min(1).max(100), passScore: share.default(0.7) }),
  z.strictObject({ kind: z.literal('code'), ...common, source: z.string().min(1).max(20_000), passScore: share.default(1) }),
  z.strictObject({ kind: z.literal('person'), ...common, instructions: z.string().trim().max(2_000).optional() }),
]);
export type Grader = z.output<typeof graderSchema>;
export type GraderOf<K extends Grader['kind']> = Extract<Grader, { kind: K }>;

/** What a grader says about one output. */
export const gradeSchema = z.object({
  score: share,
  verdict: z.enum(['pass', 'fail']),
  reason: z.string(),
  /** Of a model as judge. Null: the price is unknown. */
  costMicros: z.number().nullable().optional(),
});
export type Grade = z.infer<typeof gradeSchema>;

/** A grader that couldn’t decide. Never a score of 0. */
export const gradeErrorSchema = z.object({
  error: z.string(),
  /** Why, if the server has a code for it: the provider is down, a budget is used up. */
  code: z.enum(errorCodes).optional(),
  /** A person has not judged the output yet. */
  pending: z.literal(true).optional(),
  costMicros: z.number().nullable().optional(),
});

export const gradeOutcomeSchema = z.union([gradeSchema, gradeErrorSchema]);
export type GradeOutcome = z.infer<typeof gradeOutcomeSchema>;

export const tryGrader = contract({
  id: 'tryGrader',
  method: 'POST',
  path: '/api/graders/try',
  scope: 'run',
  tag: 'Evaluation',
  summary: 'Grade one output: a score from 0 to 1, a verdict, and a reason, or an error if the grader can’t decide',
  body: z.strictObject({ grader: graderSchema, input: z.unknown().optional(), expected: z.unknown().optional(), output: z.unknown() }),
  reply: gradeOutcomeSchema,
  errors: ['bad-request', 'overloaded'],
});
