import { z } from 'zod';
import { FUNCTION_GROUPS } from '../expression/functions/define.ts';
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
/** Redis only carries messages, so without it a server is slower, but ready. */
const redisStatus = z.object({
  state: z.enum(['connected', 'away']),
  /** Since when it is in this state, as this process sees it. */
  since: moment,
  /** Why Redis is away, or which of its settings are a risk. */
  problems: z.array(z.string()).readonly(),
});
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

export const listFunctions = contract({
  id: 'listFunctions',
  method: 'GET',
  path: '/api/functions',
  scope: 'read',
  tag,
  summary: 'List the functions of expressions with signature, help, and an example with its result',
  reply: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        group: z.enum(FUNCTION_GROUPS),
        signature: z.string().describe('Before the dot is what it is called on'),
        help: z.string(),
        example: z.string(),
        result: z.unknown().describe('What the example evaluates to'),
      }),
    ),
    nextCursor: z.null(),
  }),
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
  summary: 'Count the runs held since the installation was restored from a backup',
  reply: heldRunsSchema,
});
export const releaseHeldRuns = contract({
  id: 'releaseHeldRuns',
  method: 'POST',
  path: '/api/held-runs/release',
  scope: 'admin',
  tag,
  summary: 'Release the runs held since a restore; anything they did after the backup may happen again',
  body: z.strictObject({ reason }).optional(),
  reply: heldRunsSchema,
});

export const PROCESS_ROLES = ['all', 'web', 'worker'] as const;

const processSchema = z.object({
  id: z.string(),
  role: z.enum(PROCESS_ROLES),
  host: z.string(),
  pid: z.number().int(),
  address: z.string().nullable(),
  version: z.string(),
  startedAt: moment,
  /** A draining process finishes its runs and claims no more. A silent one has sent no heartbeat for 10 s. */
  state: z.enum(['live', 'draining', 'silent']),
  /** Runs that it drives now. */
  driving: z.number().int(),
  /** Runs that it can drive at once. Null: no limit. */
  slots: z.number().int().nullable(),
  /** Resident memory. Null until it is known, like `lagMs`. */
  memoryBytes: z.number().int().nullable(),
  /** The longest that its event loop was blocked in the last few seconds. */
  lagMs: z.number().int().nullable(),
  /** This process answered the request. */
  answered: z.boolean(),
});
export type SystemProcess = z.infer<typeof processSchema>;

const refusedSchema = z.object({ code: z.string(), title: z.string(), count: z.number().int(), lastAt: moment });
export type Refused = z.infer<typeof refusedSchema>;

export const SLOW_KINDS = ['event-loop', 'database', 'model-call', 'http-call'] as const;
export type SlowKind = (typeof SLOW_KINDS)[number];

const slowSchema = z.object({
  kind: z.enum(SLOW_KINDS),
  /** The database operation, the model, or the node. For the event loop, the step that started last, or empty. */
  what: z.string(),
  ms: z.number().int(),
  at: moment,
  runId: z.string().nullable(),
  processId: z.string(),
});
export type Slow = z.infer<typeof slowSchema>;

/** How a process is doing: its memory and event loop now, and what it rejected and what was slow in the last hour. */
export const processActivitySchema = z.object({
  memoryBytes: z.number().int(),
  lagMs: z.number().int(),
  refused: z.array(refusedSchema),
  slow: z.array(slowSchema.omit({ processId: true })),
});
export type ProcessActivity = z.infer<typeof processActivitySchema>;

export const getSystem = contract({
  id: 'getSystem',
  method: 'GET',
  path: '/api/system',
  scope: 'read',
  tag,
  summary: 'Get the server’s processes, its database and Redis, and what was rejected or slow in the last hour',
  reply: z.object({
    at: moment,
    processes: z.array(processSchema),
    database: z.object({
      kind: z.enum(['sqlite', 'mongodb']),
      state: z.enum(['connected', 'away']),
      /** How long it took to respond. Null while it is away. */
      latencyMs: z.number().nullable(),
      problem: z.string().nullable(),
    }),
    /** Null for a single process without Redis. */
    redis: redisStatus.nullable(),
    /** Rejected requests of the last hour by error code, most recent first. */
    refused: z.array(refusedSchema),
    /** What took longest in the last hour: up to 5 of each kind. */
    slow: z.array(slowSchema),
  }),
});
export type System = z.infer<typeof getSystem.reply>;
