import type { Version, Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { type VersionRecord, versions } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { type FrozenGraph, loadFrozenGraph } from './frozen-graph.ts';
import { putDraft } from './save-draft.ts';
import { getWorkflowRecord } from './workflow-record.ts';

/** A version as the API shows it. */
export const versionView = (record: VersionRecord): Version => ({
  workflowId: record.workflowId,
  number: record.number,
  note: record.note,
  contentHash: record.graphHash,
  publishedAt: record.publishedAt,
  actor: readActor(record.actor),
});

/** Published versions, newest first. */
export async function listVersions(context: ServiceContext, workflowId: string, page: { limit: number; cursor?: string | undefined }) {
  await getWorkflowRecord(context, workflowId);
  const found = await context.store.find(versions, {
    where: { workflowId },
    order: { field: 'number', descending: true },
    limit: page.limit,
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  });
  return { items: found.items.map(versionView), nextCursor: found.nextCursor };
}

async function getVersionRecord(context: Pick<ServiceContext, 'store'>, workflowId: string, number: number): Promise<VersionRecord> {
  const record = await context.store.get(versions, `${workflowId}:${number}`);
  if (!record) throw new AppError('not-found', `Version ${number} of this workflow not found.`, { place: { workflowId } });
  return record;
}

/** A version with its graph. */
export async function getVersion(context: ServiceContext, workflowId: string, number: number): Promise<Version> {
  await getWorkflowRecord(context, workflowId);
  const record = await getVersionRecord(context, workflowId, number);
  return { ...versionView(record), graph: (await loadFrozenGraph(context, record.graphHash)).graph };
}

/** The graph of a version. Throws `not-found`. */
export async function versionGraph(context: Pick<ServiceContext, 'store'>, workflowId: string, number: number): Promise<FrozenGraph> {
  return loadFrozenGraph(context, (await getVersionRecord(context, workflowId, number)).graphHash);
}

/** Restores a version as the draft. The live version doesn’t change until the draft is published. Throws `not-found`, `revision-conflict`. */
export async function restoreVersion(context: ServiceContext, workflowId: string, number: number): Promise<Workflow> {
  const workflow = await getWorkflowRecord(context, workflowId);
  const { graph } = await versionGraph(context, workflowId, number);
  return putDraft(context, workflowId, graph, workflow.draftRevision);
}
