import type { AlertRule, Opening, RuleScope } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { conditionWords } from '@switchyard/shared/insight/metrics.ts';

/* Alert rules and alerts in words. */

export const ruleCondition = ({ metric, comparison, threshold }: Pick<AlertRule, 'metric' | 'comparison' | 'threshold'>): string =>
  conditionWords(metric, comparison, threshold);

/** “All workflows”, “Refunds, version 3”. */
export function scopeWords({ workflowId, version, tenant, target }: RuleScope, nameOf: (workflowId: string) => string | undefined): string {
  const parts = [
    workflowId === undefined ? 'All workflows' : (nameOf(workflowId) ?? workflowId),
    version !== undefined && `version ${version}`,
    tenant !== undefined && `tenant ${tenant}`,
    target !== undefined && `model ${target}`,
  ];
  return parts.filter(Boolean).join(', ');
}

export const STATE_WORDS: Readonly<Record<'ok' | 'open' | 'no-data', string>> = { ok: 'OK', open: 'Open', 'no-data': 'No data' };
export const RESOLUTION_WORDS: Readonly<Record<NonNullable<Opening['resolution']>, string>> = {
  recovered: 'Recovered',
  changed: 'Rule changed',
  off: 'Rule turned off',
  deleted: 'Rule deleted',
};

/** The runs that an alert is about. */
export const runsOf = ({ metric, scope, windowMinutes }: Pick<AlertRule, 'metric' | 'scope' | 'windowMinutes'>) => ({
  ...(scope.workflowId !== undefined && { workflow: scope.workflowId }),
  ...(scope.version !== undefined && { version: scope.version }),
  ...(scope.tenant !== undefined && { label: `tenant:${scope.tenant}` }),
  ...(metric === 'failure-rate' && { status: 'failed' as const }),
  period: windowMinutes <= 60 ? ('1h' as const) : ('24h' as const),
});
