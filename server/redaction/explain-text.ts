import { BUILT_IN_DETECTORS, type RedactionAction, type RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { invalidCards } from './detectors/cards.ts';
import { invalidIbans } from './detectors/iban.ts';
import type { Span } from './detectors/span.ts';
import { SHORT_TEXT } from './redact-text.ts';
import { compileRules } from './rules.ts';

/** A value in a text, from `start` up to, not including, `end`. */
interface FoundSpan {
  readonly start: number;
  readonly end: number;
  /** The detector, or the name of an own pattern. */
  readonly detector: string;
}

export interface ExplainedText {
  /** What the rules replace, in order. */
  readonly matches: readonly (FoundSpan & { readonly action: RedactionAction })[];
  /** What looks like a value but stays: its detector isn't in the rules (`off`), or its check digits are wrong (`check-digit`). */
  readonly unmatched: readonly (FoundSpan & { readonly why: 'off' | 'check-digit' })[];
}

const MOST_UNMATCHED = 20;

/** Says what rules find in a text, and why other things stay. Both lists are empty for a text that takes more than one step. */
export function explainText(rules: readonly RedactionRule[], text: string): ExplainedText {
  if (text.length > SHORT_TEXT) return { matches: [], unmatched: [] };
  const matches = compileRules(rules)
    .matches(text)
    .map(({ start, end, treatment: { name, action } }) => ({ start, end, detector: name, action }));
  const off = BUILT_IN_DETECTORS.filter((detector) => !rules.some((rule) => rule.detector === detector));
  const found = compileRules(off.map((detector) => ({ detector, action: 'mask' }))).matches(text);
  const candidates = [
    ...withWrongDigits('card', invalidCards(text)),
    ...withWrongDigits('iban', invalidIbans(text)),
    ...found.map(({ start, end, treatment: { name } }) => ({ start, end, detector: name, why: 'off' as const })),
  ];
  const taken: { readonly start: number; readonly end: number }[] = [...matches];
  const unmatched = candidates.filter((one) => {
    const isFree = !taken.some(({ start, end }) => one.start < end && start < one.end);
    if (isFree) taken.push(one);
    return isFree;
  });
  return { matches, unmatched: unmatched.sort((one, two) => one.start - two.start).slice(0, MOST_UNMATCHED) };
}

const withWrongDigits = (detector: 'card' | 'iban', spans: Iterable<Span>) =>
  Array.from(spans, ([start, end]) => ({ start, end, detector, why: 'check-digit' as const }));
