import { createHash } from 'node:crypto';
import type { ExceptionPath } from '@switchyard/shared/contracts/evaluation/exception-paths.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import { type ReviewRecord, workflows } from '../../store/collections.ts';
import { type ExceptionCaseRecord, type ExceptionPathRecord, exceptionCases, exceptionPaths } from '../../store/evaluation/exception-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { redactorOf } from '../policies/enter-run.ts';
import { getReviewRecord } from '../reviews/reviews.ts';
import { getRunGraph, getRunRecord } from '../runs/get-run.ts';
import { addRunSample } from './add-run-sample.ts';

/*
 * Cases that a workflow wasn’t made for, as reviewers describe them. Marking a review decides nothing. The same words at the same node are one
 * path, whatever their case, so paths show how often such cases come. A review marked again moves to its new path.
 */

const MOST_COUNTED = 1_000;

/** Marks the case of a review as different. Throws `not-found`, `redaction-refused`. */
export async function markDifferent(
  context: ServiceContext,
  reviewId: string,
  sent: { readonly reason: string; readonly reviewer?: string | undefined },
): Promise<{ path: ExceptionPath; sample: string | null }> {
  const review = await getReviewRecord(context, reviewId);
  const run = await getRunRecord(context, review.runId);
  const policy = run.policy === undefined ? undefined : await context.policies.byHash(context.store, run.policy);
  const { reason } = policy ? await redactorOf(context, policy, { runId: run.id, workflowId: run.workflowId }).value({ reason: sent.reason }) : sent;
  const path = await pathFor(context, review, reason);
  const known = await context.store.get(exceptionCases, review.id);
  const sample = known?.sample ?? (policy?.removesPayloads ? null : await addRunSample(context, run, reason));
  const marked: ExceptionCaseRecord = {
    id: review.id,
    workspaceId: context.workspaceId,
    pathId: path.id,
    runId: run.id,
    by: sent.reviewer ?? context.caller.name,
    at: timestamp(context),
    sample,
  };
  const { id, workspaceId: _workspace, ...changes } = marked;
  if (!(await insertIfAbsent(context.store, exceptionCases, marked))) await context.store.update(exceptionCases, id, changes);
  return { path: await pathView(context, path), sample };
}

async function pathFor(context: ServiceContext, review: ReviewRecord, reason: string): Promise<ExceptionPathRecord> {
  const address = parseAddress(review.stepId);
  const nodeKey = address?.kind === 'step' ? address.nodeKey : review.stepId;
  const said = reason.trim().replace(/\s+/g, ' ');
  const id = createHash('sha256')
    .update(JSON.stringify([review.workflowId, nodeKey, said.toLowerCase()]))
    .digest('hex')
    .slice(0, 32);
  const graph = await getRunGraph(context, review.runId);
  const path: ExceptionPathRecord = {
    id,
    workspaceId: context.workspaceId,
    workflowId: review.workflowId,
    nodeKey,
    nodeTitle: graph.nodes.find(({ data }) => data.key === nodeKey)?.data.title ?? nodeKey,
    reason: said,
    createdAt: timestamp(context),
    automated: null,
    isAutomated: 0,
  };
  await insertIfAbsent(context.store, exceptionPaths, path);
  return (await context.store.get(exceptionPaths, id)) ?? path;
}

async function pathView({ store }: ServiceContext, record: ExceptionPathRecord): Promise<ExceptionPath> {
  const { workspaceId: _workspace, createdAt: _created, isAutomated: _automated, ...path } = record;
  const where = { pathId: record.id };
  const [count, newest, workflow] = await Promise.all([
    store.count(exceptionCases, { where }, MOST_COUNTED),
    store.find(exceptionCases, { where, order: { field: 'at', descending: true }, limit: 1 }),
    store.get(workflows, record.workflowId),
  ]);
  const [last] = newest.items;
  return { ...path, workflowName: workflow?.name ?? '', count, last: last ? { reviewId: last.id, runId: last.runId, by: last.by, at: last.at } : null };
}

interface PathQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly workflowId?: string | undefined;
  readonly automated?: 'true' | 'false' | undefined;
}

/** Exception paths, the newest first. */
export async function listExceptionPaths(context: ServiceContext, { limit, cursor, workflowId, automated }: PathQuery) {
  const page = await context.store.find(exceptionPaths, {
    where: { ...(workflowId !== undefined && { workflowId }), ...(automated !== undefined && { isAutomated: automated === 'true' ? 1 : 0 }) },
    order: { field: 'createdAt', descending: true },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { items: await Promise.all(page.items.map((record) => pathView(context, record))), nextCursor: page.nextCursor };
}

/** Records whether the workflow has a path for such cases. Throws `not-found`. */
export async function changeExceptionPath(context: ServiceContext, id: string, automated: boolean): Promise<ExceptionPath> {
  const by = automated ? { by: context.caller.name, at: timestamp(context) } : null;
  const changed = await context.store.update(exceptionPaths, id, { automated: by, isAutomated: automated ? 1 : 0 });
  if (!changed) throw new AppError('not-found', `Exception path “${id}” not found.`);
  return pathView(context, changed);
}
