import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { scheduleSettings, type TriggerDelivery } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Page } from '../../store/port.ts';
import { type TriggerDeliveryRecord, type TriggerRecord, triggerDeliveries } from '../../store/triggers/trigger-collections.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { getRun, getRunRecord, refuseRemoved } from '../runs/get-run.ts';
import { loadValue } from '../runs/load-value.ts';
import { noteDelivery, oldestKept } from './note-delivery.ts';
import { scheduleInput } from './schedule/schedule-input.ts';
import { startTriggered } from './start-triggered.ts';
import { getTriggerRecord } from './triggers.ts';

/** When a trigger fired in the last 7 days, newest first. */
export async function listTriggerDeliveries(
  { store, now }: ServiceContext,
  triggerId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<TriggerDelivery>> {
  await getTriggerRecord({ store }, triggerId);
  const page = await store.find(triggerDeliveries, {
    where: { triggerId },
    range: { field: 'at', from: oldestKept(now()) },
    order: { field: 'at', descending: true },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { ...page, items: page.items.map(deliveryView) };
}

const deliveryView = ({ workspaceId: _workspace, workflowId: _workflow, ...rest }: TriggerDeliveryRecord): TriggerDelivery => rest;

/** Starts a new run of the live version with the input of an earlier one, or for a due time that was skipped. */
export async function resendTriggerDelivery(context: ServiceContext, deliveryId: string): Promise<Run> {
  const { store } = context;
  const delivery = await store.get(triggerDeliveries, deliveryId);
  if (!delivery) throw new AppError('not-found', 'Event not found. Events are listed for 7 days.');
  const trigger = await getTriggerRecord(context, delivery.triggerId);
  const at = timestamp(context);
  const sent = await contentOf(context, trigger, delivery, at);
  const event = newId('again', context.now());
  const { runId } = await startTriggered(context, { trigger, kind: trigger.kind, event, ...sent });
  await noteDelivery(store, trigger, event, { at, dueAt: delivery.dueAt, outcome: 'started', runId });
  return getRun(context, runId);
}

async function contentOf(context: ServiceContext, { settings }: TriggerRecord, { runId, dueAt }: TriggerDeliveryRecord, at: string) {
  if (runId !== null) {
    const run = await getRunRecord(context, runId);
    refuseRemoved(run);
    const { body, conversation, history } = run.triggerData;
    return { input: await loadValue(context, body), talk: { ...(conversation !== undefined && { conversation }), ...(history && { history }) } };
  }
  if (dueAt === null) throw new AppError('not-found', 'This event was rejected, so its content was not stored and can’t be resent.');
  return { input: scheduleInput(scheduleSettings.parse(settings), { dueAt, firedAt: at }) };
}

/** Starts a run of a schedule as if it were due now. Its due times stay as they are. Throws like `startTriggered`. */
export async function runSchedule(context: ServiceContext, id: string): Promise<Run> {
  const trigger = await getTriggerRecord(context, id);
  if (trigger.kind !== 'schedule') throw new AppError('bad-request', 'Only a schedule can be run now. Other triggers start runs when something happens.');
  const at = timestamp(context);
  const event = newId('now', context.now());
  const input = scheduleInput(scheduleSettings.parse(trigger.settings), { dueAt: at, firedAt: at });
  const { runId } = await startTriggered(context, { trigger, kind: trigger.kind, event, input });
  await noteDelivery(context.store, trigger, event, { at, dueAt: null, outcome: 'started', runId });
  return getRun(context, runId);
}
