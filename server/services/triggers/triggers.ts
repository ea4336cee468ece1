import {
  type createTrigger as createContract,
  TRIGGER_SETTINGS,
  type Trigger,
  type updateTrigger as updateContract,
  type Week,
} from '@switchyard/shared/contracts/triggers/triggers.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { MOST_TRIGGERS } from '@switchyard/shared/sharing/included.ts';
import type { z } from 'zod';
import { connections } from '../../store/collections.ts';
import { type TriggerRecord, triggers } from '../../store/triggers/trigger-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId, newToken } from '../ids.ts';
import { webhookWeek } from '../webhooks/webhook-days.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { checkSchedule, nextDueTimes } from './schedule/due-times.ts';
import { PAGES, triggerView } from './trigger-view.ts';

/* Use cases of triggers. Each change is recorded (S68) and in force at once. */

export async function listTriggers(context: ServiceContext, workflowId: string): Promise<{ items: Trigger[]; webhook: Week }> {
  await getWorkflowRecord(context, workflowId);
  const { items } = await context.store.find(triggers, { where: { workflowId }, order: { field: 'createdAt' }, limit: MOST_TRIGGERS });
  const [views, webhook] = await Promise.all([Promise.all(items.map((record) => triggerView(context, record))), webhookWeek(context, workflowId)]);
  return { items: views, webhook };
}

/** The record of a trigger. Throws `not-found`. */
export async function getTriggerRecord({ store }: Pick<ServiceContext, 'store'>, id: string): Promise<TriggerRecord> {
  const record = await store.get(triggers, id);
  if (!record) throw new AppError('not-found', `Trigger “${id}” not found. It may have been deleted.`);
  return record;
}

type NewTrigger = z.output<(typeof createContract)['body']>;
type Configured = Trigger extends infer T ? (T extends Trigger ? Pick<T, 'kind' | 'settings' | 'enabled'> : never) : never;

export async function createTrigger(context: ServiceContext, workflowId: string, trigger: NewTrigger): Promise<Trigger> {
  const { store } = context;
  await getWorkflowRecord(context, workflowId);
  if ((await store.count(triggers, { where: { workflowId } }, MOST_TRIGGERS)) >= MOST_TRIGGERS)
    throw new AppError('bad-request', `A workflow has at most ${MOST_TRIGGERS} triggers. Delete one first.`);
  return insertTrigger(context, workflowId, trigger);
}

/** The same, but also works before the workflow is inserted. Unless `isChecked`, what a trigger watches or reads may not exist yet: it is off. */
export async function insertTrigger(
  context: ServiceContext,
  workflowId: string,
  { kind, enabled, reason, ...settings }: NewTrigger,
  isChecked = true,
): Promise<Trigger> {
  const { store, workspaceId, caller } = context;
  const at = timestamp(context);
  const record: TriggerRecord = {
    id: newId('trg', context.now()),
    workspaceId,
    workflowId,
    kind,
    token: PAGES[kind] === undefined ? null : newToken(),
    lastRunId: null,
    turn: 0,
    revision: 1,
    createdAt: at,
    updatedAt: at,
    actor: actorOf(caller),
    ...(await inForce(context, workflowId, { kind, settings, enabled } as Configured, isChecked)),
  };
  return saved(context, record, { action: 'create', before: null, after: shown(record), reason }, async () => {
    await store.insert(triggers, record);
    return record;
  });
}

/** Changes parts of a trigger. Due times that waited are dropped if its settings changed, or it was turned off. */
export async function updateTrigger(
  context: ServiceContext,
  id: string,
  { enabled: wanted, revision: edited, reason, ...changed }: z.output<(typeof updateContract)['body']>,
): Promise<Trigger> {
  const record = await getTriggerRecord(context, id);
  const { kind, revision, enabled: isEnabled } = record;
  if (edited !== undefined && edited !== revision)
    throw new AppError('revision-conflict', 'This trigger was changed elsewhere. Reload it, then make your change again.');
  const enabled = wanted ?? isEnabled;
  const settings = settingsOf(kind, { ...record.settings, ...changed });
  const isSame = enabled === isEnabled && Object.keys(changed).length === 0;
  const fields = {
    ...(!isSame && (await inForce(context, record.workflowId, { kind, settings, enabled } as Configured))),
    revision: revision + 1,
    updatedAt: timestamp(context),
  };
  const change = { action: 'update', before: shown(record), after: shown({ ...record, ...fields }), reason };
  return saved(context, { ...record, ...fields }, change, async () => {
    // A schedule may move on meanwhile.
    for (let { turn } = record; ; ) {
      const updated = await context.store.update(triggers, id, { ...fields, turn: turn + 1 }, { equal: { revision, turn } });
      const current = updated ? undefined : await context.store.get(triggers, id);
      if (!current || current.revision !== revision) return updated;
      turn = current.turn;
    }
  });
}

export async function deleteTrigger(context: ServiceContext, id: string, reason: string | undefined): Promise<Trigger> {
  const record = await getTriggerRecord(context, id);
  const next = { ...record, revision: record.revision + 1 };
  return saved(context, next, { action: 'delete', before: shown(record), after: null, reason }, async () =>
    (await context.store.delete(triggers, id)) ? record : undefined,
  );
}

/** Throws `bad-request` with the path of each error. */
function settingsOf(kind: TriggerRecord['kind'], given: unknown) {
  const parsed = TRIGGER_SETTINGS[kind].safeParse(given);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new AppError('bad-request', 'These settings aren’t valid.', { fields });
}

/** The fields of a trigger that follow from its settings. */
async function inForce(context: ServiceContext, workflowId: string, { kind, settings, enabled }: Configured, isChecked = true) {
  const now = context.now();
  const common = { settings: { ...settings }, enabled, waitsFor: null, dueAt: null };
  switch (kind) {
    case 'schedule':
      checkSchedule(settings, now);
      return { ...common, dueAt: enabled ? (nextDueTimes(settings, now, 1)[0] ?? null) : null };
    case 'workflow-ended':
    case 'error':
      if (settings.workflowId === workflowId) throw ofItself();
      if (isChecked && settings.workflowId !== null) await getWorkflowRecord(context, settings.workflowId);
      return common;
    case 'queue':
      if (isChecked) await requireRedis(context, settings.source.connectionId);
      return common;
    case 'form':
    case 'chat':
      return common;
  }
}

async function requireRedis({ store }: ServiceContext, connectionId: string): Promise<void> {
  if ((await store.get(connections, connectionId))?.kind === 'redis') return;
  const message = 'must be a Redis connection. Add one under Connections.';
  throw new AppError('bad-request', 'Redis connection not found. Choose another, or add one under Connections.', {
    fields: [{ path: 'source.connectionId', message }],
  });
}

const ofItself = () =>
  new AppError('bad-request', 'A workflow can’t start itself when it ends. Choose another workflow.', {
    fields: [{ path: 'workflowId', message: 'must be another workflow' }],
  });

/** For the audit trail. */
const shown = ({ workflowId, kind, settings, enabled }: TriggerRecord) => ({ workflowId, kind, enabled, ...settings });

async function saved(
  context: ServiceContext,
  record: TriggerRecord,
  change: { action: string; before: unknown; after: unknown; reason: string | undefined },
  apply: () => Promise<TriggerRecord | undefined>,
): Promise<Trigger> {
  const { workspaceId, caller, changed } = context;
  const { id, revision } = record;
  const result = await recordChange(context, { workspaceId, actor: actorOf(caller), subject: { kind: 'trigger', id }, revision, ...change }, apply);
  changed.triggers(workspaceId);
  await context.watched.refresh();
  return triggerView(context, result);
}
