import { CHANGE_SUBJECTS } from '@switchyard/shared/contracts/changes.ts';
import { killSwitchSchema } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { promptContentFields } from '@switchyard/shared/contracts/prompts.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/* What can change without a deploy, and the record of each change. */

/** A change of a subject (S68). Inserted before the subject is changed to `revision`. */
const changeRecord = z.object({
  ...base,
  at: z.string(),
  actor,
  actorId: z.string(),
  subjectKind: z.enum(CHANGE_SUBJECTS),
  subjectId: z.string(),
  /** `<kind>:<id>`. */
  subject: z.string(),
  action: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string().nullable(),
  /** The subject's revision after the change. */
  revision: z.number(),
  applied: z.boolean().nullable(),
  /** Set while `applied` is null. */
  openSince: z.string().nullable(),
  /** Its place in the hash chain, from 1, its hash, and the proof that this installation wrote it (S89). Missing in older records. */
  number: z.number().optional(),
  hash: z.string().optional(),
  seal: z.string().optional(),
});
export type ChangeRecord = z.infer<typeof changeRecord>;
export const changes = declare<ChangeRecord>({
  name: 'changes',
  schema: changeRecord,
  indexes: [
    { name: 'at', fields: ['at'] },
    { name: 'by_subject', fields: ['subject', 'at'] },
    { name: 'by_kind', fields: ['subjectKind', 'at'] },
    { name: 'by_actor', fields: ['actorId', 'at'] },
    { name: 'open', fields: ['openSince'], whereSet: 'openSince' },
    { name: 'number', fields: ['number'], unique: true, whereSet: 'number' },
  ],
});

const labelRecord = z.object({ label: z.string(), version: z.number(), at: z.string(), actor, reason: z.string().nullable() });
/** A prompt of the registry (S50). Its ID is random, so a name can be used again after a deletion. */
const promptRecord = z.object({
  ...base,
  name: z.string(),
  description: z.string(),
  latestVersion: z.number(),
  labels: z.array(labelRecord),
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type PromptRecord = z.infer<typeof promptRecord>;
export const prompts = declare<PromptRecord>({
  name: 'prompts',
  schema: promptRecord,
  indexes: [{ name: 'name', fields: ['name'], unique: true }],
  searchField: 'name',
});

/** A version of a prompt. Never changed, and kept when the prompt is deleted: runs refer to it by its content. Its ID is `<promptId>:<number>`. */
const promptVersionRecord = z.object({
  ...base,
  promptId: z.string(),
  number: z.number(),
  contentHash: z.string(),
  ...promptContentFields,
  note: z.string(),
  createdAt: z.string(),
  actor,
});
export type PromptVersionRecord = z.infer<typeof promptVersionRecord>;
export const promptVersions = declare<PromptVersionRecord>({
  name: 'prompt_versions',
  schema: promptVersionRecord,
  indexes: [
    { name: 'by_prompt', fields: ['promptId', 'number'] },
    { name: 'content', fields: ['contentHash'] },
    { name: 'content_of_prompt', fields: ['promptId', 'contentHash'] },
  ],
});

/** A kill switch in force (S64). Its unique `key` is `<scope kind>:<scope ID>:<mode>`. */
const killSwitchRecord = killSwitchSchema.extend({ ...base, key: z.string(), revision: z.number(), actor });
export type KillSwitchRecord = z.infer<typeof killSwitchRecord>;
export const killSwitches = declare<KillSwitchRecord>({
  name: 'kill_switches',
  schema: killSwitchRecord,
  indexes: [
    { name: 'key', fields: ['key'], unique: true },
    { name: 'created', fields: ['createdAt'] },
  ],
});

/** A pinned output (S78). Its ID is `<workflowId>:<nodeKey>`. */
const pinRecord = z.object({
  ...base,
  workflowId: z.string(),
  nodeKey: z.string(),
  output: z.unknown(),
  port: z.string().nullable(),
  updatedAt: z.string(),
});
export type PinRecord = z.infer<typeof pinRecord>;
export const pins = declare<PinRecord>({ name: 'pins', schema: pinRecord, indexes: [{ name: 'by_workflow', fields: ['workflowId'] }] });
