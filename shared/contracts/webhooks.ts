import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from './contract.ts';
import { runSchema } from './runs.ts';
import { completionSettings } from './triggers/completions.ts';

export const WEBHOOK_MODES = ['accepted', 'finished', 'stream'] as const;
export const SIGNATURE_SCHEMES = ['none', 'standard', 'github', 'stripe', 'slack', 'shopify', 'hmac'] as const;
/** Handshakes that a sender requires before it sends events: `slack` by `url_verification`, `meta` by `hub.challenge`. */
export const CHALLENGES = ['none', 'slack', 'meta'] as const;

const HEADER_NAME = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
const headerName = z.string().max(100).regex(HEADER_NAME, 'must be a header name');

/** How requests prove who sent them. `standard`: Standard Webhooks, including the headers of Svix. `hmac`: HMAC-SHA256, configured below. */
export const signatureSettingsSchema = z.strictObject({
  scheme: z.enum(SIGNATURE_SCHEMES),
  /** For `hmac`, like the following fields: the header that contains the signature. */
  header: headerName.default('x-signature-256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** The text before the signature: `sha256=`. */
  prefix: z
    .string()
    .max(50)
    .regex(/^[\x21-\x7e]*$/, 'must be ASCII text without spaces')
    .default(''),
  /** The signed text, with the placeholders {body} and {timestamp}: `v0:{timestamp}:{body}`. */
  content: z
    .string()
    .max(100)
    .regex(/^[\x20-\x7e]*$/, 'must be ASCII text')
    .default('{body}'),
  /** The header that contains the time, in seconds since 1970. Empty if no time is signed. */
  timestampHeader: z.union([z.literal(''), headerName]).default(''),
});
export type SignatureSettings = z.infer<typeof signatureSettingsSchema>;

/** `https://app.example.com` as a browser sends it in Origin, or `*` for any page. */
const allowedOrigin = z
  .string()
  .max(200)
  .refine(
    (text) => text === '*' || (/^https?:\/\//.test(text) && URL.parse(text)?.origin === text),
    'must be an origin, for example https://app.example.com, or *',
  );
const MOST_ORIGINS = 20;

/** Limits of labels: together they fit the text that runs are searched by. */
export const MOST_LABELS = 12;
export const LABEL_NAME = /^[a-z][a-z0-9_-]{0,39}$/;
export const LONGEST_LABEL = 100;

const labelTemplatesSchema = z
  .record(z.string().regex(LABEL_NAME, 'must start with a letter and contain only lowercase letters, digits, _, and -'), z.string().min(1).max(500))
  .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `at most ${MOST_LABELS} labels`);

export const webhookSchema = z.object({
  /** Runs the live version. */
  url: z.string(),
  /** Runs the draft, shown on the canvas. */
  testUrl: z.string(),
  /** `accepted`: 202 at once. `finished`: the Output node's response, or 202 at the response timeout or when the run waits for a person. `stream`: server-sent events. */
  mode: z.enum(WEBHOOK_MODES),
  deadlineMs: z.number().int(),
  /** Methods besides POST. */
  methods: z.array(z.enum(['GET', 'PUT'])),
  /** Callers may choose a mode with `Prefer: respond-async` or `?mode=`. */
  callerMayChoose: z.boolean(),
  maxBodyBytes: z.number().int(),
  signature: signatureSettingsSchema.extend({
    /** The active secrets, newest first. Each was shown once, when it was created. */
    secrets: z.array(z.object({ id: z.string(), createdAt: moment, /** Requests signed with it are rejected from then on. */ validUntil: moment.nullable() })),
  }),
  /** Labels of the runs, each a template over `trigger`: `{{ trigger.headers["x-tenant"] }}`. */
  labels: z.record(z.string(), z.string()),
  /** Null: no rate limit. */
  requestsPerMinute: z.number().int().nullable(),
  /** Pages that may call the webhook from a browser (CORS). */
  allowedOrigins: z.array(z.string()),
  /** The header whose value makes repeated requests start only one run, for example X-GitHub-Delivery. Null: Idempotency-Key or webhook-id. */
  idempotencyHeader: z.string().nullable(),
  challenge: z.enum(CHALLENGES),
  /** For `meta`: the expected hub.verify_token. */
  verifyToken: z.string(),
  completion: completionSettings,
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
  /** The type that the body was parsed as. JSON is recognized under curl's default type too. */
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
  summary: 'Get webhook URLs and settings',
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
  summary: 'Update webhook settings',
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
    completion: completionSettings.optional(),
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
  summary: 'Rotate webhook URLs; old ones stop working',
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
  summary: 'Wait for the next test request; `call` is null on timeout',
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
  summary: 'Create or set a signing secret; returned once; older ones stay valid for `keepOldMs`',
  params: idParams,
  body: z
    .strictObject({
      /** A secret from the sender. Omitted: a new one is created. */
      secret: z.string().min(1).max(500).optional(),
      /** How long older secrets stay valid, in ms. A day by default. */
      keepOldMs: z.number().int().min(0).max(2_592_000_000).default(86_400_000),
    })
    .optional(),
  reply: z.object({
    secret: z.string(),
    webhook: webhookSchema,
    /** What is weak about a secret from the sender. */
    warning: z.string().optional(),
  }),
  statuses: [201],
  errors: ['not-found', 'bad-request'],
});

/** A webhook request and its outcome. Its content is stored with its run only. */
export const deliverySchema = z.object({
  id: z.string(),
  at: moment,
  kind: z.enum(['live', 'test']),
  method: z.string(),
  bytes: z.number(),
  /** The response status. Null while pending, or if the server stopped first. 499: the caller disconnected. */
  status: z.number().nullable(),
  /** The error code, if the request was rejected or failed. */
  code: z.string().nullable(),
  runId: z.string().nullable(),
  /** The run already existed: the request repeated an idempotency key. */
  repeated: z.boolean(),
  /** Resent from here. */
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
  summary: 'List recent requests, newest first (up to 1,000, 7 days)',
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
  summary: 'Start a new run from a recorded request',
  params: idParams.extend({ deliveryId: z.string().min(1).max(100) }),
  reply: runSchema,
  statuses: [201],
  errors: ['not-found', 'bad-input', 'not-published', 'graph-has-problems', 'paused', 'killed', 'overloaded'],
});
