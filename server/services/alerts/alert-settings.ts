import type { Alert, putAlert as putContract } from '@switchyard/shared/contracts/alerts.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { z } from 'zod';
import type { Secrets } from '../../secrets/secrets.ts';
import { type AlertSettingRecord, alertCauses, alertSettings } from '../../store/alert-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { testNotice } from './alert-message.ts';
import { changeCause, FIRST_RETRY_MS } from './count-failures.ts';
import { type AlertSender, alertSealName, NO_SMTP, newSigningSecret } from './send-alert.ts';

/* Use cases of alerts: who is notified when a run of a published version fails. Each change is recorded (S68). */

/** More causes than a workflow has at once. */
const MOST = 500;

export interface AlertParts {
  readonly sender: AlertSender;
  readonly secrets: Pick<Secrets, 'seal'>;
}

export async function getAlert(context: ServiceContext, parts: AlertParts, workflowId: string): Promise<Alert> {
  await getWorkflowRecord(context, workflowId);
  return viewOf(parts, await context.store.get(alertSettings, workflowId));
}

const viewOf = ({ sender: { canEmail } }: AlertParts, record: AlertSettingRecord | undefined): Alert => {
  if (!record) return { enabled: false, channel: null, lastDelivery: null, canEmail, revision: 0, updatedAt: null, actor: null };
  const { enabled, channel, lastDelivery, revision, updatedAt, actor } = record;
  return { enabled, channel, lastDelivery, canEmail, revision, updatedAt, actor: readActor(actor) };
};

/** Sets who is notified. Throws `revision-conflict` if it was changed since `revision`. */
export async function putAlert(
  context: ServiceContext,
  parts: AlertParts,
  workflowId: string,
  { reason, revision: edited, enabled, channel }: z.output<(typeof putContract)['body']>,
): Promise<Alert> {
  if (enabled && channel?.kind === 'email' && !parts.sender.canEmail)
    throw new AppError('bad-request', NO_SMTP, { fields: [{ path: 'channel.kind', message: 'needs SMTP_URL' }] });
  const known = await settingsOf(context, workflowId);
  if (edited !== undefined && edited !== (known?.revision ?? 0))
    throw new AppError('revision-conflict', 'These alert settings were changed elsewhere. Reload them, then make your change again.');
  const sealedSecret = known?.sealedSecret ?? sealedOf(parts, workflowId, newSigningSecret());
  // A delivery to another channel says nothing about this one.
  const lastDelivery = known && JSON.stringify(known.channel) === JSON.stringify(channel) ? known.lastDelivery : null;
  const settings = { enabled, channel, sealedSecret, lastDelivery };
  const saved = await save(context, workflowId, known, settings, { action: known ? 'update' : 'create', reason });
  await bringForward(context, saved);
  return viewOf(parts, saved);
}

/** Soon sends undelivered messages to the new channel. If alerts are off, causes end soon. */
async function bringForward({ store, now }: ServiceContext, { id, enabled }: AlertSettingRecord): Promise<void> {
  // By then, attempts in progress have ended.
  const dueAt = new Date(now().getTime() + FIRST_RETRY_MS).toISOString();
  const { items } = await store.find(alertCauses, {
    where: { workflowId: id },
    range: { field: 'dueAt', from: dueAt },
    order: { field: 'dueAt' },
    limit: MOST,
  });
  for (const cause of items) if (!enabled || cause.message) await changeCause(store, cause, { dueAt });
}

/** Creates a new secret. It is returned only here. */
export async function makeAlertSecret(context: ServiceContext, parts: AlertParts, workflowId: string): Promise<{ secret: string }> {
  const known = await settingsOf(context, workflowId);
  if (known?.channel?.kind !== 'webhook') throw noChannel('Save a webhook URL first. Only messages to webhooks are signed.');
  const secret = newSigningSecret();
  const { enabled, channel, lastDelivery } = known;
  const settings = { enabled, channel, lastDelivery, sealedSecret: sealedOf(parts, workflowId, secret) };
  await save(context, workflowId, known, settings, { action: 'create-secret', reason: undefined });
  return { secret };
}

/** Sends a test message now. Its outcome is `lastDelivery` of the returned settings. */
export async function testAlert(context: ServiceContext, parts: AlertParts, workflowId: string): Promise<Alert> {
  const { name } = await getWorkflowRecord(context, workflowId);
  const settings = await settingsOf(context, workflowId);
  if (!settings?.channel) throw noChannel('Save a webhook or an email address first.');
  const notice = testNotice(newId('alm', context.now()), { id: workflowId, name }, context.now(), context.address());
  await parts.sender.deliver(context.store, settings, notice, new AbortController().signal);
  return viewOf(parts, await context.store.get(alertSettings, workflowId));
}

async function settingsOf(context: ServiceContext, workflowId: string): Promise<AlertSettingRecord | undefined> {
  await getWorkflowRecord(context, workflowId);
  return context.store.get(alertSettings, workflowId);
}

const noChannel = (message: string) => new AppError('bad-request', message, { fields: [{ path: 'channel', message: 'is required' }] });

const sealedOf = ({ secrets }: AlertParts, workflowId: string, secret: string): string => secrets.seal(secret, alertSealName(workflowId));

type Settings = Pick<AlertSettingRecord, 'enabled' | 'channel' | 'sealedSecret' | 'lastDelivery'>;

/** Saves settings as the next revision, and records the change. */
async function save(
  context: ServiceContext,
  workflowId: string,
  known: AlertSettingRecord | undefined,
  settings: Settings,
  { action, reason }: { readonly action: string; readonly reason: string | undefined },
): Promise<AlertSettingRecord> {
  const { store, workspaceId, caller } = context;
  const actor = actorOf(caller);
  const before = known?.revision ?? 0;
  const fields = { ...settings, revision: before + 1, updatedAt: timestamp(context), actor };
  const change = {
    workspaceId,
    actor,
    subject: { kind: 'alert', id: workflowId },
    action,
    before: known ? shown(known) : null,
    after: shown(settings),
    reason,
    revision: fields.revision,
  } as const;
  return recordChange(context, change, async () => {
    if (known) return store.update(alertSettings, workflowId, fields, { equal: { revision: before } });
    const record = { id: workflowId, workspaceId, ...fields };
    return (await insertIfAbsent(store, alertSettings, record)) ? record : undefined;
  });
}

/** Settings for the audit trail. The path of a webhook URL is often a secret. */
const shown = ({ enabled, channel }: Pick<AlertSettingRecord, 'enabled' | 'channel'>) => ({
  enabled,
  channel: channel?.kind === 'webhook' ? { ...channel, url: new URL(channel.url).origin } : channel,
});
