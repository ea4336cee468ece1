import { z } from 'zod';
import { stepsOf } from '../expression/patterns/pattern-steps.ts';

/*
 * What a workflow redacts: detectors, and what happens to a value that one of them finds (S65). Own patterns are compiled elsewhere
 * (expression/patterns/pattern-fault.ts): every page loads this file, and the pattern engine is large.
 */

/** Detectors without settings of their own. */
export const BUILT_IN_DETECTORS = ['email', 'phone', 'card', 'iban', 'ip', 'ssn'] as const;

/**
 * `mask` replaces the value by the name of its detector. `hash` adds a keyed hash, so equal values stay recognizable. `tokenise` keeps the
 * value encrypted beside the run and can restore it. `refuse` rejects the request or fails the step.
 */
export const REDACTION_ACTIONS = ['mask', 'hash', 'tokenise', 'refuse'] as const;
export type RedactionAction = (typeof REDACTION_ACTIONS)[number];

/** Own patterns are matched in linear time, but each of their steps costs time for each character. */
const MOST_PATTERN_STEPS = 200;

const action = z.enum(REDACTION_ACTIONS);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must start with a lowercase letter and contain only lowercase letters, digits, and -, at most 40 characters');
const pattern = z
  .string()
  .min(1)
  .max(1_000)
  .refine((source) => stepsOf(source) <= MOST_PATTERN_STEPS, `repeats too much: write out at most ${MOST_PATTERN_STEPS} steps`);

/** `customer.email`, or a name at any depth. Lists are passed through: `items.iban` is in each item. */
export const fieldPath = z.string().regex(/^[^.[\]\s][^.[\]]{0,99}(?:(?:\[\])?\.[^.[\]]{1,100}){0,9}$/, 'must be a field name, or names joined with dots');

export const redactionRuleSchema = z.discriminatedUnion('detector', [
  z
    .strictObject({
      detector: z.enum(BUILT_IN_DETECTORS),
      action,
      /** With `mask`: how many of the last characters to keep. */
      keepLast: z.number().int().min(0).max(4).optional(),
    })
    .refine((rule) => !rule.keepLast || rule.action === 'mask', { path: ['keepLast'], message: 'is only for the action mask' }),
  z.strictObject({ detector: z.literal('pattern'), name, pattern, action }),
  z.strictObject({ detector: z.literal('field'), fields: z.array(fieldPath).min(1).max(100), action }),
]);
export type RedactionRule = z.infer<typeof redactionRuleSchema>;

export const redactionRulesSchema = z
  .array(redactionRuleSchema)
  .max(50)
  .superRefine((rules, issues) => {
    const steps = rules.reduce((sum, rule) => sum + (rule.detector === 'pattern' ? stepsOf(rule.pattern) : 0), 0);
    if (steps > MOST_PATTERN_STEPS) issues.addIssue({ code: 'custom', message: `own patterns have ${steps} steps in total, more than ${MOST_PATTERN_STEPS}` });
    const names = new Set<string>();
    for (const [index, rule] of rules.entries()) {
      if (rule.detector === 'field') continue;
      const name = `${rule.detector} ${nameOfRule(rule)}`;
      if (names.has(name)) issues.addIssue({ code: 'custom', path: [index, 'detector'], message: 'is already in this policy' });
      names.add(name);
    }
  });

/** The name of what a rule finds, in counts and placeholders. */
export const nameOfRule = (rule: RedactionRule): string => (rule.detector === 'pattern' ? rule.name : rule.detector);

/** `cardNumber`, `card_number`, and `Card-Number` are the same field. */
export const plainFieldName = (name: string): string => name.toLowerCase().replace(/[_\s-]/g, '');

/** The name of what a field path finds, in counts and placeholders: `birthday` for `customer.birth_day`. */
export const nameOfField = (path: string): string =>
  plainFieldName(path.split('.').at(-1) ?? '')
    .replace(/[^a-z0-9]/g, '')
    .replace(/^\d+/, '')
    .slice(0, 40) || 'field';
