import type { Decision } from '@switchyard/nodes/people/decision.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type CorrectionRecord, corrections, type ReviewRecord } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';

type Corrected = Pick<CorrectionRecord, 'decision' | 'comment' | 'reasons' | 'reviewer' | 'at'> & Pick<Decision, 'changes'>;

/** Keeps what a person changed in the draft, and why; nothing when the draft was good as it was. Once for each task. */
export async function keepCorrection({ store, workspaceId }: ServiceContext, review: ReviewRecord, corrected: Corrected): Promise<void> {
  if (corrected.changes.length === 0) return;
  const { id, runId, workflowId, stepId } = review;
  const { decision, comment, reasons, reviewer, at } = corrected;
  try {
    await store.insert(corrections, { id, workspaceId, runId, workflowId, stepId, changes: [...corrected.changes], decision, comment, reasons, reviewer, at });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'already-exists')) throw error;
  }
}

/** Corrections, newest first. */
export async function listCorrections({ store }: ServiceContext, query: { limit: number; cursor?: string | undefined; workflowId?: string | undefined }) {
  const page = await store.find(corrections, {
    ...(query.workflowId !== undefined && { where: { workflowId: query.workflowId } }),
    order: { field: 'at', descending: true },
    limit: query.limit,
    ...(query.cursor !== undefined && { cursor: query.cursor }),
  });
  return { items: page.items.map(({ workspaceId: _workspace, ...correction }) => correction), nextCursor: page.nextCursor };
}
