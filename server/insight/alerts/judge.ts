import type { RuleDefinition } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { isTotal } from '@switchyard/shared/insight/metrics.ts';
import type { MetricValue } from '../read/metric-value.ts';

/*
 * What an alert rule says about a value (S86). An alert opens when the value is past the threshold, and resolves once it is back by the
 * hysteresis. With fewer samples than the minimum there is no data, and nothing opens or resolves.
 */

export type Judgment = 'no-data' | 'past' | 'between' | 'back';

type Limits = Pick<RuleDefinition, 'metric' | 'comparison' | 'threshold' | 'hysteresis' | 'minSamples'>;

export function judge({ metric, comparison, threshold, hysteresis, minSamples }: Limits, { value, samples }: Pick<MetricValue, 'value' | 'samples'>): Judgment {
  if (value === null || (samples < minSamples && !isTotal(metric))) return 'no-data';
  const beyond = comparison === 'above' ? value - threshold : threshold - value;
  if (beyond > 0) return 'past';
  return beyond <= -hysteresis ? 'back' : 'between';
}
