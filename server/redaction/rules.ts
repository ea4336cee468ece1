import { nameOfField, nameOfRule, plainFieldName, type RedactionAction, type RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { linearPattern } from '@switchyard/shared/expression/patterns/linear-pattern.ts';
import { cards } from './detectors/cards.ts';
import { phones, ssns } from './detectors/digits.ts';
import { emails } from './detectors/email.ts';
import { ibans } from './detectors/iban.ts';
import { ips } from './detectors/ip.ts';
import type { Detector } from './detectors/span.ts';
import { type ResolvedText, resolveEscapes } from './escapes.ts';
import { markedSpans } from './placeholders.ts';

/** What happens to a value that was found. */
export interface Treatment {
  readonly name: string;
  readonly action: RedactionAction;
  readonly keepLast: number;
  /** Two values count as equal if this makes them equal. */
  readonly normalized: (text: string) => string;
}

/** A value found in a text, to be replaced. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly treatment: Treatment;
}

/** The rules of a policy, ready to use. */
export interface CompiledRules {
  /** Values in a text, in order, none overlapping. Takes time linear in its length. `resolved`: what `resolveEscapes` returns. */
  matches(text: string, resolved?: ResolvedText): Match[];
  /** The treatment of a whole value, by the names that lead to it, the outermost first. */
  fieldTreatment(path: readonly string[]): Treatment | undefined;
  /** The treatment of a field with this name, wherever it is: the names that lead to it are unknown. */
  fieldNamed(name: string): Treatment | undefined;
  /** Nothing is redacted. */
  readonly isEmpty: boolean;
  readonly hasFields: boolean;
  /** Own patterns may match any number. Otherwise only long ones can be values. */
  readonly hasPatterns: boolean;
  readonly hasEmails: boolean;
}

const BUILT_IN: Readonly<Record<string, Detector>> = { email: emails, phone: phones, card: cards, iban: ibans, ip: ips, ssn: ssns };

const asIs = (text: string): string => text;
const plain = (text: string): string => resolveEscapes(text)?.text ?? text;
const compact = (text: string): string =>
  plain(text)
    .replace(/[^\p{L}\p{N}+]/gu, '')
    .toUpperCase();
const NORMALIZED: Readonly<Record<string, (text: string) => string>> = {
  email: (text) => plain(text).toLowerCase(),
  phone: compact,
  card: compact,
  iban: compact,
  ssn: compact,
  ip: (text) => plain(text).toLowerCase(),
};

export function compileRules(rules: readonly RedactionRule[]): CompiledRules {
  const detectors = rules.flatMap((rule) => {
    const find = rule.detector === 'pattern' ? ownPattern(rule.pattern) : BUILT_IN[rule.detector];
    return find ? [{ find, treatment: treatmentOf(rule) }] : [];
  });
  const fields = fieldTable(rules);
  const hasPatterns = rules.some(({ detector }) => detector === 'pattern');
  return {
    matches: (text, resolved = resolveEscapes(text)) => {
      const found: Match[] = [];
      for (const { find, treatment } of detectors) {
        for (const [start, end] of find(text)) if (!resolved?.isInside(start)) found.push({ start, end, treatment });
        if (!resolved) continue;
        for (const [start, end] of find(resolved.text)) found.push({ start: resolved.start(start), end: resolved.end(end), treatment });
      }
      if (found.length === 0) return found;
      return merged(hasPatterns ? outsideMarks(text, found) : found);
    },
    fieldTreatment: (path) => (fields.size === 0 ? undefined : treatmentAt(fields, path)),
    fieldNamed: (name) => fields.get(plainFieldName(name))?.[0]?.treatment,
    isEmpty: rules.length === 0,
    hasFields: fields.size > 0,
    hasPatterns,
    hasEmails: rules.some(({ detector }) => detector === 'email'),
  };
}

const treatmentOf = (rule: RedactionRule): Treatment => ({
  name: nameOfRule(rule),
  action: rule.action,
  keepLast: 'keepLast' in rule ? (rule.keepLast ?? 0) : 0,
  normalized: NORMALIZED[rule.detector] ?? asIs,
});

const ownPattern = (source: string): Detector =>
  function* (text) {
    const matcher = linearPattern(source).matcher(text);
    while (matcher.find()) if (matcher.end() > matcher.start()) yield [matcher.start(), matcher.end()];
  };

function outsideMarks(text: string, found: readonly Match[]): Match[] {
  const marks = markedSpans(text);
  return found.filter(({ start, end }) => !marks.some(([from, to]) => start >= from && end <= to));
}

/** Joins overlapping matches, so no part of a value remains. A joined one is treated like its longest part, or refused. */
function merged(found: Match[]): Match[] {
  found.sort((one, two) => one.start - two.start || two.end - one.end);
  const joined: Match[] = [];
  for (const next of found) {
    const last = joined.at(-1);
    if (!last || next.start >= last.end) joined.push(next);
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, next.end), treatment: stricter(last, next) };
  }
  return joined;
}

function stricter(one: Match, two: Match): Treatment {
  const refusing = [one, two].find(({ treatment }) => treatment.action === 'refuse');
  return (refusing ?? (two.end - two.start > one.end - one.start ? two : one)).treatment;
}

/** Whether a path ends with one of these names or paths. */
export function fieldMatcher(fields: readonly string[]): (path: readonly string[]) => boolean {
  const table = fieldTable([{ detector: 'field', fields: [...fields], action: 'mask' }]);
  return (path) => treatmentAt(table, path) !== undefined;
}

/** Treatments by the names of a path from the innermost outward. */
type FieldTable = ReadonlyMap<string, readonly { readonly outer: readonly string[]; readonly treatment: Treatment }[]>;

function fieldTable(rules: readonly RedactionRule[]): FieldTable {
  const table = new Map<string, { outer: string[]; treatment: Treatment }[]>();
  for (const rule of rules) {
    if (rule.detector !== 'field') continue;
    for (const path of rule.fields) {
      const [inner = '', ...outer] = path.replaceAll('[]', '').split('.').map(plainFieldName).reverse();
      const treatment = { ...treatmentOf(rule), name: nameOfField(inner) };
      table.set(inner, [...(table.get(inner) ?? []), { outer, treatment }]);
    }
  }
  return table;
}

function treatmentAt(fields: FieldTable, path: readonly string[]): Treatment | undefined {
  const candidates = fields.get(plainFieldName(path.at(-1) ?? ''));
  return candidates?.find(({ outer }) => outer.every((name, index) => plainFieldName(path.at(-2 - index) ?? '') === name))?.treatment;
}
