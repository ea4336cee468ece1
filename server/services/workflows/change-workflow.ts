import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { workflows } from '../../store/collections.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { changeWorkflow, getWorkflowRecord, workflowView } from './workflow-record.ts';

/** Renames or describes a workflow. Its slug stays: addresses rest on it. */
export async function describeWorkflow(
  context: ServiceContext,
  id: string,
  { name, description }: { name?: string | undefined; description?: string | undefined },
): Promise<Workflow> {
  const changes = { ...(name !== undefined && { name }), ...(description !== undefined && { description }), updatedAt: timestamp(context) };
  return workflowView(await changeWorkflow(context, id, changes));
}

/** Refuses triggers until resumed; what runs already runs on. */
export async function pauseWorkflow(context: ServiceContext, id: string, reason?: string): Promise<Workflow> {
  return workflowView(await changeWorkflow(context, id, { paused: true, pauseReason: reason ?? null }));
}

/** Lets triggers in again. */
export async function resumeWorkflow(context: ServiceContext, id: string): Promise<Workflow> {
  return workflowView(await changeWorkflow(context, id, { paused: false, pauseReason: null }));
}

/** Takes a workflow out of sight; its triggers answer 404 and its runs stay. After 30 days it goes for good (purge-workflows.ts). */
export async function deleteWorkflow(context: ServiceContext, id: string): Promise<Workflow> {
  return workflowView(await changeWorkflow(context, id, { deletedAt: timestamp(context) }));
}

/** Brings a deleted workflow back; one that was not deleted stays as it is. Throws `not-found` once it is being removed for good. */
export async function undeleteWorkflow(context: ServiceContext, id: string): Promise<Workflow> {
  await context.store.update(workflows, id, { deletedAt: null }, { equal: { purgedAt: null } });
  context.targets.forget(id);
  return workflowView(await getWorkflowRecord(context, id));
}
