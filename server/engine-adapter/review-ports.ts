import { type Decision, isDecision } from '@switchyard/nodes/people/decision.ts';
import type { AcceptedRun, EnginePorts, OpenReview } from '../engine/ports.ts';
import { newToken } from '../services/ids.ts';
import { stillAsks } from '../services/money/change-budget.ts';
import { endWithoutDecision } from '../services/reviews/budget-reviews.ts';
import { type ReviewRecord, reviews, runs } from '../store/collections.ts';
import { insertIfAbsent } from '../store/insert-if-absent.ts';
import { budgets } from '../store/money-collections.ts';
import type { Store, WorkspaceStore } from '../store/port.ts';

/** Shown as the reviewer when the due time decided. */
const DUE_TIME = 'the due time';

/** Reviews. */
export function reviewPorts(store: Store, changed: (workspaceId: string) => void): Pick<EnginePorts, 'openReview' | 'closeReviews' | 'reviewOverdue'> {
  return {
    openReview: async (run, review) => {
      const workspace = store.in(run.workspaceId);
      const name = (await workspace.get(runs, run.runId))?.workflowName;
      const record = recordOf(run, review, name);
      if (!(await insertIfAbsent(workspace, reviews, record))) {
        const { waitId, assignee, dueAt, whenDue, sealed } = record;
        const again = { waitId, assignee, dueAt, whenDue, ...(sealed !== undefined && { sealed }) };
        const known = await workspace.get(reviews, record.id);
        // The step still waits under the same ID, for another assignee with another due time.
        if (known && known.waitId !== waitId) await workspace.update(reviews, record.id, again, { equal: { status: 'open' } });
      }
      if (review.budget) await releaseIfRaised(workspace, record, review.budget);
      changed(run.workspaceId);
    },
    reviewOverdue: async ({ workspaceId }, id, decided) => {
      const at = { decidedAt: new Date().toISOString(), decidedBy: DUE_TIME };
      const end = isDecision(decided) ? { status: 'done' as const, decision: decisionOf(decided) } : { status: 'closed' as const };
      await store.in(workspaceId).update(reviews, id, { ...at, ...end }, { equal: { status: 'open' } });
      changed(workspaceId);
    },
    closeReviews: async ({ workspaceId }, ids) => {
      await Promise.all(ids.map((id) => store.in(workspaceId).update(reviews, id, { status: 'closed' }, { equal: { status: 'open' } })));
      changed(workspaceId);
    },
  };
}

/** The budget may have been raised since it was used up, but before this review could be found. */
async function releaseIfRaised(workspace: WorkspaceStore, review: ReviewRecord, { id, hardMicros }: NonNullable<OpenReview['budget']>): Promise<void> {
  if (!stillAsks(await workspace.get(budgets, id), hardMicros)) await endWithoutDecision(workspace, review, new Date());
}

/** Fields that are read from the full copy of a large review (`filled` in services/reviews.ts). */
const NOT_HERE = { instructions: null, why: null, fields: [], context: [] };

function recordOf(run: AcceptedRun, { task, budget, ...review }: OpenReview, workflowName: string | undefined): ReviewRecord {
  return {
    ...review,
    workspaceId: run.workspaceId,
    ...(budget && { budgetId: budget.id, budgetHardMicros: budget.hardMicros }),
    ...(workflowName !== undefined && { workflowName }),
    version: run.version,
    title: task.title,
    ...(review.whole ? NOT_HERE : { instructions: task.instructions ?? null, why: task.why ?? null, fields: [...task.fields], context: [...task.context] }),
    ...(task.drawn && { drawn: task.drawn }),
    assignee: task.assignee ?? null,
    whenDue: task.whenDue ?? null,
    decisions: [...task.decisions],
    status: 'open',
    decidedAt: null,
    decidedBy: null,
    decision: null,
    token: newToken(),
  };
}

const decisionOf = ({ decision, values, comment, reasons }: Decision): ReviewRecord['decision'] => ({
  decision,
  values: { ...values },
  comment,
  reasons: [...reasons],
});
