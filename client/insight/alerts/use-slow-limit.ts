import { useAlertRules } from '../../api/insight/alert-rule-queries.ts';
import type { InsightQuery } from '../../api/insight/insight-queries.ts';

/** The lowest p95 at which a rule for exactly these runs opens an alert, in ms. */
export function useSlowLimit({ workflowId, version }: InsightQuery): number | undefined {
  const { data } = useAlertRules();
  const limits = (data?.items ?? []).filter(
    ({ metric, comparison, enabled, scope }) =>
      metric === 'p95' &&
      comparison === 'above' &&
      enabled &&
      scope.workflowId === workflowId &&
      scope.version === version &&
      scope.tenant === undefined &&
      scope.target === undefined,
  );
  return limits.length === 0 ? undefined : Math.min(...limits.map(({ threshold }) => threshold));
}
