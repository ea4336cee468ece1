import { z } from 'zod';
import { actorSchema } from '../run/actor.ts';
import { contract, idParams, moment } from './contract.ts';
import { reason } from './prompts.ts';
import { fieldPath, REDACTION_ACTIONS, redactionRulesSchema } from './redaction-rules.ts';

/**
 * How payloads of a run are stored (S66). `full`: as the redaction leaves them. `redacted`: once the run has ended, only the type and length
 * of each value, and the fields in `keep`. `metadata`: payloads are encrypted while the run is open, never shown but to its reviewers and
 * caller, and unreadable once it has ended.
 */
const LOGGING_MODES = ['full', 'redacted', 'metadata'] as const;

const days = z.number().int().min(1).max(36_500).nullable();
/**
 * For how many days after a run ended its data is kept (S66a). First its payloads are removed, then its journal, then the run. Null:
 * kept. A run that has not ended keeps everything.
 */
const retentionSchema = z
  .strictObject({ payloadDays: days.default(90), journalDays: days.default(400), summaryDays: days.default(null) })
  .refine(({ payloadDays, journalDays }) => journalDays === null || (payloadDays !== null && payloadDays <= journalDays), {
    path: ['payloadDays'],
    message: 'must not be longer than journalDays',
  })
  .refine(({ journalDays, summaryDays }) => summaryDays === null || (journalDays !== null && journalDays <= summaryDays), {
    path: ['journalDays'],
    message: 'must not be longer than summaryDays',
  });
export type Retention = z.output<typeof retentionSchema>;
export const DEFAULT_RETENTION: Retention = { payloadDays: 90, journalDays: 400, summaryDays: null };

/** The parts of a policy that are set (S65, S66, S66a). */
export const policyContent = z.strictObject({
  redaction: redactionRulesSchema,
  logging: z.enum(LOGGING_MODES),
  /** Fields that `redacted` keeps: names at any depth, or paths. */
  keep: z.array(fieldPath).max(200),
  /** For how many minutes after its end the caller can still get the output of a run that isn’t logged in full. */
  replyMinutes: z.number().int().min(0).max(1_440),
  retention: retentionSchema,
});
export type PolicyContent = z.output<typeof policyContent>;
export const NO_POLICY: PolicyContent = { redaction: [], logging: 'full', keep: [], replyMinutes: 60, retention: DEFAULT_RETENTION };

export const policySchema = z.object({
  ...policyContent.shape,
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
  summary: 'Set parts of the data policy of a workflow; parts left out stay as they are, and runs that have started keep the policy they started with',
  params: idParams,
  body: policyContent.partial().extend({
    /** The revision that was edited. Left out, the latest is changed. */
    revision: z.number().int().min(0).optional(),
    reason,
  }),
  reply: policySchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
/** A value in a text, from `start` up to, not including, `end`. `detector` is the name of an own pattern, too. */
const foundSpan = z.object({ start: z.number(), end: z.number(), detector: z.string() });
export const previewPolicies = contract({
  id: 'previewPolicies',
  method: 'POST',
  path: '/api/workflows/:id/policies/preview',
  scope: 'read',
  tag,
  summary: 'See what a text or value would become, and why; nothing is stored',
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
    /** Where `text` has values, in order. Empty if it is longer than 4,096 characters. */
    matches: z.array(foundSpan.extend({ action: z.enum(REDACTION_ACTIONS) })).readonly(),
    /** What in `text` looks like a value but stays: no rule uses its detector (`off`), or its check digits are wrong. At most 20. */
    unmatched: z.array(foundSpan.extend({ why: z.enum(['off', 'check-digit']) })).readonly(),
  }),
  errors: ['not-found', 'bad-request'],
});

const affected = z.object({
  runs: z.number(),
  /** When the oldest of them was accepted. */
  oldest: moment.nullable(),
});
export const dryRunRetention = contract({
  id: 'dryRunRetention',
  method: 'POST',
  path: '/api/workflows/:id/retention/dry-run',
  scope: 'read',
  tag,
  summary: 'Count the runs whose data the retention settings would remove now; nothing is removed',
  params: idParams,
  body: z
    .strictObject({
      /** Settings to try instead of the saved ones. */
      retention: retentionSchema.optional(),
    })
    .optional(),
  reply: z.object({ payloads: affected, journals: affected, summaries: affected }),
  errors: ['not-found', 'bad-request'],
});

/** What an erasure removed, or would remove. */
export const erasureSchema = z.object({
  id: z.string(),
  at: moment,
  label: z.string(),
  value: z.string(),
  dryRun: z.boolean(),
  /** Runs whose payloads were removed. */
  runs: z.number(),
  /** Runs whose payloads had already been removed. */
  removedBefore: z.number(),
  /** Rows of tables that were deleted, because these runs wrote them last. */
  rows: z.number(),
  /** Runs that have not ended. They keep their payloads: cancel them, or repeat the erasure later. */
  open: z.array(z.string()),
  /** There may be more runs: repeat the erasure. */
  hasMore: z.boolean(),
  actor: actorSchema,
  reason: z.string().nullable(),
});
export type Erasure = z.infer<typeof erasureSchema>;

export const createErasure = contract({
  id: 'createErasure',
  method: 'POST',
  path: '/api/erasures',
  scope: 'edit',
  tag,
  summary: 'Remove the payloads of all runs with a label, for example of one customer, with the table rows they wrote, and get a receipt',
  body: z.strictObject({ label: z.string().min(1).max(100), value: z.string().min(1).max(200), dryRun: z.boolean().default(false), reason }),
  reply: erasureSchema,
  errors: ['bad-request'],
});
