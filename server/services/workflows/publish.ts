import type { Version } from '@switchyard/shared/contracts/workflows.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type VersionRecord, versions, type WorkflowRecord } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { contentHash } from './content-hash.ts';
import { publishingProblems } from './draft-problems.ts';
import { freezeGraph, refuseProblems } from './frozen-graph.ts';
import { liveVersionOf } from './live-version.ts';
import { versionView } from './versions.ts';
import { getWorkflowRecord, updateWorkflow } from './workflow-record.ts';

/**
 * Publishes the draft as the next version and makes it live. Throws `graph-has-problems` with the problems, and `already-exists` if the draft
 * is the same as the live version.
 */
export async function publish(context: ServiceContext, workflowId: string, note = ''): Promise<Version> {
  const workflow = await getWorkflowRecord(context, workflowId);
  await refuseUnchanged(context, workflow);
  await refuseProblems(context, workflow.draft, 'publish', await publishingProblems(context, workflow.draft));
  const { hash } = await freezeGraph(context, workflow.draft);
  const version = await insertVersion(context, { workflowId, first: workflow.latestVersion + 1, hash, note });
  // Two steps: a version that nothing points to is harmless (S20). `below` keeps a slow publisher from pointing back.
  await updateWorkflow(
    context,
    workflowId,
    { latestVersion: version.number, release: [{ version: version.number, weight: 100 }], updatedAt: timestamp(context) },
    { below: { latestVersion: version.number } },
  );
  return versionView(version);
}

/** A version without a change would only hide which change had which effect. */
async function refuseUnchanged({ store }: ServiceContext, workflow: WorkflowRecord): Promise<void> {
  const live = liveVersionOf(workflow);
  const record = live === null ? undefined : await store.get(versions, `${workflow.id}:${live}`);
  if (record?.graphHash !== contentHash(workflow.draft)) return;
  throw new AppError('already-exists', `The draft is the same as v${live}, which is live. Change it, then publish.`, {
    place: { workflowId: workflow.id },
    details: { version: live },
  });
}

/** Takes the next free number: publishing twice at once creates two versions. */
async function insertVersion(
  context: ServiceContext,
  { workflowId, first, hash, note }: { workflowId: string; first: number; hash: string; note: string },
): Promise<VersionRecord> {
  for (let number = first; ; number++) {
    const record: VersionRecord = {
      id: `${workflowId}:${number}`,
      workspaceId: context.workspaceId,
      workflowId,
      number,
      graphHash: hash,
      note,
      publishedAt: timestamp(context),
      actor: actorOf(context.caller),
    };
    if (await insertIfAbsent(context.store, versions, record)) return record;
  }
}
