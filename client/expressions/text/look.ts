import type { ExpressionKind } from './expression-kind.ts';
import { spansOf } from './spans.ts';

/** A part of a text as shown: `chip` for an expression, `name`, `text`, and `literal` of JSON. */
export interface Piece {
  readonly text: string;
  readonly mark?: 'chip' | 'name' | 'text' | 'literal';
  /** Underlined as a problem. */
  readonly severity?: Severity;
}

type Severity = 'error' | 'warning';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A problem of a text, where it is. */
export interface Underlined extends Range {
  readonly severity: string;
}

/** Names, texts, and other values in JSON, even while it is invalid. */
export const JSON_PARTS = /("(?:[^"\\\n]|\\.)*"?)(\s*:)?|-?\b\d[\d.eE+-]*\b|\b(?:true|false|null)\b/g;

/** A text as the editor shows it without the cursor in it: `{{ input.message }}` as a chip, problems underlined. */
export function lookOf(text: string, kind: ExpressionKind, problems: readonly Underlined[]): Piece[] {
  const chips = kind === 'template' || kind === 'json' ? spansOf(text).filter(({ innerFrom, innerTo }) => innerFrom < innerTo) : [];
  const colors = kind === 'json' ? jsonParts(text) : [];
  const cuts = new Set([0, text.length]);
  for (const { from, to } of [...problems, ...colors]) cuts.add(Math.min(from, text.length)).add(Math.min(to, text.length));
  for (const { from, to, innerFrom, innerTo } of chips) cuts.add(from).add(innerFrom).add(innerTo).add(to);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).flatMap((from, index): Piece[] => {
    const chip = chips.find((span) => span.from <= from && from < span.to);
    if (chip && (from < chip.innerFrom || from >= chip.innerTo)) return [];
    const mark = chip ? 'chip' : colors.find((part) => holds(part, from))?.mark;
    const problem = problems.find((one) => holds(one, from));
    const severity: Severity | undefined = problem && (problem.severity === 'warning' ? 'warning' : 'error');
    return [{ text: text.slice(from, places[index + 1]), ...(mark && { mark }), ...(severity && { severity }) }];
  });
}

const holds = ({ from, to }: Range, at: number): boolean => from <= at && at < to;

function jsonParts(text: string): (Range & { readonly mark: 'name' | 'text' | 'literal' })[] {
  return [...text.matchAll(JSON_PARTS)].map((match) => {
    const string = match[1];
    const from = match.index;
    if (string === undefined) return { from, to: from + match[0].length, mark: 'literal' };
    return { from, to: from + string.length, mark: match[2] === undefined ? 'text' : 'name' };
  });
}
