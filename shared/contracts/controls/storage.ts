import { z } from 'zod';
import { contract, moment } from '../contract.ts';

/* What uses the disk, and what would free it. */

/** Groups of what is stored. `values`: large values and files. `definitions`: workflows with their versions, prompts, and settings. */
export const STORAGE_PARTS = ['journals', 'values', 'runs', 'requests', 'calls', 'tables', 'definitions', 'indexes', 'free'] as const;
export type StoragePart = (typeof STORAGE_PARTS)[number];

const workflowStorage = z.object({
  workflowId: z.string(),
  /** Null if it was deleted. */
  name: z.string().nullable(),
  /** Estimated: journals, with the large values that they refer to. */
  bytes: z.number().int(),
  /** How long it keeps payloads and journals. Null: forever. */
  payloadDays: z.number().nullable(),
  journalDays: z.number().nullable(),
});

export const getStorage = contract({
  id: 'getStorage',
  method: 'GET',
  path: '/api/system/storage',
  scope: 'read',
  tag: 'System',
  summary: 'Get disk usage by kind and by workflow, estimated from a sample',
  reply: z.object({
    at: moment,
    kind: z.enum(['sqlite', 'mongodb']),
    /** All of it, with space that is free in the files of the database. */
    bytes: z.number().int(),
    /** Free on the disk. Null if unknown. */
    diskFreeBytes: z.number().int().nullable(),
    parts: z.array(z.object({ part: z.enum(STORAGE_PARTS), bytes: z.number().int() })),
    /** Those with the most, up to 20. */
    workflows: z.array(workflowStorage),
    /** How many rows of journals the estimate is from. */
    sampledRows: z.number().int(),
  }),
});
export type Storage = z.infer<typeof getStorage.reply>;

const removedRuns = z.number().int();

export const applyRetention = contract({
  id: 'applyRetention',
  method: 'POST',
  path: '/api/system/retention',
  scope: 'admin',
  tag: 'System',
  summary: 'Apply the retention of each workflow now, instead of within the hour',
  reply: z.object({
    /** How many runs lost their payloads, their journals, and everything. */
    payloads: removedRuns,
    journals: removedRuns,
    summaries: removedRuns,
    /** Whether that was all. Otherwise, the rest is removed later, or by asking again. */
    done: z.boolean(),
  }),
});
export type RetentionResult = z.infer<typeof applyRetention.reply>;
