import type { Share, SharedWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { ToConnect } from '@switchyard/shared/sharing/to-connect.ts';
import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type ShareRecord, shares } from '../../store/sharing-collections.ts';
import { actorOf, linkCaller } from '../caller.ts';
import { type Installation, type ServiceContext, timestamp } from '../context.ts';
import { openCapability } from '../directory.ts';
import { newToken } from '../ids.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { type Created, createFrom } from './create-from.ts';
import { copyableOf, shareableOf } from './shareable.ts';

type Shows = ShareRecord['shows'];

const shareView = (context: ServiceContext, { token, shows, createdAt }: ShareRecord): Share => ({
  token,
  url: `${context.address()}/shared/${token}`,
  shows,
  createdAt,
});

/** The share link of a workflow, if any, and what sharing leaves out of its draft. */
export async function getShare(context: ServiceContext, workflowId: string): Promise<{ share: Share | null; leftOut: ToConnect[] }> {
  const workflow = await getWorkflowRecord(context, workflowId);
  const record = await context.store.get(shares, workflowId);
  const { toConnect } = await shareableOf(context, workflow, 'draft');
  return { share: record ? shareView(context, record) : null, leftOut: toConnect };
}

/**
 * Creates the share link of a workflow, or updates what it shows; the token stays. By default it shows the live
 * version, or the draft before the first publish. Throws `not-published` for the live version if there is none.
 */
export async function shareWorkflow(context: ServiceContext, workflowId: string, wanted?: Shows): Promise<Share> {
  const workflow = await getWorkflowRecord(context, workflowId);
  const live = liveVersionOf(workflow);
  if (wanted === 'live' && live === null) {
    throw new AppError('not-published', `“${workflow.name}” has no live version yet. Publish it, or share its draft.`, { place: { workflowId } });
  }
  const known = await context.store.get(shares, workflowId);
  if (known) return changeShare(context, known, wanted);
  const record: ShareRecord = {
    id: workflowId,
    workspaceId: context.workspaceId,
    token: newToken(),
    shows: wanted ?? (live === null ? 'draft' : 'live'),
    createdAt: timestamp(context),
    actor: actorOf(context.caller),
  };
  if (await insertIfAbsent(context.store, shares, record)) return shareView(context, record);
  // Shared twice at the same moment: the first link counts.
  const first = await context.store.get(shares, workflowId);
  return first ? changeShare(context, first, wanted) : shareWorkflow(context, workflowId, wanted);
}

async function changeShare(context: ServiceContext, record: ShareRecord, wanted: Shows = record.shows): Promise<Share> {
  if (wanted === record.shows) return shareView(context, record);
  const changed = await context.store.update(shares, record.id, { shows: wanted });
  return shareView(context, changed ?? record);
}

/** Turns off the link. `revoked` is false if there was none. */
export async function unshareWorkflow(context: ServiceContext, workflowId: string): Promise<{ revoked: boolean }> {
  await getWorkflowRecord(context, workflowId);
  return { revoked: await context.store.delete(shares, workflowId) };
}

/** What a link shows. Throws `not-found` if it was turned off or its workflow was deleted. */
export async function getShared(installation: Installation, token: string): Promise<SharedWorkflow> {
  const { context, workflow, shows } = await openLink(installation, token);
  const { name, description, graph, toConnect, prompts = [] } = await shareableOf(context, workflow, shows);
  return { name, description, version: shows === 'live' ? liveVersionOf(workflow) : null, graph, toConnect, prompts: [...prompts] };
}

/** Creates a workflow in the caller's workspace from what a link shows. */
export async function useShared(context: ServiceContext, token: string, name?: string): Promise<Created> {
  const origin = await openLink(context, token);
  const { toConnect: _, ...copyable } = await copyableOf(origin.context, origin.workflow, origin.shows);
  return createFrom(context, { ...copyable, name: name ?? copyable.name });
}

async function openLink(installation: Installation, token: string): Promise<{ context: ServiceContext; workflow: WorkflowRecord; shows: Shows }> {
  const callerOf = ({ workspaceId }: ShareRecord) => linkCaller(workspaceId, 'shared link');
  const opened = await openCapability(installation, { collection: shares, field: 'token', token, callerOf });
  const workflow = await opened?.context.store.get(workflows, opened.record.id);
  if (!opened || !workflow || workflow.deletedAt !== null) {
    throw new AppError('not-found', 'Link not found. It was turned off, or the URL is incomplete. Ask the sender for a new one.');
  }
  return { context: opened.context, workflow, shows: opened.record.shows };
}
