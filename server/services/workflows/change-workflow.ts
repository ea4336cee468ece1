import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { tagTextOf } from './tags.ts';
import { changeWorkflow, getWorkflowRecord, updateWorkflow, workflowView } from './workflow-record.ts';

/** Renames, describes, or tags a workflow. Its slug stays, because URLs depend on it. */
export async function describeWorkflow(
  context: ServiceContext,
  id: string,
  { name, description, tags }: { name?: string | undefined; description?: string | undefined; tags?: readonly string[] | undefined },
): Promise<Workflow> {
  const changes = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tagText: tagTextOf(tags) }),
    updatedAt: timestamp(context),
  };
  return workflowView(await changeWorkflow(context, id, changes));
}

/** Rejects triggers until resumed. Active runs continue. */
export async function pauseWorkflow(context: ServiceContext, id: string, reason?: string): Promise<Workflow> {
  return workflowView(await changeWorkflow(context, id, { paused: true, pauseReason: reason ?? null }));
}

/** Accepts triggers again. */
export async function resumeWorkflow(context: ServiceContext, id: string): Promise<Workflow> {
  return workflowView(await changeWorkflow(context, id, { paused: false, pauseReason: null }));
}

/** Deletes a workflow: its triggers return 404 and its runs stay. After 30 days it is purged (purge-workflows.ts). */
export async function deleteWorkflow(context: ServiceContext, id: string): Promise<Workflow> {
  return workflowView(await changeWorkflow(context, id, { deletedAt: timestamp(context) }));
}

/** Restores a deleted workflow. No effect on one that isn't deleted. Throws `not-found` once its purge has started. */
export async function undeleteWorkflow(context: ServiceContext, id: string): Promise<Workflow> {
  await updateWorkflow(context, id, { deletedAt: null }, { equal: { purgedAt: null } });
  return workflowView(await getWorkflowRecord(context, id));
}
