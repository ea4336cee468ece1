import type { AlertRule, Opening } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { conditionWords, observationWords } from '@switchyard/shared/insight/metrics.ts';
import type { Notice } from '../alerts/alert-message.ts';

/* What messages of alert rules say: names that people chose, IDs, and figures, never a value of a run (S65, S86). */

const linkOf = ({ workflowId }: AlertRule['scope'], address: string): string =>
  `${address}/insight?view=alerts${workflowId === undefined ? '' : `&workflow=${workflowId}`}`;

function whereWords({ definition: { scope }, workflowName }: Pick<Opening, 'definition' | 'workflowName'>): string {
  const { workflowId, version, tenant, target } = scope;
  const parts = [
    workflowId === undefined ? 'all workflows' : `“${workflowName ?? workflowId}”`,
    version !== undefined && `version ${version}`,
    tenant !== undefined && `tenant ${tenant}`,
    target !== undefined && `model ${target}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** `address` is the base of links. */
export function openingNotice(opening: Opening, what: 'opened' | 'resolved', address: string): Notice {
  const { id, ruleId, name, definition, openedAt, opened, latest, resolvedAt } = opening;
  const { metric, comparison, threshold, scope, windowMinutes } = definition;
  const url = linkOf(scope, address);
  const condition = conditionWords(metric, comparison, threshold);
  const where = whereWords(opening);
  const minutes = Math.max(1, Math.round((Date.parse(resolvedAt ?? openedAt) - Date.parse(openedAt)) / 60_000));
  const lines =
    what === 'opened'
      ? [`${condition} in ${where}.`, `Now: ${observationWords(definition, opened)}.`]
      : [`No longer ${condition} in ${where}, after ${minutes} min.`, `Now: ${observationWords(definition, latest)}.`];
  return {
    id: `${id}_${what}`,
    subject: what === 'opened' ? `Alert: ${name}` : `Resolved: ${name}`,
    text: [...lines, `Open: ${url}`].join('\n'),
    event: {
      type: what === 'opened' ? 'alert.opened' : 'alert.resolved',
      timestamp: what === 'opened' ? openedAt : (resolvedAt ?? openedAt),
      data: {
        alert: { id, url },
        rule: { id: ruleId, name },
        metric,
        scope,
        comparison,
        threshold,
        windowMinutes,
        value: what === 'opened' ? opened.value : latest.value,
        samples: what === 'opened' ? opened.samples : latest.samples,
        openedAt,
        resolvedAt: what === 'opened' ? null : resolvedAt,
      },
    },
  };
}

export function ruleTestNotice(id: string, { id: ruleId, name, scope }: Pick<AlertRule, 'id' | 'name' | 'scope'>, now: Date, address: string): Notice {
  const url = linkOf(scope, address);
  return {
    id,
    subject: `Test message of “${name}”`,
    text: `This is a test. When the alert rule “${name}” opens or resolves an alert, you get a message here.\nSettings: ${url}`,
    event: { type: 'alert.test', timestamp: now.toISOString(), data: { rule: { id: ruleId, name, url } } },
  };
}
