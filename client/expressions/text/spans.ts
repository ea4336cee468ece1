import { splitTemplate } from '@switchyard/shared/expression/split-template.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';

/** A `{{ expr }}` in a text: its range, and the range of its expression without spaces. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly innerFrom: number;
  readonly innerTo: number;
}

/** Every closed `{{ expr }}` of a text. Everything after an unclosed one is text. */
export function spansOf(text: string): Span[] {
  try {
    return splitTemplate(text).flatMap((piece) => {
      if (piece.kind === 'text') return [];
      const leading = piece.source.length - piece.source.trimStart().length;
      const innerFrom = piece.start + leading;
      return [{ from: piece.start - 2, to: piece.end + 2, innerFrom, innerTo: innerFrom + piece.source.trim().length }];
    });
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return spansOf(text.slice(0, thrown.start));
    throw thrown;
  }
}

/** The column where the expression around a position starts, closed or still being typed. Undefined outside expressions. */
export function expressionAt(text: string, position: number): number | undefined {
  const span = spansOf(text).find(({ from, to }) => position >= from + 2 && position <= to - 2);
  if (span) return span.from + 2;
  const last = spansOf(text).findLast(({ to }) => to <= position)?.to ?? 0;
  const open = text.indexOf('{{', last);
  return open !== -1 && open + 2 <= position && !text.slice(open, position).includes('}}') ? open + 2 : undefined;
}
