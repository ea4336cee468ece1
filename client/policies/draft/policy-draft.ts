import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import type { Policy, PolicyContent } from '@switchyard/shared/contracts/policies.ts';
import { BUILT_IN_DETECTORS, type RedactionAction, type RedactionRule, redactionRulesSchema } from '@switchyard/shared/contracts/redaction-rules.ts';
import { z } from 'zod';
import { CHOICES, choiceLabel, DETECTORS } from './detector-labels.ts';

/* A data policy as the values of its form: texts, which may not be valid yet. */

export type BuiltInDetector = (typeof BUILT_IN_DETECTORS)[number];

const ownRule = z.object({
  kind: z.enum(['pattern', 'field']),
  /** The name of a pattern. Empty for fields. */
  name: z.string(),
  /** The pattern, or field names separated by commas. */
  text: z.string(),
  action: z.enum(['mask', 'hash', 'tokenise', 'refuse']),
  /** The saved rule that it changes. A new rule has none. */
  was: z.object({ name: z.string(), text: z.string(), action: z.string() }).optional(),
  /** Removed when the policy is saved. */
  removed: z.boolean().optional(),
});
const content = z.object({
  /** `off`, an action, or `mask-4`: all but the last four characters. */
  builtIn: z.record(z.enum(BUILT_IN_DETECTORS), z.string()),
  own: z.array(ownRule),
});
export type OwnRule = z.infer<typeof ownRule>;
export type PolicyForm = z.infer<typeof content>;

/** Reads a stored form. Undefined if there is none. */
export function readForm(text: string | undefined): PolicyForm | undefined {
  try {
    return text === undefined ? undefined : content.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The form of a saved policy. */
export function formOf({ redaction }: Pick<Policy, 'redaction'>): PolicyForm {
  const choices = new Map(redaction.map((rule) => [rule.detector, choiceOf(rule)]));
  return {
    builtIn: Object.fromEntries(BUILT_IN_DETECTORS.map((detector) => [detector, choices.get(detector) ?? 'off'])) as PolicyForm['builtIn'],
    own: redaction.flatMap((rule) => (rule.detector === 'pattern' || rule.detector === 'field' ? [ownOf(rule)] : [])),
  };
}

const choiceOf = (rule: RedactionRule): string => ('keepLast' in rule && rule.keepLast ? `mask-${rule.keepLast}` : rule.action);

function ownOf(rule: RedactionRule & { detector: 'pattern' | 'field' }): OwnRule {
  const shown =
    rule.detector === 'pattern'
      ? { name: rule.name, text: rule.pattern, action: rule.action }
      : { name: '', text: rule.fields.join(', '), action: rule.action };
  return { kind: rule.detector, ...shown, was: shown };
}

export const newRule = (kind: OwnRule['kind']): OwnRule => ({ kind, name: '', text: '', action: 'mask' });

/** The rules to send. Their texts are as typed. */
export const rulesOf = ({ builtIn, own }: PolicyForm): RedactionRule[] => [
  ...BUILT_IN_DETECTORS.flatMap((detector) => builtInRule(detector, builtIn[detector])),
  ...own.filter(({ removed }) => !removed).map(ownRuleOf),
];

function builtInRule(detector: BuiltInDetector, choice: string): RedactionRule[] {
  const [action = 'off', kept] = choice.split('-');
  return action === 'off' ? [] : [{ detector, action: action as RedactionAction, ...(kept !== undefined && { keepLast: Number(kept) }) }];
}

const ownRuleOf = ({ kind, name, text, action }: OwnRule): RedactionRule =>
  kind === 'pattern' ? { detector: kind, name: name.trim(), pattern: text, action } : { detector: kind, fields: fieldsOf(text), action };

/** Field names separated by commas or spaces. */
export const fieldsOf = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== '');

export interface RuleProblems {
  readonly name?: string;
  readonly text?: string;
}

/** What is wrong with each own rule, by its position, and with all of them together. */
export interface FormProblems {
  readonly own: ReadonlyMap<number, RuleProblems>;
  readonly whole: string | undefined;
}

export function problemsOf(form: PolicyForm): FormProblems {
  const own = new Map<number, RuleProblems>();
  const checked = redactionRulesSchema.safeParse(rulesOf(form), { error: bodyIssueMessage });
  const positions = form.own.flatMap(({ removed }, index) => (removed ? [] : [index]));
  const first = rulesOf({ ...form, own: [] }).length;
  let whole: string | undefined;
  for (const { path, message } of checked.error?.issues ?? []) {
    const at = positions[Number(path[0]) - first];
    const rule = at === undefined ? undefined : form.own[at];
    if (at === undefined || !rule) {
      whole ??= `The ${message}.`;
      continue;
    }
    const field = path[1] === 'name' || path[1] === 'detector' ? 'name' : 'text';
    const label = field === 'name' ? 'Name' : rule.kind === 'pattern' ? 'Pattern' : 'Field';
    own.set(at, { [field]: `${label} ${rule[field].trim() === '' ? 'is missing' : message}`, ...own.get(at) });
  }
  return { own, whole };
}

/** The first problem as a sentence. Undefined if the policy can be saved. */
export function firstProblem(form: PolicyForm, { own, whole }: FormProblems): string | undefined {
  for (const [index, { name, text }] of own) {
    const rule = form.own[index];
    if (rule) return `${ruleTitle(rule)}: ${name ?? text}.`;
  }
  return whole;
}

export const ruleTitle = ({ kind, name, text }: Pick<OwnRule, 'kind' | 'name' | 'text'>): string =>
  kind === 'pattern' ? name.trim() || 'New pattern' : fieldsOf(text).length > 1 ? 'Fields' : 'Field';

/** What differs from the policy that the edits started from, as phrases. */
export function changesBetween(start: PolicyForm, form: PolicyForm): string[] {
  return [
    ...BUILT_IN_DETECTORS.filter((detector) => start.builtIn[detector] !== form.builtIn[detector]).map(
      (detector) => `${DETECTORS[detector].label} ${choiceLabel(start.builtIn[detector])} → ${choiceLabel(form.builtIn[detector])}`,
    ),
    ...form.own.flatMap((rule) => ownChange(rule) ?? []),
  ];
}

function ownChange({ was, removed, ...rule }: OwnRule): string | undefined {
  const subject = rule.kind === 'pattern' ? ruleTitle(rule) : `${ruleTitle(rule)} ${fieldsOf(rule.text).join(', ')}`.trim();
  if (!was) return `${subject} added`;
  if (removed) return `${subject} removed`;
  if (was.action !== rule.action) return `${subject} ${CHOICES[was.action as RedactionAction].label} → ${CHOICES[rule.action].label}`;
  return was.name === rule.name && was.text === rule.text ? undefined : `${subject} changed`;
}

const isSameRule = (one: OwnRule['was'], other: OwnRule['was']): boolean =>
  one !== undefined && other !== undefined && (one.name !== '' ? one.name === other.name : one.text === other.text);

/** Edits that started from one policy, applied to a newer one. Where both changed the same, the edits win. */
export function rebased(start: PolicyForm, form: PolicyForm, newer: PolicyForm): PolicyForm {
  const mine = (detector: BuiltInDetector) => (form.builtIn[detector] === start.builtIn[detector] ? newer.builtIn[detector] : form.builtIn[detector]);
  const edited = form.own.filter((rule) => rule.was && ownChange(rule) !== undefined);
  const theirs = newer.own.map((rule) => {
    const edit = edited.find(({ was }) => isSameRule(was, rule.was));
    return edit ? { ...edit, was: rule.was } : rule;
  });
  const gone = edited.filter(({ was, removed }) => !removed && !newer.own.some((rule) => isSameRule(was, rule.was)));
  const added = [...gone.map(({ was: _, ...rule }) => rule), ...form.own.filter(({ was }) => !was)];
  return {
    builtIn: Object.fromEntries(BUILT_IN_DETECTORS.map((detector) => [detector, mine(detector)])) as PolicyForm['builtIn'],
    own: [...theirs, ...added],
  };
}

/** The content to save: the edited parts over those in force. */
export const contentOf = ({ logging, keep, replyMinutes, retention }: PolicyContent, form: PolicyForm): PolicyContent => ({
  redaction: rulesOf(form),
  logging,
  keep,
  replyMinutes,
  retention,
});
