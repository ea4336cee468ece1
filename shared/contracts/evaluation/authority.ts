import { z } from 'zod';
import { actorSchema } from '../../run/actor.ts';
import { contract, moment, pageOf, pageQuery } from '../contract.ts';

const percent = z.number().min(0).max(100);
const rate = z.number().min(0).max(1);

/** Less review of a group, with what supports it. */
export const proposalSchema = z.object({
  /** What a person would see, in percent. */
  share: percent,
  /** The rate of errors is at most this, at a confidence of 95% over all groups and looks. */
  bound: rate,
  labels: z.number().int(),
  wrong: z.number().int(),
});

/** Sums over the drawn reviews of a group. */
export const evidenceSchema = z.object({ labels: z.number(), wrong: z.number(), weight: z.number(), wrongWeight: z.number(), squares: z.number() });

/** The stored state of a group. */
export const groupStateSchema = z.object({
  share: percent,
  evidence: evidenceSchema,
  lookedAt: z.number(),
  looks: z.number(),
  cusum: z.object({ step: z.number(), limit: z.number() }).nullable(),
  sum: z.number(),
  proposal: proposalSchema.nullable(),
});

/** Drawn reviews of a week, which starts on Monday. */
export const weekSchema = z.object({ week: z.string(), labels: z.number().int(), wrong: z.number().int() });

/** A change of how much of a group a person sees. */
export const authorityChangeSchema = z.object({
  at: moment,
  actor: actorSchema,
  group: z.string(),
  from: percent,
  to: percent,
  /** Drawn reviews that decided it, and those of them that were wrong. */
  labels: z.number().int(),
  wrong: z.number().int(),
  reason: z.string().nullable(),
});
export type AuthorityChange = z.infer<typeof authorityChangeSchema>;

const groupSchema = z.object({
  name: z.string(),
  /** What a person sees now, in percent. */
  share: percent,
  /** The settings of the node keep it in full review. */
  isLocked: z.boolean(),
  /** Drawn reviews since the group last went back to full review, and those of them that were wrong. */
  labels: z.number().int(),
  wrong: z.number().int(),
  /** The rate of errors, and what it is at most. Null while there is too little evidence. */
  rate: rate.nullable(),
  bound: rate.nullable(),
  proposal: proposalSchema.nullable(),
  /** It goes with the proposal for rare groups together. */
  isRare: z.boolean(),
  /** How it last went back to full review. */
  drift: authorityChangeSchema.nullable(),
  weeks: z.array(weekSchema),
  /** Reviews that its proposal saves per day. Null without one. */
  savedPerDay: z.number().nullable(),
});
export type AuthorityGroupView = z.infer<typeof groupSchema>;

const curvePoint = z.object({ threshold: rate, sent: rate, rate, bound: rate });

/** How much of its reviews a person sees, and the evidence about them. */
export const nodeAuthoritySchema = z.object({
  workflowId: z.string(),
  nodeKey: z.string(),
  revision: z.number().int(),
  /** Of the live version. Null if it doesn’t have this node, or no authority for it. */
  settings: z
    .object({ mode: z.enum(['all', 'sample', 'exceptions']), target: percent, floor: percent, matters: z.array(z.string()), locked: z.array(z.string()) })
    .nullable(),
  groups: z.array(groupSchema),
  /** Less review of rare groups, judged together. */
  rare: z.object({ proposal: proposalSchema, groups: z.array(z.string()) }).nullable(),
  /** Empty if the node names no confidence. From the highest threshold to the lowest. */
  curve: z.array(curvePoint),
  /** The lowest threshold within the target. */
  threshold: curvePoint.nullable(),
  /** The last changes, newest first. */
  changes: z.array(authorityChangeSchema),
});
export type NodeAuthority = z.infer<typeof nodeAuthoritySchema>;

/** A drawn review, or an error that was reported later. */
const labelSchema = z.object({
  id: z.string(),
  runId: z.string(),
  reviewId: z.string().nullable(),
  group: z.string(),
  /** With which it was drawn. */
  probability: rate,
  confidence: rate.nullable(),
  wrong: z.boolean(),
  rejected: z.boolean(),
  fields: z.array(z.string()),
  late: z.boolean(),
  at: moment,
});
export type AuthorityLabel = z.infer<typeof labelSchema>;

const tag = 'Authority';
const nodeParams = z.object({ id: z.string(), nodeKey: z.string().min(1).max(200) });
const path = '/api/workflows/:id/authority/:nodeKey';

export const getAuthority = contract({
  id: 'getAuthority',
  method: 'GET',
  path,
  scope: 'read',
  tag,
  summary: 'Get how many reviews of a review node a person sees, with the evidence and proposals',
  params: nodeParams,
  reply: nodeAuthoritySchema,
  errors: ['not-found'],
});
export const listAuthorityLabels = contract({
  id: 'listAuthorityLabels',
  method: 'GET',
  path: `${path}/labels`,
  scope: 'read',
  tag,
  summary: 'List the sampled reviews of a review node, newest first',
  params: nodeParams,
  query: z.strictObject({ ...pageQuery, group: z.string().max(100).optional(), wrong: z.enum(['true', 'false']).optional() }),
  reply: pageOf(labelSchema),
  errors: ['not-found'],
});
export const setAuthority = contract({
  id: 'setAuthority',
  method: 'PUT',
  path,
  scope: 'edit',
  tag,
  summary: 'Accept or postpone a proposal for less review, or return a group to full review',
  params: nodeParams,
  body: z.strictObject({
    /** Null: rare groups together. */
    group: z.string().min(1).max(100).nullable(),
    /** The proposed share in percent, or 100. Left out: the proposal is put off until there is more evidence. */
    share: percent.optional(),
    reason: z.string().trim().min(1).max(1_000).optional(),
    /** The revision that was seen. Defaults to the latest. */
    revision: z.number().int().min(0).optional(),
  }),
  reply: nodeAuthoritySchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
