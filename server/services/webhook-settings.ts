import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type WebhookRecord, webhooks } from '../store/collections.ts';
import { type ServiceContext, timestamp } from './context.ts';
import { newToken } from './ids.ts';
import { getWorkflowRecord } from './workflow-record.ts';

type Settings = Pick<WebhookRecord, 'mode' | 'deadlineMs' | 'methods' | 'callerMayChoose' | 'maxBodyBytes'>;

const webhookView = (context: ServiceContext, record: WebhookRecord): Webhook => ({
  url: `${context.address()}/hooks/${record.liveToken}`,
  testUrl: `${context.address()}/hooks/test/${record.testToken}`,
  mode: record.mode,
  deadlineMs: record.deadlineMs,
  methods: record.methods,
  callerMayChoose: record.callerMayChoose,
  maxBodyBytes: record.maxBodyBytes,
});

/** The addresses and settings of a workflow's webhook. */
export async function getWebhook(context: ServiceContext, workflowId: string): Promise<Webhook> {
  await getWorkflowRecord(context, workflowId);
  const record = await context.store.get(webhooks, workflowId);
  if (!record) throw noWebhook(workflowId);
  return webhookView(context, record);
}

/** Changes the settings that are given. */
export const updateWebhook = (context: ServiceContext, workflowId: string, settings: { [K in keyof Settings]?: Settings[K] | undefined }): Promise<Webhook> =>
  change(context, workflowId, Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)));

/** Makes new addresses; the old ones stop working at once. */
export const rotateWebhook = (context: ServiceContext, workflowId: string, which: 'live' | 'test' | 'both' = 'both'): Promise<Webhook> =>
  change(context, workflowId, { ...(which !== 'test' && { liveToken: newToken() }), ...(which !== 'live' && { testToken: newToken() }) });

async function change(context: ServiceContext, workflowId: string, changes: Partial<WebhookRecord>): Promise<Webhook> {
  await getWorkflowRecord(context, workflowId);
  const record = await context.store.update(webhooks, workflowId, { ...changes, updatedAt: timestamp(context) });
  if (!record) throw noWebhook(workflowId);
  context.targets.forget(workflowId);
  return webhookView(context, record);
}

const noWebhook = (workflowId: string): AppError => new AppError('not-found', 'This workflow has no webhook.', { place: { workflowId } });
