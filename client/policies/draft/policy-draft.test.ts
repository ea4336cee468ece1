import { DEFAULT_RETENTION, type Retention } from '@switchyard/shared/contracts/policies.ts';
import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { expect, test } from 'vitest';
import { changesBetween, contentOf, firstProblem, formOf, newRule, type PolicyForm, problemsOf, readForm, rebased, rulesOf } from './policy-draft.ts';

const RULES: RedactionRule[] = [
  { detector: 'email', action: 'tokenise' },
  { detector: 'card', action: 'mask', keepLast: 4 },
  { detector: 'pattern', name: 'customer', pattern: 'c_\\d{5}', action: 'hash' },
  { detector: 'field', fields: ['password', 'customer.birthday'], action: 'mask' },
];
const content = (redaction: RedactionRule[], retention: Retention = DEFAULT_RETENTION) => ({
  redaction,
  logging: 'full' as const,
  keep: [],
  replyMinutes: 60,
  retention,
});
const saved = formOf(content(RULES));
const withOwn = (form: PolicyForm, at: number, changes: Partial<PolicyForm['own'][number]>): PolicyForm => ({
  ...form,
  own: form.own.map((rule, index) => (index === at ? { ...rule, ...changes } : rule)),
});

test('a policy survives its form, and a stored form is read back', () => {
  expect(rulesOf(saved)).toEqual(RULES);
  expect(readForm(JSON.stringify(saved))).toEqual(saved);
  for (const text of [undefined, '', '{', '{"own": []}']) expect(readForm(text)).toBeUndefined();
});

test('each change is a phrase', () => {
  expect(changesBetween(saved, saved)).toEqual([]);
  const edited = withOwn(withOwn(saved, 0, { text: 'c_\\d{6}' }), 1, { action: 'refuse' });
  const form = { ...edited, builtIn: { ...edited.builtIn, email: 'off', card: 'mask' }, own: [...edited.own, newRule('pattern')] };
  expect(changesBetween(saved, form)).toEqual([
    'Email address Tokenize → Off',
    'Card number Mask, keep 4 → Mask',
    'customer changed',
    'Fields password, customer.birthday Mask → Reject',
    'New pattern added',
  ]);
  expect(changesBetween(saved, withOwn(saved, 0, { removed: true }))).toEqual(['customer removed']);
  expect(rulesOf(withOwn(saved, 0, { removed: true }))).toHaveLength(3);
});

test('what is wrong with an own rule is said at its field', () => {
  const form = withOwn(withOwn(saved, 0, { name: 'Customer ID', text: '(a' }), 1, { text: 'a..b' });
  const { own } = problemsOf(form);
  expect(own.get(0)).toMatchObject({ name: expect.stringContaining('Name must start with'), text: expect.stringContaining('Pattern is not a valid pattern') });
  expect(own.get(1)?.text).toContain('Field must be a field name');
  expect(firstProblem(form, problemsOf(form))).toContain('Customer ID: Name must start with');
  expect(firstProblem(saved, problemsOf(saved))).toBeUndefined();
});

test('empty texts of a new rule are missing, and a removed rule has no problems', () => {
  const form = { ...saved, own: [...saved.own, newRule('pattern'), newRule('field')] };
  expect(problemsOf(form).own.get(2)).toEqual({ name: 'Name is missing', text: 'Pattern is missing' });
  expect(problemsOf(form).own.get(3)).toEqual({ text: 'Field is missing' });
  expect(problemsOf(withOwn(saved, 0, { text: '(a', removed: true })).own.size).toBe(0);
});

test('a name used twice, and patterns that are too long together, are problems', () => {
  const twice = { ...saved, own: [...saved.own, { kind: 'pattern' as const, name: 'customer', text: 'x', action: 'mask' as const }] };
  expect(problemsOf(twice).own.get(2)?.name).toContain('already in this policy');
  const long = (name: string) => ({ kind: 'pattern' as const, name, text: 'a{150}', action: 'mask' as const });
  expect(problemsOf({ ...saved, own: [long('one'), long('two')] }).whole).toContain('own patterns have');
});

test('edits move to a newer policy; what only the newer one changed is kept', () => {
  const mine = withOwn({ ...saved, builtIn: { ...saved.builtIn, email: 'off' } }, 0, { action: 'mask' });
  const edited = { ...mine, own: [...mine.own, { ...newRule('field'), text: 'secret' }] };
  const newer = formOf(content([{ detector: 'iban', action: 'refuse' }, ...RULES.slice(0, 3), { detector: 'field', fields: ['password'], action: 'hash' }]));
  const result = rebased(saved, edited, newer);
  expect(result.builtIn).toMatchObject({ email: 'off', iban: 'refuse', card: 'mask-4' });
  expect(changesBetween(newer, result)).toEqual(['Email address Tokenize → Off', 'customer Hash → Mask', 'Field secret added']);
  expect(rulesOf(result).at(-2)).toEqual({ detector: 'field', fields: ['password'], action: 'hash' });
});

test('an edited rule that was removed elsewhere becomes a new one', () => {
  const result = rebased(saved, withOwn(saved, 0, { text: 'c_\\d{6}' }), formOf(content([])));
  expect(changesBetween(formOf(content([])), result)).toEqual(['customer added']);
});

const withSettings = (form: PolicyForm, settings: Partial<PolicyForm['settings']>): PolicyForm => ({ ...form, settings: { ...form.settings, ...settings } });

test('logging and retention are sent, and their changes are phrases', () => {
  const form = withSettings(saved, { logging: 'redacted', keep: 'topic, order.status', payloadDays: '7', summaryDays: '1825' });
  expect(contentOf(form)).toMatchObject({
    logging: 'redacted',
    keep: ['topic', 'order.status'],
    retention: { payloadDays: 7, journalDays: 400, summaryDays: 1_825 },
  });
  expect(changesBetween(saved, form)).toEqual([
    'Logging Full → Redacted',
    'Kept fields none → topic, order.status',
    'Payloads 90 days → 7 days',
    'Runs kept → 1,825 days',
  ]);
  expect(firstProblem(form, problemsOf(form))).toBeUndefined();
});

test('what is wrong with a setting is said at its field', () => {
  const wrong = (settings: Partial<PolicyForm['settings']>) => problemsOf(withSettings(saved, settings)).settings;
  expect(wrong({ payloadDays: '500' })).toEqual({ payloadDays: 'Payloads must not be longer than journals' });
  expect(wrong({ journalDays: '', summaryDays: '30' })).toEqual({ journalDays: 'Journals must not be longer than runs' });
  expect(wrong({ replyMinutes: '' })).toEqual({ replyMinutes: 'Response must be a number' });
  expect(wrong({ keep: 'a..b' }).keep).toContain('must be a field name');
});

test('settings changed elsewhere are kept under edits', () => {
  const newer = formOf(content(RULES, { ...DEFAULT_RETENTION, journalDays: 500 }));
  expect(rebased(saved, withSettings(saved, { payloadDays: '7' }), newer).settings).toMatchObject({ payloadDays: '7', journalDays: '500' });
});
