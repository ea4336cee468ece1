import { z } from 'zod';
import { actorSchema } from '../../run/actor.ts';
import { webhookUrl } from '../alerts.ts';
import { contract, moment, pageOf, pageQuery } from '../contract.ts';
import { reason } from '../prompts.ts';
import { hash, signatureSchema } from './evidence-parts.ts';

/* Daily heads: one hash for all runs that ended in a day, each following the one before, to be kept outside (S89). */

/** A day in UTC. */
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a day, for example 2026-03-01');

/** What is signed and sent. `hash` covers all other fields but the signature. */
export const dailyHeadSchema = z.strictObject({
  format: z.literal('switchyard/daily-head@1'),
  workspace: z.string().max(200),
  day,
  /** From 1, without gaps. */
  number: z.number().int().min(1),
  /** The hash of the head before. Null for the first one. */
  previous: hash.nullable(),
  /** How many runs it covers: those that ended until the end of the day and were in no earlier one. */
  runs: z.number().int().min(0),
  /** The root of the Merkle tree over the ends of their chains (RFC 6962, ordered by ID). */
  root: hash,
  /** The last entry of the audit trail, and its hash. Null if there was none. */
  audit: z.strictObject({ number: z.number().int(), head: hash }).nullable(),
  closedAt: moment,
  hash,
  signature: signatureSchema,
});
export type DailyHead = z.infer<typeof dailyHeadSchema>;

/** Shows that a run is in a daily head. */
export const dayProofSchema = z.strictObject({
  head: dailyHeadSchema,
  /** The place of its leaf. */
  index: z.number().int().min(0),
  /** The hashes beside the way to the root, from below. */
  path: z.array(hash).max(64),
});

const deliverySchema = z.object({
  at: moment,
  attempts: z.number().int(),
  /** Null: delivered. */
  error: z.string().nullable(),
});

const receiverSchema = z.object({
  /** Null: heads are not sent. */
  url: z.string().nullable(),
  /** 0 until it is set. */
  revision: z.number(),
  updatedAt: moment.nullable(),
  actor: actorSchema.nullable(),
});
export type HeadReceiver = z.infer<typeof receiverSchema>;

const tag = 'Evidence';

export const listDailyHeads = contract({
  id: 'listDailyHeads',
  method: 'GET',
  path: '/api/evidence/days',
  scope: 'read',
  tag,
  summary: 'List daily heads with their delivery status, newest first',
  query: z.strictObject({ ...pageQuery }),
  reply: pageOf(dailyHeadSchema.extend({ delivery: deliverySchema.nullable() })),
});

export const getHeadReceiver = contract({
  id: 'getHeadReceiver',
  method: 'GET',
  path: '/api/evidence/receiver',
  scope: 'admin',
  tag,
  summary: 'Get the daily head receiver',
  reply: receiverSchema,
});

export const putHeadReceiver = contract({
  id: 'putHeadReceiver',
  method: 'PUT',
  path: '/api/evidence/receiver',
  scope: 'admin',
  tag,
  summary: 'Set the URL that receives each daily head, signed according to Standard Webhooks; null turns it off',
  body: z.strictObject({ url: webhookUrl.nullable(), revision: z.number().int().optional(), reason }),
  reply: receiverSchema,
  errors: ['bad-request', 'revision-conflict'],
});

export const makeHeadSecret = contract({
  id: 'makeHeadSecret',
  method: 'POST',
  path: '/api/evidence/receiver/secret',
  scope: 'admin',
  tag,
  summary: 'Create a new signing secret for daily heads; returned once',
  reply: z.object({ secret: z.string() }),
  statuses: [201],
  errors: ['bad-request', 'revision-conflict'],
});
