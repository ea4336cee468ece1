import { dailyHeadSchema } from '@switchyard/shared/contracts/insight/daily-heads.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

/** A daily head (S89). Its ID is `day-<day>`. Never changed, except by sending it. */
const dailyHeadRecord = dailyHeadSchema.extend({
  ...base,
  /** Its pages of leaves. */
  set: z.string(),
  attempts: z.number(),
  attemptedAt: z.string().nullable(),
  sentAt: z.string().nullable(),
  error: z.string().nullable(),
});
export type DailyHeadRecord = z.infer<typeof dailyHeadRecord>;
export const dailyHeads = declare<DailyHeadRecord>({
  name: 'daily_heads',
  schema: dailyHeadRecord,
  indexes: [
    { name: 'number', fields: ['number'], unique: true },
    { name: 'day', fields: ['day'], unique: true },
  ],
});

/** Runs of a daily head, ordered by ID, with their leaves; or, in the set `open.<set>`, runs that hadn’t ended by then. */
const headPageRecord = z.object({
  ...base,
  set: z.string(),
  /** The first of the runs. */
  first: z.string(),
  runs: z.array(z.string()),
  leaves: z.array(z.string()),
  root: z.string(),
});
export type HeadPageRecord = z.infer<typeof headPageRecord>;
export const headPages = declare<HeadPageRecord>({
  name: 'daily_head_pages',
  schema: headPageRecord,
  indexes: [{ name: 'by_set', fields: ['set', 'first'] }],
  columns: ['root'],
});

/** Where daily heads are sent to. One for a workspace. */
const headReceiverRecord = z.object({
  ...base,
  url: z.string().nullable(),
  /** Signs the messages. Encrypted for this record. */
  sealedSecret: z.string(),
  revision: z.number(),
  updatedAt: z.string(),
  actor,
});
export type HeadReceiverRecord = z.infer<typeof headReceiverRecord>;
export const headReceivers = declare<HeadReceiverRecord>({ name: 'daily_head_receivers', schema: headReceiverRecord, indexes: [] });
