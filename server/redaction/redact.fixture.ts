import { createHmac } from 'node:crypto';
import { type RedactionRule, redactionRulesSchema } from '@switchyard/shared/contracts/redaction-rules.ts';
import { markFrom } from './placeholders.ts';
import type { Redacting } from './redact-text.ts';
import { redactValue } from './redact-value.ts';
import { compileRules } from './rules.ts';

const mark = (text: string): string => markFrom(createHmac('sha256', 'key').update(text).digest());
export const redacting = (rules: readonly RedactionRule[]): Redacting & { kept: Map<string, unknown> } => {
  const kept = new Map<string, unknown>();
  const token = (name: string, text: string, value: unknown): string => {
    const made = mark(`${name} ${text}`);
    kept.set(made, value);
    return made;
  };
  return { rules: compileRules(redactionRulesSchema.parse(rules)), marks: { hash: (name, text) => mark(`${name} ${text}`), token }, found: new Map(), kept };
};
export const redact = (rules: readonly RedactionRule[], value: unknown): unknown => {
  const work = redactValue(redacting(rules), value);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
};
const DETECTORS = ['email', 'phone', 'card', 'iban', 'ip', 'ssn'] as const;
export const ALL: RedactionRule[] = DETECTORS.map((detector) => ({ detector, action: 'mask' }));
