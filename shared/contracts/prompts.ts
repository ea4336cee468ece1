import { z } from 'zod';
import { jsonSchema } from '../json.ts';
import { actorSchema } from '../run/actor.ts';
import { contract, moment, pageOf, pageQuery } from './contract.ts';

const NAME = /^[a-z][a-z0-9-]{0,59}$/;
const nameRule = 'must start with a lowercase letter and contain only lowercase letters, digits, and -, at most 60 characters';
/** `/api/prompts/export` is the file of all prompts. */
export const promptName = z
  .string()
  .regex(NAME, nameRule)
  .refine((name) => name !== 'export', 'must not be “export”, which is reserved');
const label = z.string().regex(NAME, nameRule);
/** The reason for a change, for the audit trail. */
export const reason = z.string().max(1_000).optional();
/** The body of a DELETE, which also takes the reason in its query. */
export const reasonBody = z.strictObject({ reason }).optional();

const message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(200_000) });
const messages = z.array(message).min(1).max(50);
const variant = z.strictObject({
  name: z.string().min(1).max(100),
  when: z
    .record(z.string().min(1).max(100), z.string().max(200))
    .refine((when) => Object.keys(when).length >= 1 && Object.keys(when).length <= 10, 'must have 1 to 10 labels'),
  messages,
});
/** The parts of a version in a request. */
export const promptContentFields = {
  messages,
  variables: jsonSchema.default({ type: 'object', properties: {} }),
  outputSchema: jsonSchema.optional(),
  parameters: z.strictObject({ temperature: z.number().min(0).max(2).optional(), maxTokens: z.number().int().min(1).max(1_000_000).optional() }).optional(),
  variants: z.array(variant).max(50).default([]),
  /** Values of variables are put between tags, so the model can tell them from instructions. */
  markData: z.boolean().optional(),
};

export const promptVersionSchema = z.object({
  ...promptContentFields,
  number: z.number(),
  /** SHA-256 of the content. Equal contents have equal hashes. */
  contentHash: z.string(),
  note: z.string(),
  createdAt: moment,
  actor: actorSchema,
});
export type PromptVersion = z.infer<typeof promptVersionSchema>;

const labelSchema = z.object({ label: z.string(), version: z.number(), at: moment, actor: actorSchema, reason: z.string().nullable() });
export const promptSchema = z.object({
  name: z.string(),
  description: z.string(),
  latestVersion: z.number(),
  labels: z.array(labelSchema),
  createdAt: moment,
  updatedAt: moment,
});
export type Prompt = z.infer<typeof promptSchema>;
const promptWithVersionsSchema = promptSchema.extend({
  /** Newest first. */
  versions: z.array(promptVersionSchema.pick({ number: true, contentHash: true, note: true, createdAt: true, actor: true })),
  /** Workflows whose draft or live version uses it. */
  usedBy: z.array(z.object({ id: z.string(), name: z.string(), references: z.array(z.string()) })),
});
export type PromptWithVersions = z.infer<typeof promptWithVersionsSchema>;

const nameParams = z.strictObject({ name: promptName });
const labelParams = z.strictObject({ name: promptName, label });
const tag = 'Prompts';

export const listPrompts = contract({
  id: 'listPrompts',
  method: 'GET',
  path: '/api/prompts',
  scope: 'read',
  tag,
  summary: 'List prompts, by name',
  query: z.strictObject({ ...pageQuery, search: z.string().max(200).optional() }),
  reply: pageOf(promptSchema),
});
export const createPrompt = contract({
  id: 'createPrompt',
  method: 'POST',
  path: '/api/prompts',
  scope: 'edit',
  tag,
  summary: 'Create a prompt with its version 1',
  body: z.strictObject({
    name: promptName,
    description: z.string().max(500).optional(),
    ...promptContentFields,
    note: z.string().max(1_000).optional(),
    reason,
  }),
  reply: promptWithVersionsSchema,
  statuses: [201],
  errors: ['bad-request', 'already-exists'],
});
export const getPrompt = contract({
  id: 'getPrompt',
  method: 'GET',
  path: '/api/prompts/:name',
  scope: 'read',
  tag,
  summary: 'Get a prompt with its history and where it is used',
  params: nameParams,
  reply: promptWithVersionsSchema,
  errors: ['not-found'],
});
export const deletePrompt = contract({
  id: 'deletePrompt',
  method: 'DELETE',
  path: '/api/prompts/:name',
  scope: 'edit',
  tag,
  summary: 'Delete a prompt that no workflow uses',
  params: nameParams,
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: promptSchema,
  errors: ['not-found', 'in-use'],
});
export const createPromptVersion = contract({
  id: 'createPromptVersion',
  method: 'POST',
  path: '/api/prompts/:name/versions',
  scope: 'edit',
  tag,
  summary: 'Create the next version of a prompt',
  params: nameParams,
  body: z.strictObject({ ...promptContentFields, note: z.string().max(1_000).optional(), reason }),
  reply: promptVersionSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request'],
});
export const getPromptVersion = contract({
  id: 'getPromptVersion',
  method: 'GET',
  path: '/api/prompts/:name/versions/:number',
  scope: 'read',
  tag,
  summary: 'Get a version of a prompt',
  params: z.strictObject({ name: promptName, number: z.coerce.number().int().min(1) }),
  reply: promptVersionSchema,
  errors: ['not-found'],
});
export const restorePromptVersion = contract({
  id: 'restorePromptVersion',
  method: 'POST',
  path: '/api/prompts/:name/versions/:number/restore',
  scope: 'edit',
  tag,
  summary: 'Make an earlier version the newest, as a new version',
  params: z.strictObject({ name: promptName, number: z.coerce.number().int().min(1) }),
  body: z.strictObject({ reason }).optional(),
  reply: promptVersionSchema,
  statuses: [201],
  errors: ['not-found'],
});
export const movePromptLabel = contract({
  id: 'movePromptLabel',
  method: 'PUT',
  path: '/api/prompts/:name/labels/:label',
  scope: 'edit',
  tag,
  summary: 'Point a label to a version; the next run uses it',
  params: labelParams,
  body: z.strictObject({ version: z.number().int().min(1), reason }),
  reply: promptSchema,
  errors: ['not-found', 'bad-request'],
});
export const deletePromptLabel = contract({
  id: 'deletePromptLabel',
  method: 'DELETE',
  path: '/api/prompts/:name/labels/:label',
  scope: 'edit',
  tag,
  summary: 'Delete a label that no workflow uses',
  params: labelParams,
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: promptSchema,
  errors: ['not-found', 'in-use'],
});
