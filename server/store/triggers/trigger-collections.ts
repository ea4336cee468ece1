import { CONFIGURED_KINDS, TRIGGER_OUTCOMES } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';
import { completions } from './completion-collection.ts';
import { conversations } from './conversation-collection.ts';

/** What starts a workflow besides its webhook. */
const triggerRecord = z.object({
  ...base,
  workflowId: z.string(),
  kind: z.enum(CONFIGURED_KINDS),
  settings: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
  /** Its URL, if it has one. */
  token: z.string().nullable(),
  /** Of an enabled schedule: the next due time that hasn’t been decided. */
  dueAt: z.string().nullable(),
  /** Why that due time waits: an error code, or `overlap`. */
  waitsFor: z.string().nullable(),
  lastRunId: z.string().nullable(),
  /** Counts changes of the fields above and of the settings: a schedule moves on by compare-and-set. */
  turn: z.number(),
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  actor,
});
export type TriggerRecord = z.infer<typeof triggerRecord>;
export const triggers = declare<TriggerRecord>({
  name: 'triggers',
  schema: triggerRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'createdAt'] },
    { name: 'by_kind', fields: ['kind', 'createdAt'] },
    { name: 'due', fields: ['dueAt'], whereSet: 'dueAt' },
    { name: 'token', fields: ['token'], unique: true, everywhere: true, whereSet: 'token' },
  ],
});

/** One time a trigger fired. Its ID is made of the trigger and the event, so it is recorded once. */
const triggerDeliveryRecord = z.object({
  ...base,
  triggerId: z.string(),
  workflowId: z.string(),
  at: z.string(),
  dueAt: z.string().nullable(),
  outcome: z.enum(TRIGGER_OUTCOMES),
  code: z.string().nullable(),
  runId: z.string().nullable(),
  count: z.number(),
});
export type TriggerDeliveryRecord = z.infer<typeof triggerDeliveryRecord>;
export const triggerDeliveries = declare<TriggerDeliveryRecord>({
  name: 'trigger_deliveries',
  schema: triggerDeliveryRecord,
  indexes: [
    { name: 'by_trigger', fields: ['triggerId', 'at'] },
    { name: 'by_outcome', fields: ['triggerId', 'outcome', 'at'] },
    { name: 'at', fields: ['at'] },
  ],
});

/** How many requests the live URL of a workflow got on one day in UTC. Its ID is made of both. */
const webhookDayRecord = z.object({
  ...base,
  workflowId: z.string(),
  day: z.string(),
  total: z.number(),
  /** Those that started no run. */
  rejected: z.number(),
  lastAt: z.string(),
});
export type WebhookDayRecord = z.infer<typeof webhookDayRecord>;
export const webhookDays = declare<WebhookDayRecord>({
  name: 'webhook_days',
  schema: webhookDayRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'day'] },
    { name: 'day', fields: ['day'] },
  ],
});

export const triggerCollections = [triggers, triggerDeliveries, conversations, completions, webhookDays];

/** Of a run. Absent in most. */
export const triggerFields = {
  /** When it ended, until the triggers that watch its workflow have fired. */
  endedUnseen: z.string().nullable().optional(),
  /** How many triggers in a row led to it, by ends of runs. */
  chain: z.number().optional(),
  /** Its caller is told of its end (completion-collection.ts). */
  notifies: z.boolean().optional(),
  /** When it ended, until a call to the completion URL is due. */
  endUntold: z.string().nullable().optional(),
};
