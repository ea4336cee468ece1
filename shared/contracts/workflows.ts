import { z } from 'zod';
import { graphSchema } from '../graph/graph.ts';
import { problemSchema } from '../graph/problem.ts';
import { isPlainObject } from '../json.ts';
import { actorSchema } from '../run/actor.ts';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';
import { costFields } from './runs.ts';

/** A graph in a request: any object. The server parses it with `graphSchema` and reports errors as `bad-graph` (400). */
export const sentGraph = z.custom<unknown>(isPlainObject, 'must be a graph with nodes and edges');

/** A word or a few to find workflows by: one line. */
export const workflowTag = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^\P{C}*$/u, 'must be one line');
/** The tags of one workflow. */
export const workflowTags = z.array(workflowTag).max(20);

export const releaseSchema = z.array(z.object({ version: z.number().int(), weight: z.number() }));

/** Statistics of the last 24 hours, for the list. */
export const activitySchema = z.object({
  runs: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  waiting: z.number(),
  /** Median duration of ended runs in ms. Null without any. */
  medianMs: z.number().nullable(),
  ...costFields,
  /** 24 hours, oldest first. `other` counts runs that were canceled or haven't ended. */
  hours: z.array(z.object({ succeeded: z.number(), failed: z.number(), other: z.number() })),
});
export type Activity = z.infer<typeof activitySchema>;

export const workflowSchema = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  draft: graphSchema,
  draftRevision: z.number().int(),
  /** The version that takes live runs; while there is a canary, the stable one. */
  liveVersion: z.number().int().nullable(),
  /** The last published version. 0 before the first. */
  latestVersion: z.number().int(),
  release: releaseSchema,
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
  /** The template it was created from. */
  templateSlug: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
  deletedAt: moment.nullable(),
});
export type Workflow = z.infer<typeof workflowSchema>;

/** A workflow made from a link or a template. */
export const createdWorkflowSchema = workflowSchema.extend({
  /** What differs from its origin, for example a prompt whose name was taken. */
  notes: z.array(z.string()),
});

/** A workflow in a list: without its draft, with recent statistics. */
export const workflowSummarySchema = workflowSchema.omit({ draft: true }).extend({
  /** Node types in flow order, for the thumbnail. */
  nodeTypes: z.array(z.string()),
  problemCount: z.number(),
  activity: activitySchema,
});
export type WorkflowSummary = z.infer<typeof workflowSummarySchema>;

export const versionSchema = z.object({
  workflowId: z.string(),
  number: z.number().int(),
  note: z.string(),
  contentHash: z.string(),
  publishedAt: moment,
  /** Who published it. */
  actor: actorSchema,
  graph: graphSchema.optional(),
});
export type Version = z.infer<typeof versionSchema>;

const versionParams = idParams.extend({ number: z.coerce.number().int().min(1) });
const tag = 'Workflows';

export const createWorkflow = contract({
  id: 'createWorkflow',
  method: 'POST',
  path: '/api/workflows',
  scope: 'edit',
  tag,
  summary: 'Create a workflow; without a graph, starts with an Input and an Output',
  body: z.strictObject({
    name: z.string().min(1).max(200),
    description: z.string().max(2000).optional(),
    tags: workflowTags.optional(),
    graph: sentGraph.optional(),
  }),
  reply: workflowSchema,
  statuses: [201],
  errors: ['bad-request', 'bad-graph'],
});
export const listWorkflows = contract({
  id: 'listWorkflows',
  method: 'GET',
  path: '/api/workflows',
  scope: 'read',
  tag,
  summary: 'List workflows, last edited first',
  query: z.strictObject({
    ...pageQuery,
    /** Part of a name or a tag. */
    search: z.string().max(200).optional(),
    tag: workflowTag.optional(),
    deleted: z.enum(['true', 'false']).optional(),
  }),
  reply: pageOf(workflowSummarySchema),
});
export const listWorkflowTags = contract({
  id: 'listWorkflowTags',
  method: 'GET',
  path: '/api/workflows/tags',
  scope: 'read',
  tag,
  summary: 'List the tags in use, and how many workflows have each',
  reply: z.object({ items: z.array(z.object({ tag: z.string(), count: z.number().int() })) }),
});
export const getWorkflow = contract({
  id: 'getWorkflow',
  method: 'GET',
  path: '/api/workflows/:id',
  scope: 'read',
  tag,
  summary: 'Get a workflow with its draft',
  params: idParams,
  reply: workflowSchema,
  errors: ['not-found'],
});
export const updateWorkflow = contract({
  id: 'updateWorkflow',
  method: 'PATCH',
  path: '/api/workflows/:id',
  scope: 'edit',
  tag,
  summary: 'Update a workflow’s name, description, or tags',
  params: idParams,
  body: z.strictObject({
    name: z.string().min(1).max(200).optional(),
    description: z.string().max(2000).optional(),
    /** Replaces all of them. */
    tags: workflowTags.optional(),
  }),
  reply: workflowSchema,
  errors: ['not-found', 'bad-request'],
});
export const duplicateWorkflow = contract({
  id: 'duplicateWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/duplicate',
  scope: 'edit',
  tag,
  summary: 'Create a copy of the draft, with policy, budgets, limits, and tags, a webhook of its own, and triggers turned off',
  params: idParams,
  body: z.strictObject({ name: z.string().min(1).max(200).optional() }).optional(),
  reply: workflowSchema,
  statuses: [201],
  errors: ['not-found'],
});
export const deleteWorkflow = contract({
  id: 'deleteWorkflow',
  method: 'DELETE',
  path: '/api/workflows/:id',
  scope: 'edit',
  tag,
  summary: 'Delete a workflow; can be restored for 30 days',
  params: idParams,
  reply: workflowSchema,
  errors: ['not-found'],
});
export const undeleteWorkflow = contract({
  id: 'undeleteWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/undelete',
  scope: 'edit',
  tag,
  summary: 'Restore a deleted workflow',
  params: idParams,
  reply: workflowSchema,
  errors: ['not-found'],
});
export const saveDraft = contract({
  id: 'saveDraft',
  method: 'PUT',
  path: '/api/workflows/:id/draft',
  scope: 'edit',
  tag,
  summary: 'Save the draft if `revision` is current; problems are saved and returned',
  params: idParams,
  body: z.strictObject({ graph: sentGraph, revision: z.number().int() }),
  reply: z.object({ draftRevision: z.number().int(), problems: z.array(problemSchema) }),
  /** A conflict returns `currentDraft`, `draftRevision`, and `updatedAt`. */
  errors: ['not-found', 'revision-conflict', 'bad-graph'],
});
export const checkWorkflow = contract({
  id: 'checkWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/check',
  scope: 'read',
  tag,
  summary: 'Check the draft, or the graph in the body',
  params: idParams,
  body: z.strictObject({ graph: sentGraph.optional() }).optional(),
  reply: z.object({ problems: z.array(problemSchema) }),
  errors: ['not-found', 'bad-graph'],
});

/** `live`: all runs. `hold`: none. A number: that percentage, watched. */
const publishReleaseSchema = z.union([z.enum(['live', 'hold']), z.number().int('must be a whole percent').min(1).max(100)]);
export type PublishRelease = z.infer<typeof publishReleaseSchema>;

export const publishWorkflow = contract({
  id: 'publishWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/publish',
  scope: 'edit',
  tag,
  summary: 'Publish the draft as the next version: live, held, or for a percentage of live runs; refused if it is the same as the live one',
  params: idParams,
  body: z.strictObject({ note: z.string().max(2000).optional(), release: publishReleaseSchema.optional() }).optional(),
  /** `checking`: its gate takes longer than a minute. It is released once it has passed, unless the release was changed meanwhile. */
  reply: versionSchema.extend({ checking: z.boolean() }),
  /** 202: checking. */
  statuses: [201, 202],
  errors: ['not-found', 'bad-request', 'graph-has-problems', 'already-exists', 'in-use', 'gate-failed'],
});
export const listVersions = contract({
  id: 'listVersions',
  method: 'GET',
  path: '/api/workflows/:id/versions',
  scope: 'read',
  tag,
  summary: 'List published versions, newest first',
  params: idParams,
  query: z.strictObject(pageQuery),
  reply: pageOf(versionSchema),
  errors: ['not-found'],
});
export const getVersion = contract({
  id: 'getVersion',
  method: 'GET',
  path: '/api/workflows/:id/versions/:number',
  scope: 'read',
  tag,
  summary: 'Get a version with its graph',
  params: versionParams,
  reply: versionSchema,
  errors: ['not-found'],
});
export const restoreVersion = contract({
  id: 'restoreVersion',
  method: 'POST',
  path: '/api/workflows/:id/versions/:number/restore',
  scope: 'edit',
  tag,
  summary: 'Restore a version as the draft',
  params: versionParams,
  reply: workflowSchema,
  errors: ['not-found', 'revision-conflict'],
});
export const pauseWorkflow = contract({
  id: 'pauseWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/pause',
  scope: 'edit',
  tag,
  summary: 'Pause triggers (503)',
  params: idParams,
  body: z.strictObject({ reason: z.string().max(500).optional() }).optional(),
  reply: workflowSchema,
  errors: ['not-found'],
});
export const resumeWorkflow = contract({
  id: 'resumeWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/resume',
  scope: 'edit',
  tag,
  summary: 'Resume triggers',
  params: idParams,
  reply: workflowSchema,
  errors: ['not-found'],
});
