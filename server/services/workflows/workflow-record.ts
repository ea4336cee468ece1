import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import type { Expected } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import { liveVersionOf } from './live-version.ts';
import { tagsOf } from './tags.ts';

/** A workflow as the API shows it. */
export const workflowView = (record: WorkflowRecord): Workflow => ({
  id: record.id,
  slug: record.slug,
  name: record.name,
  description: record.description,
  tags: tagsOf(record),
  draft: record.draft,
  draftRevision: record.draftRevision,
  liveVersion: liveVersionOf(record),
  latestVersion: record.latestVersion,
  release: record.release,
  paused: record.paused,
  pauseReason: record.pauseReason,
  templateSlug: record.templateSlug,
  createdAt: record.createdAt,
  updatedAt: record.updatedAt,
  deletedAt: record.deletedAt,
});

const noWorkflow = (id: string): AppError => new AppError('not-found', `Workflow “${id}” not found. It may have been deleted.`, { place: { workflowId: id } });

/** The workflow, unless it was deleted. Throws `not-found`. */
export async function getWorkflowRecord({ store }: Pick<ServiceContext, 'store'>, id: string): Promise<WorkflowRecord> {
  const record = await store.get(workflows, id);
  if (!record || record.deletedAt !== null) throw noWorkflow(id);
  return record;
}

/** The only update of a workflow’s record: webhooks use it from then on. Resolves to undefined if the record is not as expected. */
export async function updateWorkflow(
  context: ServiceContext,
  id: string,
  changes: Partial<WorkflowRecord>,
  expected: Expected,
): Promise<WorkflowRecord | undefined> {
  const record = await context.store.update(workflows, id, changes, expected);
  if (record) context.targets.forget(id, 'paused' in changes || 'deletedAt' in changes);
  return record;
}

/** Updates an existing workflow. Throws `not-found`. */
export async function changeWorkflow(context: ServiceContext, id: string, changes: Partial<WorkflowRecord>): Promise<WorkflowRecord> {
  const record = await updateWorkflow(context, id, changes, { equal: { deletedAt: null } });
  if (!record) throw noWorkflow(id);
  return record;
}
