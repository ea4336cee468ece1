import { PRIORITIES } from '@switchyard/shared/run/queue-key.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/** How many runs of a workflow are driven and queued (S46). Its ID is the workflow's. */
const queueSettingRecord = z.object({
  ...base,
  concurrency: z.number().nullable(),
  priority: z.enum(PRIORITIES),
  queueLimit: z.number().nullable(),
  revision: z.number(),
  updatedAt: z.string(),
  actor,
});
export type QueueSettingRecord = z.infer<typeof queueSettingRecord>;
export const queueSettings = declare<QueueSettingRecord>({ name: 'queue_settings', schema: queueSettingRecord, indexes: [] });
