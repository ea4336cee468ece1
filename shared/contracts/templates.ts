import { z } from 'zod';
import { graphSchema } from '../graph/graph.ts';
import { includedFields } from '../sharing/included.ts';
import { contract, countedPageQuery, moment, pageOf } from './contract.ts';
import { createdWorkflowSchema } from './workflows.ts';

export const templateSchema = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  /** Seconds until the first run has an output. Null if unknown. */
  firstRunSeconds: z.number().nullable(),
  /** It runs with the demo model, without an API key. */
  worksWithoutKey: z.boolean(),
  stepCount: z.number(),
  builtIn: z.boolean(),
  readme: z.string(),
  graph: graphSchema,
  ...includedFields,
  createdAt: moment.nullable(),
});
export type Template = z.infer<typeof templateSchema>;

const slugParams = z.strictObject({ slug: z.string().min(1).max(100) });
const tag = 'Templates';

export const listTemplates = contract({
  id: 'listTemplates',
  method: 'GET',
  path: '/api/templates',
  scope: 'read',
  tag,
  summary: 'List templates',
  query: z.strictObject(countedPageQuery),
  reply: pageOf(templateSchema),
});
export const getTemplate = contract({
  id: 'getTemplate',
  method: 'GET',
  path: '/api/templates/:slug',
  scope: 'read',
  tag,
  summary: 'Get a template with its graph and README',
  params: slugParams,
  reply: templateSchema,
  errors: ['not-found'],
});
export const useTemplate = contract({
  id: 'useTemplate',
  method: 'POST',
  path: '/api/templates/:slug/use',
  scope: 'edit',
  tag,
  summary: 'Create a workflow from a template, with its prompts, policy, and budgets',
  params: slugParams,
  body: z.strictObject({ name: z.string().min(1).max(200).optional() }).optional(),
  reply: createdWorkflowSchema,
  statuses: [201],
  errors: ['not-found'],
});
export const saveTemplate = contract({
  id: 'saveTemplate',
  method: 'POST',
  path: '/api/templates',
  scope: 'edit',
  tag,
  summary: 'Save a workflow’s draft as a template, without secrets',
  body: z.strictObject({
    workflowId: z.string().min(1).max(100),
    name: z.string().trim().min(1).max(200),
    description: z.string().max(2000),
    /** Names of the samples to include. All if omitted. */
    samples: z.array(z.string().max(200)).max(50).optional(),
  }),
  reply: templateSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'already-exists'],
});
export const deleteTemplate = contract({
  id: 'deleteTemplate',
  method: 'DELETE',
  path: '/api/templates/:slug',
  scope: 'edit',
  tag,
  summary: 'Delete one of your templates; can be restored',
  params: slugParams,
  reply: templateSchema,
  errors: ['not-found', 'forbidden'],
});
export const undeleteTemplate = contract({
  id: 'undeleteTemplate',
  method: 'POST',
  path: '/api/templates/:slug/undelete',
  scope: 'edit',
  tag,
  summary: 'Restore a deleted template',
  params: slugParams,
  reply: templateSchema,
  errors: ['not-found'],
});
