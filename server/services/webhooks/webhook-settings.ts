import { randomBytes } from 'node:crypto';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type SignatureSettings, signatureSettingsSchema, type updateWebhook as updateContract, type Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { openOrNothing, type Secrets } from '../../secrets/secrets.ts';
import { type WebhookRecord, webhooks } from '../../store/collections.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId, newToken } from '../ids.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { refuseBadLabels } from './call-labels.ts';
import { newCompletionSecret } from './completions/completion-secret.ts';
import { sealName } from './hook-targets.ts';
import { signingKey } from './signatures.ts';

type Changes = BodyOf<typeof updateContract>;

const SECRET_BYTES = 32;
const SHORT_SECRET = 16;
/** Before a scheme is chosen, `whsec_` may start a secret of Standard Webhooks or of Stripe, whose characters these are. */
const BROKEN_SECRET = /^whsec_.*[^\w+/=-]/;
/** More than a sender could be rotating through at once. */
const MOST_SECRETS = 5;

const webhookView = (context: ServiceContext, record: WebhookRecord): Webhook => ({
  url: `${context.address()}/hooks/${record.liveToken}`,
  testUrl: `${context.address()}/hooks/test/${record.testToken}`,
  mode: record.mode,
  deadlineMs: record.deadlineMs,
  methods: record.methods,
  callerMayChoose: record.callerMayChoose,
  maxBodyBytes: record.maxBodyBytes,
  signature: {
    ...signatureSettingsSchema.parse(record.signature ?? { scheme: 'none' }),
    secrets: validSecrets(record, timestamp(context)).map(({ id, createdAt, validUntil }) => ({ id, createdAt, validUntil })),
  },
  labels: record.labels ?? {},
  requestsPerMinute: record.requestsPerMinute ?? null,
  allowedOrigins: record.allowedOrigins ?? [],
  idempotencyHeader: record.idempotencyHeader ?? null,
  challenge: record.challenge ?? 'none',
  verifyToken: record.verifyToken ?? '',
  completion: record.completion ?? NO_COMPLETION,
});

const NO_COMPLETION = { url: null, fromRequest: false };

type StoredSecret = NonNullable<WebhookRecord['secrets']>[number];

const validSecrets = ({ secrets = [] }: WebhookRecord, now: string): StoredSecret[] =>
  secrets.filter(({ validUntil }) => validUntil === null || validUntil > now);

/** The URLs and settings of a workflow's webhook. */
export const getWebhook = async (context: ServiceContext, workflowId: string): Promise<Webhook> => webhookView(context, await webhookOf(context, workflowId));

/** Updates the given settings. Throws `bad-request` for invalid labels, or for a signature without a secret. */
export async function updateWebhook(context: ServiceContext, secrets: Secrets, workflowId: string, { signature, ...given }: Changes): Promise<Webhook> {
  if (given.labels) refuseBadLabels(given.labels);
  const checked = signature && signatureSettingsSchema.parse(signature);
  if (checked?.scheme === 'hmac') refuseBadContent(checked);
  if (checked && checked.scheme !== 'none') refuseWithoutSecret(context, secrets, await webhookOf(context, workflowId), checked.scheme);
  const isFirst = given.completion !== undefined && (await webhookOf(context, workflowId)).completionSecret === undefined;
  const completionSecret = isFirst ? newCompletionSecret(secrets, workflowId).sealed : undefined;
  const changes = Object.fromEntries(Object.entries({ ...given, completionSecret, signature: checked }).filter(([, value]) => value !== undefined));
  return webhookView(context, await change(context, workflowId, changes));
}

/** Anyone could change a time that isn't signed, and a signed time needs a header. */
function refuseBadContent({ content, timestampHeader }: SignatureSettings): void {
  const refuse = (field: string, message: string): never => {
    throw new AppError('bad-request', `signature.${field} ${message}.`, { fields: [{ path: `signature.${field}`, message }] });
  };
  if (content.split('{body}').length !== 2) refuse('content', 'must contain {body} exactly once');
  if (content.includes('{timestamp}') !== (timestampHeader !== '')) refuse('timestampHeader', 'must be set if {timestamp} is signed, and only then');
}

function refuseWithoutSecret(context: ServiceContext, secrets: Secrets, record: WebhookRecord, scheme: SignatureSettings['scheme']): void {
  const usable = validSecrets(record, timestamp(context)).some(({ sealed }) => {
    const secret = openOrNothing(secrets, sealed, sealName(record.id));
    return secret !== undefined && signingKey(scheme, secret);
  });
  if (usable) return;
  throw new AppError('bad-request', 'Create a signing secret first. Without one, all requests would be rejected.', {
    fields: [{ path: 'signature.scheme', message: 'needs a secret' }],
  });
}

/** Rotates the URLs. The old ones stop working at once. */
export const rotateWebhook = async (context: ServiceContext, workflowId: string, which: 'live' | 'test' | 'both' = 'both'): Promise<Webhook> =>
  webhookView(
    context,
    await change(context, workflowId, { ...(which !== 'test' && { liveToken: newToken() }), ...(which !== 'live' && { testToken: newToken() }) }),
  );

/**
 * Creates a signing secret, or stores a given one. It is returned only here. Older ones stay valid for `keepOldMs`, so the
 * sender has time to switch.
 */
export async function makeWebhookSecret(
  context: ServiceContext,
  secrets: Secrets,
  workflowId: string,
  { secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`, keepOldMs = 86_400_000 }: { secret?: string | undefined; keepOldMs?: number | undefined },
): Promise<{ secret: string; webhook: Webhook; warning?: string }> {
  const record = await webhookOf(context, workflowId);
  const scheme = record.signature?.scheme ?? 'none';
  if (!signingKey(scheme, secret) || (scheme === 'none' && BROKEN_SECRET.test(secret))) {
    throw new AppError('bad-request', 'This secret is invalid. Standard Webhooks needs “whsec_” followed by base64 of 12 bytes or more.', {
      fields: [{ path: 'secret', message: 'is invalid' }],
    });
  }
  const now = timestamp(context);
  const until = new Date(context.now().getTime() + keepOldMs).toISOString();
  const older = validSecrets(record, now).map((one) => ({ ...one, validUntil: one.validUntil !== null && one.validUntil < until ? one.validUntil : until }));
  const made: StoredSecret = { id: newId('whs', context.now()), sealed: secrets.seal(secret, sealName(workflowId)), createdAt: now, validUntil: null };
  const changed = await change(context, workflowId, { secrets: [made, ...older].slice(0, MOST_SECRETS) });
  const weak =
    secret.length < SHORT_SECRET && `This secret has fewer than ${SHORT_SECRET} characters, so it can be guessed. Use a longer one where the sender allows it.`;
  return { secret, webhook: webhookView(context, changed), ...(weak && { warning: weak }) };
}

async function webhookOf(context: ServiceContext, workflowId: string): Promise<WebhookRecord> {
  await getWorkflowRecord(context, workflowId);
  const record = await context.store.get(webhooks, workflowId);
  if (!record) throw noWebhook(workflowId);
  return record;
}

async function change(context: ServiceContext, workflowId: string, changes: Partial<WebhookRecord>): Promise<WebhookRecord> {
  await getWorkflowRecord(context, workflowId);
  const record = await context.store.update(webhooks, workflowId, { ...changes, updatedAt: timestamp(context) });
  if (!record) throw noWebhook(workflowId);
  context.targets.forget(workflowId);
  return record;
}

const noWebhook = (workflowId: string): AppError => new AppError('not-found', 'This workflow has no webhook.', { place: { workflowId } });
