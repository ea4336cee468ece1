import { z } from 'zod';
import { contract, moment } from './contract.ts';
import { promptName } from './prompts.ts';

const promptSample = z.object({
  /** `run`: the values of a step of a past run. `workflow`, `template`: computed from a sample input of its Input node. */
  source: z.enum(['run', 'workflow', 'template']),
  /** The ID of the run or workflow, or the slug of the template. */
  id: z.string(),
  /** The name of the workflow or template. */
  from: z.string(),
  /** The name of the sample input. Null for a run. */
  sample: z.string().nullable(),
  /** When the run was accepted. */
  at: moment.nullable(),
  /** The labels of the run. */
  labels: z.record(z.string(), z.string()),
  /** Values for the variables. A sample input has none for variables that read the output of another step. */
  variables: z.record(z.string(), z.unknown()),
});
export type PromptSample = z.infer<typeof promptSample>;

export const listPromptSamples = contract({
  id: 'listPromptSamples',
  method: 'GET',
  path: '/api/prompts/:name/samples',
  scope: 'read',
  tag: 'Prompts',
  summary: 'List values to try a prompt with: of its latest runs, and of sample inputs of workflows and templates that use it',
  params: z.strictObject({ name: promptName }),
  /** At most 50, without values over 20,000 characters and repeated ones. */
  reply: z.object({ items: z.array(promptSample) }),
  errors: ['not-found'],
});
