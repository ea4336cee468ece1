import { z } from 'zod';
import { contract, moment } from '../contract.ts';
import { policyContent } from '../policies.ts';

/* Stored data: where, how long, and who may see it. */

/** Groups of stored data. */
export const INVENTORY_KINDS = [
  'payloads',
  'values',
  'runs',
  'reviews',
  'requests',
  'chats',
  'completions',
  'calls',
  'alerts',
  'tables',
  'datasets',
  'secrets',
  'audit',
  'sign-ins',
  'definitions',
] as const;

/** Who may see something: anyone signed in or with an API token of this scope, a person or program with a link, or none. */
export const INVENTORY_ACCESS = ['read', 'admin', 'review-link', 'status-url', 'chat-page', 'none'] as const;

const itemSchema = z.object({
  kind: z.enum(INVENTORY_KINDS),
  title: z.string(),
  /** What it holds, in words. */
  holds: z.string(),
  place: z.enum(['sqlite', 'mongodb']),
  /** `workflow`: as each workflow’s policy says. `fixed`: for these days. `deleted`: until it is deleted. `forever`: always. */
  kept: z.object({ until: z.enum(['workflow', 'fixed', 'deleted', 'forever']), days: z.number().nullable() }),
  access: z.array(z.enum(INVENTORY_ACCESS)),
  /** Whether erasing a customer removes it. */
  erasable: z.boolean(),
  /** About how much it takes, without indexes. */
  bytes: z.number(),
});
export type InventoryItem = z.infer<typeof itemSchema>;

const workflowSchema = z.object({
  workflowId: z.string(),
  name: z.string(),
  logging: policyContent.shape.logging,
  /** Detectors of values that are replaced when they enter a run. */
  redacted: z.array(z.string()),
  /** In days after a run has ended. Null: kept. */
  payloadDays: z.number().nullable(),
  journalDays: z.number().nullable(),
  summaryDays: z.number().nullable(),
  /** At most `mostRuns`. */
  runs: z.number(),
  oldestRunAt: moment.nullable(),
});
export type WorkflowInventory = z.infer<typeof workflowSchema>;

export const getInventory = contract({
  id: 'getInventory',
  method: 'GET',
  path: '/api/inventory',
  scope: 'read',
  tag: 'Evidence',
  summary: 'List stored data, overall and by workflow: where, for how long, and who can see it',
  reply: z.object({
    at: moment,
    items: z.array(itemSchema),
    workflows: z.array(workflowSchema),
    /** Runs are counted up to this number. */
    mostRuns: z.number(),
    /** There are more workflows than are listed. */
    hasMore: z.boolean(),
  }),
});
export type Inventory = z.infer<typeof getInventory.reply>;
