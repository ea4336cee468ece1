import type { PolicyContent } from '@switchyard/shared/contracts/policies.ts';
import { nameOfRule, type RedactionAction, type RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';

/* What holds for a run that two policies apply to: that of its workflow, and that of the run that started it (S38). */

const LOGGING = ['full', 'redacted', 'metadata'] as const;
/** What keeps less of a value is stricter. */
const ACTIONS: readonly RedactionAction[] = ['tokenise', 'hash', 'mask', 'refuse'];

/** The stricter of both in each respect. Retention is that of `own`. */
export function stricterPolicy(own: PolicyContent, other: PolicyContent): PolicyContent {
  const logging = LOGGING[Math.max(LOGGING.indexOf(own.logging), LOGGING.indexOf(other.logging))] ?? 'metadata';
  return {
    redaction: stricterRules(own.redaction, other.redaction),
    logging,
    keep: keptByBoth(own, other),
    replyMinutes: Math.min(own.replyMinutes, other.replyMinutes),
    retention: own.retention,
  };
}

function stricterRules(own: readonly RedactionRule[], other: readonly RedactionRule[]): RedactionRule[] {
  const rules = new Map(own.map((rule) => [keyOf(rule), rule]));
  for (const rule of other) {
    const known = rules.get(keyOf(rule));
    if (!known || ACTIONS.indexOf(rule.action) > ACTIONS.indexOf(known.action)) rules.set(keyOf(rule), rule);
  }
  return [...rules.values()];
}

/** Two rules with the same key find the same values. */
const keyOf = (rule: RedactionRule): string =>
  rule.detector === 'field' ? `field ${rule.fields.join(' ')}` : rule.detector === 'pattern' ? `pattern ${rule.pattern}` : nameOfRule(rule);

/** A policy that logs in full keeps every field. */
function keptByBoth(own: PolicyContent, other: PolicyContent): string[] {
  if (own.logging === 'full') return [...other.keep];
  return other.logging === 'full' ? [...own.keep] : own.keep.filter((path) => other.keep.includes(path));
}
