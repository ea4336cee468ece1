import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';
import { runSchema } from './runs.ts';

export const WEBHOOK_MODES = ['accepted', 'finished', 'stream'] as const;
export const SIGNATURE_SCHEMES = ['none', 'standard', 'github', 'stripe', 'slack', 'shopify', 'hmac'] as const;
/** Handshakes that a sender asks for before it sends events: `slack` by `url_verification`, `meta` by `hub.challenge`. */
export const CHALLENGES = ['none', 'slack', 'meta'] as const;

const HEADER_NAME = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
const headerName = z.string().max(100).regex(HEADER_NAME, 'must be the name of a header');

/** How requests prove who sent them. `standard`: Standard Webhooks, also with the headers of Svix. `hmac`: HMAC-SHA256 by own rules. */
export const signatureSettingsSchema = z.strictObject({
  scheme: z.enum(SIGNATURE_SCHEMES),
  /** Of `hmac`, as what follows: the header that carries the signature. */
  header: headerName.default('x-signature-256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** What stands before the signature: `sha256=`. */
  prefix: z
    .string()
    .max(50)
    .regex(/^[\x21-\x7e]*$/, 'must be plain letters without spaces')
    .default(''),
  /** What is signed, with the placeholders {body} and {timestamp}: `v0:{timestamp}:{body}`. */
  content: z
    .string()
    .max(100)
    .regex(/^[\x20-\x7e]*$/, 'must be plain letters')
    .default('{body}'),
  /** The header that carries the time, in seconds since 1970; empty where no time is signed. */
  timestampHeader: z.union([z.literal(''), headerName]).default(''),
});
export type SignatureSettings = z.infer<typeof signatureSettingsSchema>;

/** `https://app.example.com` as a browser sends it in Origin, or `*` for every page. */
const allowedOrigin = z
  .string()
  .max(200)
  .refine((text) => text === '*' || (/^https?:\/\//.test(text) && URL.parse(text)?.origin === text), 'must be an origin such as https://app.example.com, or *');
const MOST_ORIGINS = 20;

/** Limits of labels: all of them together stay within the text that runs are searched by. */
export const MOST_LABELS = 12;
export const LABEL_NAME = /^[a-z][a-z0-9_-]{0,39}$/;
export const LONGEST_LABEL = 100;

const labelTemplatesSchema = z
  .record(z.string().regex(LABEL_NAME, 'must begin with a letter and hold small letters, digits, _ and - alone'), z.string().min(1).max(500))
  .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `at most ${MOST_LABELS} labels`);

export const webhookSchema = z.object({
  /** Runs the live version. */
  url: z.string(),
  /** Runs the draft, shown on the canvas. */
  testUrl: z.string(),
  /** `accepted`: 202 at once. `finished`: the output node's reply, or 202 at the deadline or when the run waits for a person. `stream`: server-sent events. */
  mode: z.enum(WEBHOOK_MODES),
  deadlineMs: z.number().int(),
  /** Methods beside POST. */
  methods: z.array(z.enum(['GET', 'PUT'])),
  /** Callers may choose a mode with `Prefer: respond-async` or `?mode=`. */
  callerMayChoose: z.boolean(),
  maxBodyBytes: z.number().int(),
  signature: signatureSettingsSchema.extend({
    /** The secrets that count, newest first; what they are was shown once, when each was made. */
    secrets: z.array(z.object({ id: z.string(), createdAt: moment, /** Calls signed with it are refused from then on. */ validUntil: moment.nullable() })),
  }),
  /** Labels of the runs, each a template over `trigger`: `{{ trigger.headers["x-tenant"] }}`. */
  labels: z.record(z.string(), z.string()),
  /** Null: no limit. */
  requestsPerMinute: z.number().int().nullable(),
  /** Pages that may call the webhook from a browser (CORS). */
  allowedOrigins: z.array(z.string()),
  /** The header whose value makes repeated requests one run, such as X-GitHub-Delivery. Null: Idempotency-Key or webhook-id. */
  idempotencyHeader: z.string().nullable(),
  challenge: z.enum(CHALLENGES),
  /** Of `meta`: what hub.verify_token must be. */
  verifyToken: z.string(),
});
export type Webhook = z.infer<typeof webhookSchema>;

export const READ_AS = ['json', 'form', 'text', 'query', 'nothing'] as const;
export type ReadAs = (typeof READ_AS)[number];
export const capturedCallSchema = z.object({
  at: moment,
  method: z.string(),
  contentType: z.string(),
  bytes: z.number(),
  headers: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.unknown()),
  body: z.unknown(),
  /** As what the body was read: JSON counts under curl's default type too. */
  readAs: z.enum(READ_AS).optional(),
  runId: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const tag = 'Webhooks';

export const getWebhook = contract({
  id: 'getWebhook',
  method: 'GET',
  path: '/api/workflows/:id/webhook',
  scope: 'edit',
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
  scope: 'edit',
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
    signature: signatureSettingsSchema.optional(),
    labels: labelTemplatesSchema.optional(),
    requestsPerMinute: z.number().int().min(1).max(1_000_000).nullable().optional(),
    allowedOrigins: z.array(allowedOrigin).max(MOST_ORIGINS).optional(),
    idempotencyHeader: headerName.nullable().optional(),
    challenge: z.enum(CHALLENGES).optional(),
    verifyToken: z.string().max(200).optional(),
  }),
  reply: webhookSchema,
  errors: ['not-found', 'bad-request'],
});
export const rotateWebhook = contract({
  id: 'rotateWebhook',
  method: 'POST',
  path: '/api/workflows/:id/webhook/rotate',
  scope: 'edit',
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
  scope: 'edit',
  tag,
  summary: 'Waits for the next call of the test URL and answers what was captured; `call` is null when none came in time',
  params: idParams,
  body: z.strictObject({ timeoutMs: z.number().int().min(100).max(120_000).default(60_000) }).optional(),
  reply: z.object({ call: capturedCallSchema.nullable() }),
  errors: ['not-found'],
});
export const makeWebhookSecret = contract({
  id: 'makeWebhookSecret',
  method: 'POST',
  path: '/api/workflows/:id/webhook/secret',
  scope: 'edit',
  tag,
  summary: 'Makes a secret to sign calls with, or takes a given one; it is shown this once. Older ones stay valid for `keepOldMs`',
  params: idParams,
  body: z
    .strictObject({
      /** One that the sender has made. */
      secret: z.string().min(1).max(500).optional(),
      /** ms that older secrets stay valid; a day unless told otherwise. */
      keepOldMs: z.number().int().min(0).max(2_592_000_000).default(86_400_000),
    })
    .optional(),
  reply: z.object({
    secret: z.string(),
    webhook: webhookSchema,
    /** What is weak about a given secret. */
    warning: z.string().optional(),
  }),
  statuses: [201],
  errors: ['not-found', 'bad-request'],
});

/** One call of a webhook and what came of it. What it brought is kept with its run alone. */
export const deliverySchema = z.object({
  id: z.string(),
  at: moment,
  kind: z.enum(['live', 'test']),
  method: z.string(),
  bytes: z.number(),
  /** What was answered; null while it is being answered, or when the server was stopped in between. 499: the caller had gone away. */
  status: z.number().nullable(),
  /** Code of the error, when it was refused or failed. */
  code: z.string().nullable(),
  runId: z.string().nullable(),
  /** The run was there already: the call came again with the same key. */
  repeated: z.boolean(),
  /** Sent again from here. */
  resent: z.boolean(),
  durationMs: z.number().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

export const listDeliveries = contract({
  id: 'listDeliveries',
  method: 'GET',
  path: '/api/workflows/:id/webhook/deliveries',
  scope: 'read',
  tag,
  summary: 'Recent calls of the webhook, newest first: at most 1,000, at most 7 days old',
  params: idParams,
  query: z.strictObject(pageQuery),
  reply: pageOf(deliverySchema),
  errors: ['not-found', 'bad-request'],
});
export const resendDelivery = contract({
  id: 'resendDelivery',
  method: 'POST',
  path: '/api/workflows/:id/webhook/deliveries/:deliveryId/resend',
  scope: 'run',
  tag,
  summary: 'Starts a new run with what a call brought, on what its address runs now',
  params: idParams.extend({ deliveryId: z.string().min(1).max(100) }),
  reply: runSchema,
  statuses: [201],
  errors: ['not-found', 'bad-input', 'not-published', 'graph-has-problems', 'paused', 'overloaded'],
});
