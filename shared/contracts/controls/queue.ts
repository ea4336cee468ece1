import { z } from 'zod';
import { actorSchema } from '../../run/actor.ts';
import { PRIORITIES } from '../../run/queue-key.ts';
import { contract, idParams, moment } from '../contract.ts';
import { reason } from '../prompts.ts';

/** How many runs of a workflow are driven at once, and how many more may wait (S46). */
export const queueContent = z.strictObject({
  /** Runs driven at once. A run that waits for a person, a time, or a callback doesn’t count. Null: no limit. */
  concurrency: z.number().int().min(1).max(1_000).nullable(),
  /** Of 7 turns, workflows with high, normal, and low priority get 4, 2, and 1. */
  priority: z.enum(PRIORITIES),
  /** With this many runs queued, new ones get 429 and Retry-After. Null: no limit. */
  queueLimit: z.number().int().min(0).max(100_000).nullable(),
});
export type QueueContent = z.infer<typeof queueContent>;

export const queueSettingsSchema = z.object({
  ...queueContent.shape,
  /** 0 until settings are saved. */
  revision: z.number(),
  updatedAt: moment.nullable(),
  actor: actorSchema.nullable(),
});
export type QueueSettings = z.infer<typeof queueSettingsSchema>;

/** Counts in responses stop here. */
export const MOST_COUNTED = 10_000;

const count = z.number().int().min(0).max(MOST_COUNTED);

/**
 * Why a queued run waits. `concurrency`: as many runs of its workflow are driven as its limit allows. `workers-busy`: every worker drives as
 * many runs as it can. `no-worker`: no worker is live. `unknown-version`: it needs a newer version than any worker has. `upgrade`: it
 * needs a version that not every process has yet. `kill-switch`: a kill switch holds it. `turn`: it starts when its turn comes.
 */
export const QUEUE_REASONS = ['concurrency', 'workers-busy', 'no-worker', 'unknown-version', 'upgrade', 'kill-switch', 'turn'] as const;

/** Where a queued run is. */
export const queuedSchema = z.object({
  /** Its place among the queued runs of its workflow, from 1, at the latest. */
  place: count,
  reason: z.enum(QUEUE_REASONS),
  /** Runs of its workflow that are driven now, if it has a limit. */
  running: z.number().int(),
  concurrency: z.number().int().nullable(),
});
export type Queued = z.infer<typeof queuedSchema>;

const tag = 'Queue';

export const getQueue = contract({
  id: 'getQueue',
  method: 'GET',
  path: '/api/queue',
  scope: 'read',
  tag,
  summary: 'Count driven and queued runs by workflow; counts stop at 10,000',
  reply: z.object({
    /** Workflows that have limits, or runs that are driven or queued: those with most queued runs first, at most 100. */
    items: z.array(
      z.object({
        workflowId: z.string(),
        workflowName: z.string(),
        ...queueContent.shape,
        running: count,
        queued: count,
        /** When the oldest queued run was accepted. */
        oldestQueuedAt: moment.nullable(),
      }),
    ),
    running: count,
    queued: z.object({ high: count, normal: count, low: count }),
    oldestQueuedAt: moment.nullable(),
  }),
});

export const getQueueSettings = contract({
  id: 'getQueueSettings',
  method: 'GET',
  path: '/api/workflows/:id/queue',
  scope: 'read',
  tag,
  summary: 'Get the limits and the priority of a workflow',
  params: idParams,
  reply: queueSettingsSchema,
  errors: ['not-found'],
});

export const putQueueSettings = contract({
  id: 'putQueueSettings',
  method: 'PUT',
  path: '/api/workflows/:id/queue',
  scope: 'edit',
  tag,
  summary: 'Set the limits and the priority of a workflow; omitted fields keep their values',
  params: idParams,
  body: queueContent.partial().extend({
    /** The revision that was edited. If omitted, the latest is changed. */
    revision: z.number().int().min(0).optional(),
    reason,
  }),
  reply: queueSettingsSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
