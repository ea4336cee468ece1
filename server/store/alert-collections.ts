import { alertChannelSchema, alertDeliverySchema } from '@switchyard/shared/contracts/alerts.ts';
import { errorCodes } from '@switchyard/shared/errors.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/** Who is notified when a run of a workflow fails. Its ID is the workflow's. */
const alertSettingRecord = z.object({
  ...base,
  enabled: z.boolean(),
  channel: alertChannelSchema.nullable(),
  /** Signs messages to a webhook. Encrypted for this record. */
  sealedSecret: z.string(),
  lastDelivery: alertDeliverySchema.nullable(),
  revision: z.number(),
  updatedAt: z.string(),
  actor,
});
export type AlertSettingRecord = z.infer<typeof alertSettingRecord>;
export const alertSettings = declare<AlertSettingRecord>({ name: 'alert_settings', schema: alertSettingRecord, indexes: [] });

/** A message about failures of one cause. Its content is fixed, so each attempt sends the same under the same ID. */
const failureMessage = z.object({
  id: z.string(),
  at: z.string(),
  workflow: z.object({ id: z.string(), name: z.string() }),
  /** Null if the run failed as a whole, not at a node. */
  node: z.object({ key: z.string(), title: z.string() }).nullable(),
  code: z.enum(errorCodes),
  /** Runs that failed since the last message, and since the first one. */
  count: z.number(),
  total: z.number(),
  since: z.string(),
  /** The latest of them. */
  runId: z.string(),
  attempts: z.number(),
});
export type FailureMessage = z.infer<typeof failureMessage>;

/** Failures of one workflow at one node with one error code, from the first one until 24 hours without any. */
const alertCauseRecord = z.object({
  ...base,
  workflowId: z.string(),
  /** `<workflowId>/<node key>/<error code>`. */
  cause: z.string(),
  nodeKey: z.string(),
  code: z.enum(errorCodes),
  total: z.number(),
  /** Failures that no message has counted yet, and when the first of them was. */
  unsent: z.number(),
  unsentSince: z.string(),
  lastAt: z.string(),
  lastRunId: z.string(),
  /** The runs that were counted last. They may still be marked. */
  counted: z.array(z.string()),
  /** The message that is not delivered yet. */
  message: failureMessage.nullable(),
  messages: z.number(),
  lastSentAt: z.string().nullable(),
  /** When the next action is due: send, retry, or end. */
  dueAt: z.string(),
  /** True once it has ended and is about to be deleted. */
  closed: z.boolean(),
  revision: z.number(),
});
export type AlertCauseRecord = z.infer<typeof alertCauseRecord>;
export const alertCauses = declare<AlertCauseRecord>({
  name: 'alert_causes',
  schema: alertCauseRecord,
  indexes: [
    { name: 'cause', fields: ['cause'], unique: true },
    { name: 'due', fields: ['dueAt'] },
    { name: 'by_workflow', fields: ['workflowId', 'dueAt'] },
  ],
});
