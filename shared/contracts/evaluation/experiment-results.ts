import { z } from 'zod';
import { contract, idParams } from '../contract.ts';
import { experimentResultSchema, MOST_TRIALS, resultParams } from './experiments.ts';

/* What people do with the results of an experiment: grade them (S81), and take them elsewhere. */

const tag = 'Evaluation';

export const gradeExperimentResult = contract({
  id: 'gradeExperimentResult',
  method: 'POST',
  path: '/api/experiments/:id/results/:index/grade',
  scope: 'edit',
  tag,
  summary: 'Grade the output of a trial as a person. This is also your judgment of that output in the dataset',
  params: resultParams,
  body: z.strictObject({
    trial: z
      .number()
      .int()
      .min(0)
      .max(MOST_TRIALS - 1)
      .default(0),
    verdict: z.enum(['pass', 'fail']),
    reason: z.string().trim().max(1_000).default(''),
  }),
  reply: experimentResultSchema,
  errors: ['not-found', 'bad-request', 'payload-removed', 'too-large'],
});

export const exportExperiment = contract({
  id: 'exportExperiment',
  method: 'GET',
  path: '/api/experiments/:id/export',
  scope: 'read',
  tag,
  summary: 'Export the results so far, one item a line, as CSV or JSONL',
  params: idParams,
  query: z.strictObject({ format: z.enum(['csv', 'jsonl']).default('csv') }),
  reply: z.unknown(),
  textTypes: ['text/csv', 'application/jsonl'],
  errors: ['not-found'],
});
