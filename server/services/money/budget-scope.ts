import type { SpendingCall } from '../../models/spending.ts';
import type { BudgetRecord } from '../../store/money-collections.ts';

/** The ID of a call within a kind of scope. Undefined if the call has none. */
function subjectOf(kind: BudgetRecord['scope']['kind'], { route, place }: SpendingCall): string | undefined {
  switch (kind) {
    case 'workspace':
      return '';
    case 'workflow':
      return place?.workflowId;
    case 'node':
      return place && `${place.workflowId}/${place.nodeKey}`;
    case 'route':
      return route;
    case 'tenant':
      return place?.labels.tenant;
    case 'run':
      return place?.rootId;
  }
}

/** Whether a call is within the scope of a budget. */
export function isInScope({ scope, period }: Pick<BudgetRecord, 'scope' | 'period'>, call: SpendingCall): boolean {
  if (period === 'run' && !call.place) return false;
  const subject = subjectOf(scope.kind, call);
  return subject !== undefined && (scope.kind === 'workspace' || scope.id === undefined || scope.id === subject);
}

/** The workflow, node, route, or tenant that has the budget to itself. Null if all calls of the scope share it. */
export const scopeInstance = ({ scope }: Pick<BudgetRecord, 'scope'>, call: SpendingCall): string | null =>
  scope.id === undefined && scope.kind !== 'workspace' ? (subjectOf(scope.kind, call) ?? null) : null;
