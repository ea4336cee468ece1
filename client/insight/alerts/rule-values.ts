import { type AlertRule, createAlertRule, type RuleChannel, type RuleScope } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { LEAST_SAMPLES } from '@switchyard/shared/contracts/insight/insight.ts';
import { METRIC_KINDS, type Metric, type MetricUnit } from '@switchyard/shared/insight/metrics.ts';
import type { NewRule } from '../../api/insight/alert-rule-queries.ts';

/* An alert rule as its form shows it: shares in percent, durations in seconds, money in dollars. */

export interface RuleValues {
  readonly name: string;
  readonly metric: Metric;
  readonly scope: RuleScope;
  readonly comparison: AlertRule['comparison'];
  /** Empty until it is entered. */
  readonly threshold: number | '';
  readonly hysteresis: number | '';
  readonly windowMinutes: number;
  readonly minSamples: number | '';
  readonly kind: RuleChannel['kind'];
  readonly url: string;
  readonly to: string;
  readonly channelName: string;
}

export interface FieldsProps {
  readonly values: RuleValues;
  readonly onEdit: (changes: Partial<RuleValues>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** How much of the API’s unit one of the form is, and how it is written. */
export const UNITS: Readonly<Record<MetricUnit, { readonly scale: number; readonly prefix: string; readonly suffix: string }>> = {
  count: { scale: 1, prefix: '', suffix: '' },
  share: { scale: 0.01, prefix: '', suffix: '%' },
  ms: { scale: 1_000, prefix: '', suffix: ' s' },
  micros: { scale: 1e6, prefix: '$', suffix: '' },
};
export const unitOf = (metric: Metric) => UNITS[METRIC_KINDS[metric].unit];

/** Without the noise of binary fractions. */
const exact = (value: number): number => Number(value.toPrecision(12));

export const newValues = (workflowId: string | undefined): RuleValues => ({
  name: '',
  metric: 'p95',
  scope: workflowId === undefined ? {} : { workflowId },
  comparison: 'above',
  threshold: '',
  hysteresis: '',
  windowMinutes: 60,
  minSamples: LEAST_SAMPLES,
  kind: 'webhook',
  url: '',
  to: '',
  channelName: '',
});

export function valuesOf({ name, metric, scope, comparison, threshold, hysteresis, windowMinutes, minSamples, channel }: AlertRule): RuleValues {
  const { scale } = unitOf(metric);
  return {
    ...{ name, metric, scope, comparison, windowMinutes, minSamples },
    threshold: exact(threshold / scale),
    hysteresis: hysteresis === 0 ? '' : exact(hysteresis / scale),
    kind: channel.kind,
    url: channel.kind === 'email' ? '' : channel.url,
    to: channel.kind === 'email' ? channel.to : '',
    channelName: channel.kind === 'slack' ? (channel.name ?? '') : '',
  };
}

function channelOf({ kind, url, to, channelName }: RuleValues): RuleChannel {
  if (kind === 'email') return { kind, to: to.trim() };
  return kind === 'slack' ? { kind, url: url.trim(), ...(channelName.trim() !== '' && { name: channelName.trim() }) } : { kind, url: url.trim() };
}

/** The rule to save, or the first problem by field. */
export function readValues(values: RuleValues): { readonly rule: NewRule } | { readonly field: string; readonly message: string } {
  const { name, metric, scope, comparison, threshold, hysteresis, windowMinutes, minSamples } = values;
  if (threshold === '') return { field: 'threshold', message: 'Enter a number.' };
  const { scale } = unitOf(metric);
  const rule: NewRule = {
    ...(name.trim() !== '' && { name: name.trim() }),
    ...{ metric, scope, comparison, windowMinutes },
    threshold: exact(threshold * scale),
    hysteresis: exact((hysteresis || 0) * scale),
    minSamples: minSamples || 1,
    channel: channelOf(values),
  };
  const issue = createAlertRule.body.safeParse(rule).error?.issues[0];
  if (!issue) return { rule };
  const [first, second] = issue.path;
  const isEmpty = (values.kind === 'email' ? values.to : values.url).trim() === '';
  if (first === 'channel')
    return { field: `channel.${String(second)}`, message: isEmpty ? `Enter ${values.kind === 'email' ? 'an email address' : 'a URL'}.` : issue.message };
  return { field: String(first), message: issue.message };
}
