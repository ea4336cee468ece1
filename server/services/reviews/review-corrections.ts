import type { Decision } from '@switchyard/nodes/people/decision.ts';
import { type Keeps, removed } from '@switchyard/shared/run/removed.ts';
import type { ReviewRecord } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type CorrectionRecord, corrections } from '../../store/registry-collections.ts';
import type { ServiceContext } from '../context.ts';

type Corrected = Pick<CorrectionRecord, 'decision' | 'comment' | 'reasons' | 'reviewer' | 'at'> & Pick<Decision, 'changes'>;

/** Stores what a reviewer changed in the draft, and why. Once per review, and only if something changed. */
export async function keepCorrection({ store, workspaceId }: ServiceContext, review: ReviewRecord, corrected: Corrected): Promise<void> {
  if (corrected.changes.length === 0) return;
  const { id, runId, workflowId, stepId } = review;
  const { decision, comment, reasons, reviewer, at } = corrected;
  const changes = [...corrected.changes];
  await insertIfAbsent(store, corrections, { id, workspaceId, runId, workflowId, stepId, changes, decision, comment, reasons, reviewer, at });
}

/** A correction without what was written: only which fields were changed (S66). */
export const removedCorrection = <C extends { readonly field: string; readonly before: unknown; readonly after: unknown }>(
  changes: readonly C[],
  keeps?: Keeps,
) => ({
  changes: changes.map((change) => {
    const left = (value: unknown): unknown => (keeps?.([change.field]) ? value : removed(value, keeps));
    return { ...change, before: left(change.before), after: left(change.after) };
  }),
  comment: '',
  reasons: [],
});

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
