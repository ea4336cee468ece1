import { z } from 'zod';
import { jsonSchema } from '../json.ts';
import { contract, moment } from './contract.ts';
import { reason } from './prompts.ts';

const portSchema = z.object({ id: z.string(), label: z.string().optional(), mustConnect: z.boolean().optional() });
export const nodeTypeSchema = z.object({
  type: z.string(),
  version: z.number().int(),
  title: z.string(),
  category: z.string(),
  summary: z.string(),
  /** Synonyms for search. */
  keywords: z.array(z.string()),
  help: z.string(),
  icon: z.string(),
  params: jsonSchema,
  defaults: z.unknown(),
  ports: z.object({ inputs: z.array(portSchema), outputs: z.array(portSchema) }),
  output: jsonSchema,
  effect: z.string(),
});

const tag = 'System';

export const getHealth = contract({
  id: 'getHealth',
  method: 'GET',
  path: '/api/health',
  open: true,
  tag,
  summary: 'Liveness check',
  reply: z.object({ status: z.literal('ok'), version: z.string() }),
});
/** Redis only carries messages, so a server without it is ready, but slower. */
const redisStatus = z.object({ state: z.enum(['connected', 'away']), problems: z.array(z.string()).readonly() });
export type RedisStatus = z.infer<typeof redisStatus>;

export const getReady = contract({
  id: 'getReady',
  method: 'GET',
  path: '/api/ready',
  open: true,
  tag,
  summary: 'Readiness check',
  reply: z.object({ status: z.literal('ready'), redis: redisStatus.optional() }),
  errors: ['not-ready'],
});
export const listNodeTypes = contract({
  id: 'listNodeTypes',
  method: 'GET',
  path: '/api/nodes',
  scope: 'read',
  tag,
  summary: 'List node types with params, ports, output, and help',
  reply: z.object({ items: z.array(nodeTypeSchema), nextCursor: z.null() }),
});

export const inferSchema = contract({
  id: 'inferSchema',
  method: 'POST',
  path: '/api/schemas/infer',
  scope: 'read',
  tag,
  summary: 'Infer a JSON Schema that accepts these samples',
  body: z.strictObject({
    samples: z.array(z.unknown()).min(1).max(20).describe('For example, request bodies that a webhook received'),
    schema: jsonSchema.optional().describe('Widen this schema as little as needed, instead of starting from nothing'),
    requireShared: z.boolean().default(false).describe('Require the fields that all samples have; needs several samples and no `schema`'),
  }),
  reply: z.object({ schema: jsonSchema }),
});

/** Runs that were open when the installation was restored from a backup. They are not driven until they are released. */
export const heldRunsSchema = z.object({
  /** How many runs are held. While they are being released, how many are left. */
  count: z.number().int(),
  /** When the backup was made. Null if no runs are held. */
  backupAt: moment.nullable(),
  restoredAt: moment.nullable(),
  releasedAt: moment.nullable(),
});
export type HeldRuns = z.infer<typeof heldRunsSchema>;

export const getHeldRuns = contract({
  id: 'getHeldRuns',
  method: 'GET',
  path: '/api/held-runs',
  scope: 'read',
  tag,
  summary: 'Get how many runs are held since the installation was restored from a backup',
  reply: heldRunsSchema,
});
export const releaseHeldRuns = contract({
  id: 'releaseHeldRuns',
  method: 'POST',
  path: '/api/held-runs/release',
  scope: 'admin',
  tag,
  summary: 'Continue the runs that are held since a restore; what they did after the backup may happen again',
  body: z.strictObject({ reason }).optional(),
  reply: heldRunsSchema,
});
