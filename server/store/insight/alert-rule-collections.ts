import {
  ALERT_STATES,
  observationSchema,
  openingSchema,
  ruleChannelSchema,
  ruleDefinitionSchema,
  ruleDeliverySchema,
} from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

/* Alert rules and their history (S86). */

const alertRuleRecord = z.object({
  ...base,
  name: z.string(),
  definition: ruleDefinitionSchema,
  /** Counts changes of the definition. An opening of an earlier one is over. */
  defined: z.number(),
  channel: ruleChannelSchema,
  /** Signs messages to a webhook. Encrypted for this record. */
  sealedSecret: z.string(),
  enabled: z.boolean(),
  quietUntil: z.string().nullable(),
  /** What the last check found. For people: decisions rest on openings. */
  state: z.enum(ALERT_STATES).nullable(),
  observed: observationSchema.nullable(),
  lastDelivery: ruleDeliverySchema.nullable(),
  /** Counts changes by people. */
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  actor,
});
export type AlertRuleRecord = z.infer<typeof alertRuleRecord>;
export const alertRules = declare<AlertRuleRecord>({ name: 'alert_rules', schema: alertRuleRecord, indexes: [] });

/** An alert, from when it opened. Its ID is `<rule>_<number>`, so of several processes one opens it. */
const alertOpeningRecord = z.object({
  ...base,
  ...openingSchema.shape,
  number: z.number(),
  /** `defined` of its rule. */
  defined: z.number(),
  /** The message to send. Null once it is delivered or given up. */
  message: z.object({ what: z.enum(['opened', 'resolved']), attempts: z.number(), dueAt: z.string() }).nullable(),
  /** When it opened, while it is open or has a message to send. */
  unsettled: z.string().nullable(),
  revision: z.number(),
});
export type AlertOpeningRecord = z.infer<typeof alertOpeningRecord>;
export const alertOpenings = declare<AlertOpeningRecord>({
  name: 'alert_openings',
  schema: alertOpeningRecord,
  indexes: [
    { name: 'unsettled', fields: ['unsettled'] },
    { name: 'by_time', fields: ['openedAt'] },
    { name: 'by_rule', fields: ['ruleId', 'number'] },
  ],
});
