import { z } from 'zod';
import { actorSchema } from '../run/actor.ts';
import { contract, idParams, moment } from './contract.ts';
import { reason } from './prompts.ts';

/* Notifies the owner of a workflow when a run of a published version fails. */

/** The URL of a receiver of signed messages. */
export const webhookUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL, for example https://example.com/alerts' })
  .max(2_000)
  .refine((text) => !URL.parse(text)?.username && !URL.parse(text)?.password, 'must not contain a user name or password');

export const alertChannelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), url: webhookUrl }),
  z.strictObject({ kind: z.literal('email'), to: z.email('must be an email address').max(254) }),
]);
export type AlertChannel = z.infer<typeof alertChannelSchema>;

/** How the last attempt to send a message ended. */
export const alertDeliverySchema = z.object({
  at: moment,
  kind: z.enum(['failure', 'test']),
  channel: z.enum(['webhook', 'email']),
  /** Null: delivered. */
  error: z.string().nullable(),
});
export type AlertDelivery = z.infer<typeof alertDeliverySchema>;

export const alertSchema = z.object({
  enabled: z.boolean(),
  channel: alertChannelSchema.nullable(),
  lastDelivery: alertDeliverySchema.nullable(),
  /** Whether the server can send email: SMTP_URL is set. */
  canEmail: z.boolean(),
  /** 0 until a setting is saved. */
  revision: z.number(),
  updatedAt: moment.nullable(),
  actor: actorSchema.nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

const tag = 'Alerts';
const path = '/api/workflows/:id/alert';

export const getAlert = contract({
  id: 'getAlert',
  method: 'GET',
  path,
  scope: 'edit',
  tag,
  summary: 'Get who is notified when a run of a published version fails, and the outcome of the last message',
  params: idParams,
  reply: alertSchema,
  errors: ['not-found'],
});
export const putAlert = contract({
  id: 'putAlert',
  method: 'PUT',
  path,
  scope: 'edit',
  tag,
  summary: 'Set who is notified when a run of a published version fails: once per cause, then at most once an hour',
  params: idParams,
  body: z
    .strictObject({
      enabled: z.boolean(),
      channel: alertChannelSchema.nullable(),
      /** The revision that was edited. Defaults to the latest. */
      revision: z.number().int().min(0).optional(),
      reason,
    })
    .refine(({ enabled, channel }) => !enabled || channel !== null, { path: ['channel'], message: 'is required' }),
  reply: alertSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
export const testAlert = contract({
  id: 'testAlert',
  method: 'POST',
  path: `${path}/test`,
  scope: 'edit',
  tag,
  summary: 'Send a test message now; `lastDelivery` in the response has the outcome',
  params: idParams,
  reply: alertSchema,
  errors: ['not-found', 'bad-request'],
});
export const makeAlertSecret = contract({
  id: 'makeAlertSecret',
  method: 'POST',
  path: `${path}/secret`,
  scope: 'edit',
  tag,
  summary: 'Create a new secret that signs messages; returned once; replaces the previous one',
  params: idParams,
  reply: z.object({ secret: z.string() }),
  statuses: [201],
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
