import { z } from 'zod';
import { contract, idParams, moment } from './contract.ts';

export const WEBHOOK_MODES = ['accepted', 'finished'] as const;

export const webhookSchema = z.object({
  /** Runs the live version. */
  url: z.string(),
  /** Runs the draft, shown on the canvas. */
  testUrl: z.string(),
  /** `accepted`: 202 at once. `finished`: the output node's reply, or 202 at the deadline or when the run waits for a person. */
  mode: z.enum(WEBHOOK_MODES),
  deadlineMs: z.number().int(),
  /** Methods beside POST. */
  methods: z.array(z.enum(['GET', 'PUT'])),
  /** Callers may choose a mode with `Prefer: respond-async` or `?mode=`. */
  callerMayChoose: z.boolean(),
  maxBodyBytes: z.number().int(),
});
export type Webhook = z.infer<typeof webhookSchema>;

export const capturedCallSchema = z.object({
  at: moment,
  method: z.string(),
  contentType: z.string(),
  bytes: z.number(),
  headers: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.unknown()),
  body: z.unknown(),
  runId: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const tag = 'Webhooks';

export const getWebhook = contract({
  id: 'getWebhook',
  method: 'GET',
  path: '/api/workflows/:id/webhook',
  tag,
  summary: 'The URLs and settings of the webhook',
  params: idParams,
  reply: webhookSchema,
  errors: ['not-found'],
});
export const updateWebhook = contract({
  id: 'updateWebhook',
  method: 'PUT',
  path: '/api/workflows/:id/webhook',
  tag,
  summary: 'Changes the settings that are sent',
  params: idParams,
  body: z.strictObject({
    mode: z.enum(WEBHOOK_MODES).optional(),
    deadlineMs: z.number().int().min(100).max(300_000).optional(),
    methods: z
      .array(z.enum(['GET', 'PUT']))
      .max(2)
      .optional(),
    callerMayChoose: z.boolean().optional(),
    maxBodyBytes: z.number().int().min(1_000).max(10_000_000).optional(),
  }),
  reply: webhookSchema,
  errors: ['not-found', 'bad-request'],
});
export const rotateWebhook = contract({
  id: 'rotateWebhook',
  method: 'POST',
  path: '/api/workflows/:id/webhook/rotate',
  tag,
  summary: 'Makes new URLs; the old ones stop working',
  params: idParams,
  body: z.strictObject({ which: z.enum(['live', 'test', 'both']).default('both') }).optional(),
  reply: webhookSchema,
  errors: ['not-found'],
});
export const listenWebhook = contract({
  id: 'listenWebhook',
  method: 'POST',
  path: '/api/workflows/:id/webhook/listen',
  tag,
  summary: 'Waits for the next call of the test URL and answers what was captured; `call` is null when none came in time',
  params: idParams,
  body: z.strictObject({ timeoutMs: z.number().int().min(100).max(120_000).default(60_000) }).optional(),
  reply: z.object({ call: capturedCallSchema.nullable() }),
  errors: ['not-found'],
});
