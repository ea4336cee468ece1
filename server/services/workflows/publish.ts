import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { PublishRelease, publishWorkflow as publishContract } from '@switchyard/shared/contracts/workflows.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { type VersionRecord, versions, type WorkflowRecord } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { changeRelease } from '../releases/change-release.ts';
import { passGate } from '../releases/gate/gate-check.ts';
import { contentHash } from './content-hash.ts';
import { publishingProblems } from './draft-problems.ts';
import { freezeGraph, refuseProblems } from './frozen-graph.ts';
import { liveVersionOf } from './live-version.ts';
import { versionView } from './versions.ts';
import { getWorkflowRecord, updateWorkflow } from './workflow-record.ts';

/**
 * Publishes the draft as the next version, and makes it live, a canary, or neither: by default live, unless a canary is being watched or there
 * is a gate. A version that does not pass its gate stays held. Throws `gate-failed`,
 * `graph-has-problems` with the problems, `already-exists` if the draft is the same as a version that would be meant, and `in-use` or
 * `bad-request` if it can’t become a canary now.
 */
export async function publish(
  context: ServiceContext,
  workflowId: string,
  { note = '', release: wanted }: Publishing = {},
): Promise<ReplyOf<typeof publishContract>> {
  const workflow = await getWorkflowRecord(context, workflowId);
  await refuseUnchanged(context, workflow);
  const release = wanted ?? (workflow.release.length > 1 || workflow.gate ? 'hold' : 'live');
  if (typeof release === 'number') refuseCanary(workflow);
  await refuseProblems(context, workflow.draft, 'publish', await publishingProblems(context, workflow.draft));
  const { hash } = await freezeGraph(context, workflow.draft);
  const version = await insertVersion(context, { workflowId, first: workflow.latestVersion + 1, hash, note });
  // Two steps: a version that nothing points to is harmless (S20). `below` keeps a slow publisher from counting back.
  await updateWorkflow(context, workflowId, { latestVersion: version.number, updatedAt: timestamp(context) }, { below: { latestVersion: version.number } });
  const isReleased = release === 'hold' || (await releaseVersion(context, workflowId, version.number, release));
  return { ...versionView(version), checking: !isReleased };
}

interface Publishing {
  readonly note?: string | undefined;
  readonly release?: PublishRelease | undefined;
}

/** Throws if no version can become a canary now. */
function refuseCanary({ id, release: [stable, canary] }: WorkflowRecord): void {
  if (!stable) throw new AppError('bad-request', 'Nothing is live yet, so there is nothing to compare with. Publish with release “live”.');
  if (canary)
    throw new AppError('in-use', `v${canary.version} already takes ${canary.weight}% of live runs. Promote it or roll it back first.`, {
      place: { workflowId: id },
    });
}

/** Releases a version that was just published. If a later one became live meanwhile, that one stays. False if its gate is still checking it. */
async function releaseVersion(context: ServiceContext, workflowId: string, number: number, wanted: 'live' | number): Promise<boolean> {
  for (;;) {
    const workflow = await getWorkflowRecord(context, workflowId);
    const stable = liveVersionOf(workflow);
    if (stable !== null && stable > number) return true;
    if (wanted !== 'live') refuseCanary(workflow);
    const release =
      wanted === 'live' || wanted === 100 || stable === null
        ? [{ version: number, weight: 100 }]
        : [
            { version: stable, weight: 100 - wanted },
            { version: number, weight: wanted },
          ];
    const { gate } = workflow;
    if (gate && !(await passGate(context, workflow, gate, number, { action: 'publish', release, settings: {} }))) return false;
    try {
      await changeRelease(context, workflow, { actor: actorOf(context.caller), action: 'publish', release });
      return true;
    } catch (thrown) {
      // Another change won: decide again.
      if (!isAppError(thrown, 'revision-conflict')) throw thrown;
    }
  }
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
