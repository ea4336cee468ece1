import { type putQueueSettings as putContract, type QueueContent, type QueueSettings, queueContent } from '@switchyard/shared/contracts/controls/queue.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { z } from 'zod';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type QueueSettingRecord, queueSettings } from '../../store/queue-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { NO_LIMITS } from './queue-board.ts';

/* Reads and changes the limits and priorities of workflows (S46). Each change is recorded (S68) and in force here when acknowledged. */

export async function getQueueSettings(context: ServiceContext, workflowId: string): Promise<QueueSettings> {
  await getWorkflowRecord(context, workflowId);
  return viewOf(await context.store.get(queueSettings, workflowId));
}

const viewOf = (record: QueueSettingRecord | undefined): QueueSettings => {
  if (!record) return { ...NO_LIMITS, revision: 0, updatedAt: null, actor: null };
  const { revision, updatedAt, actor } = record;
  return { ...contentOf(record), revision, updatedAt, actor: readActor(actor) };
};

const contentOf = ({ concurrency, priority, queueLimit }: QueueContent): QueueContent => ({ concurrency, priority, queueLimit });

type Body = z.output<(typeof putContract)['body']>;

/** Sets parts of a workflow’s settings. Throws `revision-conflict` if they were changed since `revision`. */
export async function putQueueSettings(context: ServiceContext, workflowId: string, body: Body): Promise<QueueSettings> {
  await getWorkflowRecord(context, workflowId);
  return viewOf(await saveQueueSettings(context, workflowId, body));
}

/** The same, but also works before the workflow is inserted. */
export async function saveQueueSettings(
  context: ServiceContext,
  workflowId: string,
  { reason, revision: edited, ...parts }: Body,
): Promise<QueueSettingRecord> {
  const { store, workspaceId, caller, queues, changed } = context;
  const known = await store.get(queueSettings, workflowId);
  const before = known?.revision ?? 0;
  if (edited !== undefined && edited !== before)
    throw new AppError('revision-conflict', 'These limits were changed elsewhere. Reload them, then make your change again.');
  const given = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  const content = queueContent.parse({ ...contentOf(known ?? NO_LIMITS), ...given });
  const fields = { ...content, revision: before + 1, updatedAt: timestamp(context), actor: actorOf(caller) };
  const record: QueueSettingRecord = { id: workflowId, workspaceId, ...fields };
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'queue', id: workflowId },
    action: known ? 'update' : 'create',
    before: known ? contentOf(known) : null,
    after: content,
    reason,
    revision: fields.revision,
  } as const;
  const saved = await recordChange(context, change, async () =>
    known
      ? store.update(queueSettings, workflowId, fields, { equal: { revision: before } })
      : (await insertIfAbsent(store, queueSettings, record))
        ? record
        : undefined,
  );
  await queues.refresh();
  changed.queue(workspaceId);
  return saved;
}

/** The settings of a workflow for a file. Undefined if nothing is set. */
export async function includedQueue({ store }: Pick<ServiceContext, 'store'>, workflowId: string): Promise<QueueContent | undefined> {
  const record = await store.get(queueSettings, workflowId);
  if (!record) return undefined;
  const content = contentOf(record);
  return content.concurrency === null && content.queueLimit === null && content.priority === NO_LIMITS.priority ? undefined : content;
}
