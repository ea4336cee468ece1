import { z } from 'zod';
import { actorSchema } from '../run/actor.ts';
import { contract, moment, pageOf, pageQuery } from './contract.ts';

/** The kinds of subjects whose changes are recorded. */
export const CHANGE_SUBJECTS = [
  'prompt',
  'route',
  'policy',
  'budget',
  'price',
  'release',
  'kill-switch',
  'connection',
  'run',
  'alert',
  'alert-rule',
  'restore',
  'queue',
  'trigger',
  'signing-key',
  'head-receiver',
  'erasure',
  'authority',
] as const;

/** One change in the audit trail (S68). Secrets are never part of it. */
export const changeSchema = z.object({
  id: z.string(),
  at: moment,
  actor: actorSchema,
  subject: z.object({ kind: z.enum(CHANGE_SUBJECTS), id: z.string() }),
  /** The action: `create`, `update`, `delete`, `move-label`, … */
  action: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string().nullable(),
  /** False if another change won, or the process ended first. Null while unknown. */
  applied: z.boolean().nullable(),
});
export type Change = z.infer<typeof changeSchema>;

export const listChanges = contract({
  id: 'listChanges',
  method: 'GET',
  path: '/api/audit',
  scope: 'read',
  tag: 'Audit',
  summary:
    'List changes of prompts, routes, policies, budgets, prices, releases, kill switches, connections, alerts, alert rules, workflow limits, triggers, signing keys, the receiver of daily heads, erasures, reruns of failed runs, and releases of held runs, newest first',
  query: z.strictObject({
    ...pageQuery,
    actor: z.string().max(200).optional(),
    /** A kind (`prompt`), or a kind and an ID (`prompt:support-reply`). */
    subject: z.string().max(300).optional(),
    from: moment.optional(),
    to: moment.optional(),
  }),
  reply: pageOf(changeSchema),
});

export const listChangeActors = contract({
  id: 'listChangeActors',
  method: 'GET',
  path: '/api/audit/actors',
  scope: 'read',
  tag: 'Audit',
  summary: 'List who made changes, at most 100',
  reply: z.object({ items: z.array(actorSchema) }),
});

export const exportChanges = contract({
  id: 'exportChanges',
  method: 'GET',
  path: '/api/audit/export',
  scope: 'read',
  tag: 'Audit',
  summary: 'Export the audit trail with its hash chain, a JSON object in each line. The last line has the signature. `switchyard verify` verifies it',
  reply: z.string(),
  textTypes: ['application/x-ndjson'],
  sendsFile: true,
});
