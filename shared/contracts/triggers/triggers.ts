import { z } from 'zod';
import type { ErrorData } from '../../errors.ts';
import { verbatimObject } from '../../json.ts';
import type { RunLabels } from '../../run/events.ts';
import { contract, idParams, moment, pageOf, pageQuery, timeZone } from '../contract.ts';
import { reason, reasonBody } from '../prompts.ts';
import { runSchema } from '../runs.ts';
import { chatSettings, formSettings } from './hosted-pages.ts';
import { queueSettings } from './queue.ts';

/* What starts a workflow besides its webhook. */

/** What happens to due times that passed while nothing could start: none is started, only the latest, or each. */
export const MISSED = ['skip', 'once', 'all'] as const;
/** What happens if the schedule’s previous run hasn’t ended: start anyway, skip the due time, or wait for that run. */
export const OVERLAP = ['allow', 'skip', 'queue'] as const;

/** What happens to due times while the workflow is paused or stopped: they wait and then count as missed, or are skipped. */
export const WHILE_PAUSED = ['wait', 'skip'] as const;

/** Characters of the fixed input of a schedule, as JSON. */
export const MOST_SCHEDULE_INPUT = 64_000;

export const scheduleSettings = z.strictObject({
  /** Five fields: minute, hour, day of the month, month, and day of the week. Optionally seconds first. */
  cron: z.string().min(1).max(200),
  timeZone: timeZone.default('UTC'),
  missed: z.enum(MISSED).default('once'),
  overlap: z.enum(OVERLAP).default('skip'),
  paused: z.enum(WHILE_PAUSED).default('wait'),
  /** The input of each run, besides `dueAt` and `firedAt`. */
  input: verbatimObject
    .refine((value) => JSON.stringify(value).length <= MOST_SCHEDULE_INPUT, `is too long: at most ${MOST_SCHEDULE_INPUT.toLocaleString('en-US')} characters`)
    .optional(),
});
export type ScheduleSettings = z.infer<typeof scheduleSettings>;

/** How a run ends. */
const ENDED_STATUSES = ['succeeded', 'failed', 'cancelled'] as const;

export const workflowEndedSettings = z.strictObject({
  /** The workflow whose runs are watched: those of published versions. */
  workflowId: z.string().min(1).max(100),
  statuses: z.array(z.enum(ENDED_STATUSES)).min(1).max(3).default(['succeeded']),
});

export const errorSettings = z.strictObject({
  /** Null: failed runs of all other workflows. */
  workflowId: z.string().min(1).max(100).nullable().default(null),
});

/** The input of a run that starts because another has ended. */
export interface EndedInput {
  readonly runId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: ErrorData | null;
  readonly labels: RunLabels;
}

/** The settings of each kind of trigger. */
export const TRIGGER_SETTINGS = {
  schedule: scheduleSettings,
  'workflow-ended': workflowEndedSettings,
  error: errorSettings,
  form: formSettings,
  chat: chatSettings,
  queue: queueSettings,
} as const;
export type ConfiguredKind = keyof typeof TRIGGER_SETTINGS;
export const CONFIGURED_KINDS = Object.keys(TRIGGER_SETTINGS) as [ConfiguredKind, ...ConfiguredKind[]];

/** `started`: a run was accepted. `skipped`: its settings say to start nothing. `rejected`: it could not start. */
export const TRIGGER_OUTCOMES = ['started', 'skipped', 'rejected'] as const;

export const triggerDeliverySchema = z.object({
  id: z.string(),
  triggerId: z.string(),
  at: moment,
  /** Of a schedule: the due time. */
  dueAt: moment.nullable(),
  outcome: z.enum(TRIGGER_OUTCOMES),
  /** Why nothing was started: an error code, `missed`, or `overlap`. */
  code: z.string().nullable(),
  runId: z.string().nullable(),
  /** How many due times were skipped at once. */
  count: z.number().int(),
});
export type TriggerDelivery = z.infer<typeof triggerDeliverySchema>;

/** The last 7 days: how often something happened per day, oldest first. */
const weekSchema = z.object({ days: z.array(z.number().int()), total: z.number().int(), rejected: z.number().int(), lastAt: moment.nullable() });
export type Week = z.infer<typeof weekSchema>;

const common = {
  id: z.string(),
  workflowId: z.string(),
  enabled: z.boolean(),
  /** Where it is called, if it has a URL. */
  url: z.string().nullable(),
  /** Of a schedule: its next due times. */
  next: z.array(moment),
  /** Why a due time or a message waits: an error code, or `overlap`. Null if none waits. */
  waitsFor: z.string().nullable(),
  /** How often it fired. */
  week: weekSchema,
  revision: z.number().int(),
  createdAt: moment,
  updatedAt: moment,
};
export const triggerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), settings: scheduleSettings, ...common }),
  z.object({ kind: z.literal('workflow-ended'), settings: workflowEndedSettings, ...common }),
  z.object({ kind: z.literal('error'), settings: errorSettings, ...common }),
  z.object({ kind: z.literal('form'), settings: formSettings, ...common }),
  z.object({ kind: z.literal('chat'), settings: chatSettings, ...common }),
  z.object({ kind: z.literal('queue'), settings: queueSettings, ...common }),
]);
export type Trigger = z.infer<typeof triggerSchema>;

const added = { enabled: z.boolean().default(true), reason };
const newTrigger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('schedule'), ...scheduleSettings.shape, ...added }),
  z.strictObject({ kind: z.literal('workflow-ended'), ...workflowEndedSettings.shape, ...added }),
  z.strictObject({ kind: z.literal('error'), ...errorSettings.shape, ...added }),
  z.strictObject({ kind: z.literal('form'), ...formSettings.shape, ...added }),
  z.strictObject({ kind: z.literal('chat'), ...chatSettings.shape, ...added }),
  z.strictObject({ kind: z.literal('queue'), ...queueSettings.shape, ...added }),
]);

/** What a change may set. The kind of the trigger decides what it has, and what values are valid. */
const changedSettings = {
  cron: z.unknown().optional(),
  timeZone: z.unknown().optional(),
  missed: z.unknown().optional(),
  overlap: z.unknown().optional(),
  paused: z.unknown().optional(),
  input: z.unknown().optional(),
  workflowId: z.unknown().optional(),
  statuses: z.unknown().optional(),
  title: z.unknown().optional(),
  intro: z.unknown().optional(),
  thanks: z.unknown().optional(),
  greeting: z.unknown().optional(),
  turns: z.unknown().optional(),
  perMinute: z.unknown().optional(),
  blockBots: z.unknown().optional(),
  frameAncestors: z.unknown().optional(),
  source: z.unknown().optional(),
};

const tag = 'Triggers';

export const listTriggers = contract({
  id: 'listTriggers',
  method: 'GET',
  path: '/api/workflows/:id/triggers',
  scope: 'read',
  tag,
  summary: 'List the triggers of a workflow besides its webhook, and how often each of them and the webhook fired',
  params: idParams,
  reply: z.object({
    items: z.array(triggerSchema),
    /** The requests to the live URL, per day in UTC. */
    webhook: weekSchema,
  }),
  errors: ['not-found'],
});
export const createTrigger = contract({
  id: 'createTrigger',
  method: 'POST',
  path: '/api/workflows/:id/triggers',
  scope: 'edit',
  tag,
  summary: 'Create a trigger; it runs the live version',
  params: idParams,
  body: newTrigger,
  reply: triggerSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request'],
});
export const updateTrigger = contract({
  id: 'updateTrigger',
  method: 'PATCH',
  path: '/api/triggers/:id',
  scope: 'edit',
  tag,
  summary: 'Change a trigger, or turn it on or off; omitted settings keep their values',
  params: idParams,
  body: z.strictObject({
    ...changedSettings,
    enabled: z.boolean().optional(),
    /** The revision that was edited. If omitted, the latest is changed. */
    revision: z.number().int().min(1).optional(),
    reason,
  }),
  reply: triggerSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
export const deleteTrigger = contract({
  id: 'deleteTrigger',
  method: 'DELETE',
  path: '/api/triggers/:id',
  scope: 'edit',
  tag,
  summary: 'Delete a trigger; its runs stay',
  params: idParams,
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: triggerSchema,
  errors: ['not-found', 'revision-conflict'],
});
export const runSchedule = contract({
  id: 'runSchedule',
  method: 'POST',
  path: '/api/triggers/:id/run',
  scope: 'run',
  tag,
  summary: 'Start a run of a schedule now, as if it were due',
  params: idParams,
  reply: runSchema,
  statuses: [201],
  errors: ['not-found', 'bad-request', 'bad-input', 'not-published', 'paused', 'killed', 'overloaded', 'queue-full'],
});
export const listTriggerDeliveries = contract({
  id: 'listTriggerDeliveries',
  method: 'GET',
  path: '/api/triggers/:id/deliveries',
  scope: 'read',
  tag,
  summary: 'List when a trigger fired in the last 7 days, newest first',
  params: idParams,
  query: z.strictObject(pageQuery),
  reply: pageOf(triggerDeliverySchema),
  errors: ['not-found', 'bad-request'],
});
export const resendTriggerDelivery = contract({
  id: 'resendTriggerDelivery',
  method: 'POST',
  path: '/api/deliveries/:id/resend',
  scope: 'run',
  tag,
  summary: 'Start a new run with the input of an earlier one, or for a skipped due time',
  params: idParams,
  reply: runSchema,
  statuses: [201],
  errors: ['not-found', 'bad-input', 'not-published', 'paused', 'killed', 'overloaded', 'queue-full', 'payload-removed'],
});
