import { z } from 'zod';
import { graphSchema } from '../graph/graph.ts';
import { isPlainObject } from '../json.ts';
import { includedPromptSchema } from '../sharing/included.ts';
import { isN8nFile } from '../sharing/n8n/file.ts';
import { toConnectSchema } from '../sharing/to-connect.ts';
import { FORMAT, workflowFileSchema } from '../sharing/workflow-file.ts';
import { contract, idParams, moment } from './contract.ts';
import { createdWorkflowSchema, workflowSchema } from './workflows.ts';

/** What a link shows: the current live version, or the current draft. */
export const SHOWS = ['live', 'draft'] as const;

export const shareSchema = z.object({
  /** 128 random bits. */
  token: z.string(),
  url: z.string(),
  shows: z.enum(SHOWS),
  createdAt: moment,
});
export type Share = z.infer<typeof shareSchema>;

/** A workflow as anyone with the link sees it. */
export const sharedWorkflowSchema = z.object({
  name: z.string(),
  description: z.string(),
  /** The published version shown. Null for the draft. */
  version: z.number().int().nullable(),
  graph: graphSchema,
  toConnect: z.array(toConnectSchema),
  /** The prompts that its nodes name, as they are now. */
  prompts: z.array(includedPromptSchema),
});
export type SharedWorkflow = z.infer<typeof sharedWorkflowSchema>;

const tokenParams = z.strictObject({ token: z.string().min(1).max(100) });
/** Read by `readWorkflowFile`, which reports what is wrong with it. */
export const sentFile = z.custom<unknown>(
  (value) => isPlainObject(value) || isN8nFile(value),
  `must be a workflow file, an object with the format “${FORMAT}”, or an export of n8n`,
);
const tag = 'Sharing';

export const exportWorkflow = contract({
  id: 'exportWorkflow',
  method: 'GET',
  path: '/api/workflows/:id/export',
  scope: 'read',
  tag,
  summary: 'Export as a file without secrets; output is byte-stable',
  params: idParams,
  query: z.strictObject({ version: z.enum(SHOWS).optional() }),
  reply: workflowFileSchema,
  errors: ['not-found', 'not-published'],
});
export const importWorkflow = contract({
  id: 'importWorkflow',
  method: 'POST',
  path: '/api/workflows/import',
  scope: 'edit',
  tag,
  summary: 'Create a workflow from a file or an n8n export; runs nothing, returns what to connect and what was repaired',
  body: sentFile,
  reply: z.object({
    workflow: workflowSchema,
    toConnect: z.array(toConnectSchema),
    /**
     * What was repaired in the graph, or needs a look: shared IDs, edges to missing nodes, unknown ports, and prompts that have another name
     * here. For an export of n8n, also what is different or left to do at a node.
     */
    notes: z.array(z.union([z.string(), z.object({ nodeName: z.string(), what: z.string() })])),
    /** For an export of n8n: how many nodes it has, and how many became nodes that do the same. The others are placeholders. */
    carriedOver: z.object({ nodes: z.number().int(), carriedOver: z.number().int() }).optional(),
  }),
  statuses: [201],
  errors: ['bad-request', 'bad-json', 'bad-graph', 'too-large'],
});
export const getShare = contract({
  id: 'getShare',
  method: 'GET',
  path: '/api/workflows/:id/share',
  scope: 'read',
  tag,
  summary: 'Get the share link, and what sharing leaves out',
  params: idParams,
  reply: z.object({ share: shareSchema.nullable(), leftOut: z.array(toConnectSchema) }),
  errors: ['not-found'],
});
export const shareWorkflow = contract({
  id: 'shareWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/share',
  scope: 'edit',
  tag,
  summary: 'Create or update the share link',
  params: idParams,
  body: z.strictObject({ shows: z.enum(SHOWS).optional() }).optional(),
  reply: shareSchema,
  statuses: [201],
  errors: ['not-found', 'not-published'],
});
export const unshareWorkflow = contract({
  id: 'unshareWorkflow',
  method: 'DELETE',
  path: '/api/workflows/:id/share',
  scope: 'edit',
  tag,
  summary: 'Turn off the share link',
  params: idParams,
  reply: z.object({ revoked: z.boolean() }),
  errors: ['not-found'],
});
export const getShared = contract({
  id: 'getShared',
  method: 'GET',
  path: '/api/shared/:token',
  open: true,
  tag,
  summary: 'Get a shared workflow; needs no sign-in',
  params: tokenParams,
  reply: sharedWorkflowSchema,
  errors: ['not-found'],
});
export const useShared = contract({
  id: 'useShared',
  method: 'POST',
  path: '/api/shared/:token/use',
  scope: 'edit',
  tag,
  summary: 'Create a workflow from a share link',
  params: tokenParams,
  body: z.strictObject({ name: z.string().min(1).max(200).optional() }).optional(),
  reply: createdWorkflowSchema,
  statuses: [201],
  errors: ['not-found'],
});
