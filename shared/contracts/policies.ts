import { z } from 'zod';
import { actorSchema } from '../run/actor.ts';
import { contract, idParams, moment } from './contract.ts';
import { reason } from './prompts.ts';
import { redactionRulesSchema } from './redaction-rules.ts';

/** How payloads of a run are stored (S66): `full` as the redaction leaves them. */
export const LOGGING_MODES = ['full'] as const;

/** How long the data of runs is kept (S66a). */
const retentionSchema = z.strictObject({});

/** The parts of a policy that are set (S65, S66, S66a). */
const policyFields = {
  redaction: redactionRulesSchema.default([]),
  logging: z.enum(LOGGING_MODES).default('full'),
  retention: retentionSchema.default({}),
};
const policyContent = z.strictObject(policyFields);
export type PolicyContent = z.output<typeof policyContent>;

export const policySchema = z.object({
  ...policyFields,
  /** 0 until a policy is saved. */
  revision: z.number(),
  /** SHA-256 of the content. Runs record it. */
  contentHash: z.string(),
  updatedAt: moment.nullable(),
  actor: actorSchema.nullable(),
  /** How often each detector found something in the last 24 hours, up to a second ago. Own patterns are listed by their name. */
  found: z.record(z.string(), z.number()),
});
export type Policy = z.infer<typeof policySchema>;

const tag = 'Policies';

export const getPolicies = contract({
  id: 'getPolicies',
  method: 'GET',
  path: '/api/workflows/:id/policies',
  scope: 'read',
  tag,
  summary: 'Get the data policy of a workflow, and what it found in the last 24 hours',
  params: idParams,
  reply: policySchema,
  errors: ['not-found'],
});
export const putPolicies = contract({
  id: 'putPolicies',
  method: 'PUT',
  path: '/api/workflows/:id/policies',
  scope: 'edit',
  tag,
  summary: 'Replace the data policy of a workflow; runs that have started keep the one they started with',
  params: idParams,
  body: z.strictObject({
    ...policyFields,
    /** The revision that was edited. Left out, the latest is replaced. */
    revision: z.number().int().min(0).optional(),
    reason,
  }),
  reply: policySchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
export const previewPolicies = contract({
  id: 'previewPolicies',
  method: 'POST',
  path: '/api/workflows/:id/policies/preview',
  scope: 'read',
  tag,
  summary: 'See what a text or value would become; nothing is stored',
  params: idParams,
  body: z.strictObject({
    text: z.string().max(100_000).optional(),
    value: z.unknown().optional(),
    /** Rules to try instead of the saved ones. */
    redaction: redactionRulesSchema.optional(),
  }),
  reply: z.object({
    /** Absent if the value would be refused. */
    text: z.string().optional(),
    value: z.unknown().optional(),
    found: z.record(z.string(), z.number()),
    /** The detector whose action is `refuse` and that found something. */
    refusedBy: z.string().nullable(),
  }),
  errors: ['not-found', 'bad-request'],
});
