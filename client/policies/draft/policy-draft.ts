import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import { type PolicyContent, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { BUILT_IN_DETECTORS, type RedactionAction, type RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { patternFault } from '@switchyard/shared/expression/patterns/pattern-fault.ts';
import { z } from 'zod';
import { CHOICES, choiceLabel, DETECTORS } from './detector-labels.ts';
import { contentOfSettings, namesIn, SETTING_LABELS, SETTINGS, type Setting, settingMessage, settingsOf, settingText } from './policy-settings.ts';

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
  settings: z.record(z.enum(SETTINGS), z.string()),
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
export function formOf({ redaction, ...settings }: PolicyContent): PolicyForm {
  const choices = new Map(redaction.map((rule) => [rule.detector, choiceOf(rule)]));
  return {
    builtIn: Object.fromEntries(BUILT_IN_DETECTORS.map((detector) => [detector, choices.get(detector) ?? 'off'])) as PolicyForm['builtIn'],
    own: redaction.flatMap((rule) => (rule.detector === 'pattern' || rule.detector === 'field' ? [ownOf(rule)] : [])),
    settings: settingsOf(settings),
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
  kind === 'pattern' ? { detector: kind, name: name.trim(), pattern: text, action } : { detector: kind, fields: namesIn(text), action };

/** The content to save. */
export const contentOf = (form: PolicyForm): PolicyContent => ({ redaction: rulesOf(form), ...contentOfSettings(form.settings) });

export interface RuleProblems {
  readonly name?: string;
  readonly text?: string;
}

/** What is wrong with each own rule, by its position, with each setting, and with all rules together. */
export interface FormProblems {
  readonly own: ReadonlyMap<number, RuleProblems>;
  readonly settings: Readonly<Partial<Record<Setting, string>>>;
  readonly whole: string | undefined;
}

export function problemsOf(form: PolicyForm): FormProblems {
  const own = new Map<number, RuleProblems>();
  const settings: Partial<Record<Setting, string>> = {};
  const checked = putPolicies.body.safeParse(contentOf(form), { error: bodyIssueMessage });
  const positions = form.own.flatMap(({ removed }, index) => (removed ? [] : [index]));
  const first = rulesOf({ ...form, own: [] }).length;
  let whole: string | undefined;
  for (const { path, message } of checked.error?.issues ?? []) {
    const setting = SETTINGS.find((name) => name === path[0] || name === path[1]);
    const at = path[0] === 'redaction' ? positions[Number(path[1]) - first] : undefined;
    const rule = at === undefined ? undefined : form.own[at];
    if (setting) settings[setting] ??= settingMessage(setting, message);
    else if (at !== undefined && rule) own.set(at, { ...ruleProblem(rule, path[2], message), ...own.get(at) });
    else whole ??= `The ${message}.`;
  }
  for (const [index, rule] of form.own.entries()) {
    const fault = rule.kind === 'pattern' && !rule.removed && !own.get(index)?.text ? patternFault(rule.text) : undefined;
    if (fault !== undefined) own.set(index, { ...own.get(index), ...ruleProblem(rule, 'pattern', fault) });
  }
  return { own, settings, whole };
}

function ruleProblem(rule: OwnRule, part: PropertyKey | undefined, message: string): RuleProblems {
  const field = part === 'name' || part === 'detector' ? 'name' : 'text';
  const label = field === 'name' ? 'Name' : rule.kind === 'pattern' ? 'Pattern' : 'Field';
  return { [field]: `${label} ${rule[field].trim() === '' ? 'is missing' : message}` };
}

/** The first problem as a sentence. Undefined if the policy can be saved. */
export function firstProblem(form: PolicyForm, { own, settings, whole }: FormProblems): string | undefined {
  for (const [index, { name, text }] of own) {
    const rule = form.own[index];
    if (rule) return `${ruleTitle(rule)}: ${name ?? text}.`;
  }
  const [setting] = Object.values(settings);
  return setting === undefined ? whole : `${setting}.`;
}

export const ruleTitle = ({ kind, name, text }: Pick<OwnRule, 'kind' | 'name' | 'text'>): string =>
  kind === 'pattern' ? name.trim() || 'New pattern' : namesIn(text).length > 1 ? 'Fields' : 'Field';

/** What differs from the policy that the edits started from, as phrases. */
export function changesBetween(start: PolicyForm, form: PolicyForm): string[] {
  return [
    ...BUILT_IN_DETECTORS.filter((detector) => start.builtIn[detector] !== form.builtIn[detector]).map(
      (detector) => `${DETECTORS[detector].label} ${choiceLabel(start.builtIn[detector])} → ${choiceLabel(form.builtIn[detector])}`,
    ),
    ...form.own.flatMap((rule) => ownChange(rule) ?? []),
    ...SETTINGS.filter((name) => start.settings[name] !== form.settings[name]).map(
      (name) => `${SETTING_LABELS[name]} ${settingText(name, start.settings[name])} → ${settingText(name, form.settings[name])}`,
    ),
  ];
}

function ownChange({ was, removed, ...rule }: OwnRule): string | undefined {
  const subject = rule.kind === 'pattern' ? ruleTitle(rule) : `${ruleTitle(rule)} ${namesIn(rule.text).join(', ')}`.trim();
  if (!was) return `${subject} added`;
  if (removed) return `${subject} removed`;
  if (was.action !== rule.action) return `${subject} ${CHOICES[was.action as RedactionAction].label} → ${CHOICES[rule.action].label}`;
  return was.name === rule.name && was.text === rule.text ? undefined : `${subject} changed`;
}

const isSameRule = (one: OwnRule['was'], other: OwnRule['was']): boolean =>
  one !== undefined && other !== undefined && (one.name !== '' ? one.name === other.name : one.text === other.text);

/** Edits that started from one policy, applied to a newer one. Where both changed the same, the edits win. */
export function rebased(start: PolicyForm, form: PolicyForm, newer: PolicyForm): PolicyForm {
  const edited = form.own.filter((rule) => rule.was && ownChange(rule) !== undefined);
  const theirs = newer.own.map((rule) => {
    const edit = edited.find(({ was }) => isSameRule(was, rule.was));
    return edit ? { ...edit, was: rule.was } : rule;
  });
  const gone = edited.filter(({ was, removed }) => !removed && !newer.own.some((rule) => isSameRule(was, rule.was)));
  const added = [...gone.map(({ was: _, ...rule }) => rule), ...form.own.filter(({ was }) => !was)];
  return {
    builtIn: merged(start.builtIn, form.builtIn, newer.builtIn),
    own: [...theirs, ...added],
    settings: merged(start.settings, form.settings, newer.settings),
  };
}

/** The newer values, with those that were edited. */
const merged = <T extends Readonly<Record<string, string>>>(start: T, edited: T, newer: T): T => ({
  ...newer,
  ...Object.fromEntries(Object.entries(edited).filter(([name, value]) => value !== start[name])),
});
