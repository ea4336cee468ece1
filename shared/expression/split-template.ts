/*
 * Finds the {{ expressions }} in a text. Within one, the CEL lexer's rules for quotes, comments, and braces decide where it ends: a
 * `}}` in quotes or at the end of a map does not end it (S26).
 */
import { ExpressionSyntaxError } from './syntax-error.ts';

/** A piece of a template. For an expression, `start` and `end` are the columns of the text between {{ and }}. */
export interface TemplatePiece {
  readonly kind: 'text' | 'expression';
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** Splits a template into its pieces. Throws ExpressionSyntaxError if a {{ is never closed. */
export function splitTemplate(source: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let position = 0;
  for (let open = source.indexOf('{{'); open !== -1; open = source.indexOf('{{', position)) {
    if (open > position) pieces.push({ kind: 'text', source: source.slice(position, open), start: position, end: open });
    const close = endOfExpression(source, open + 2);
    if (close === undefined) throw new ExpressionSyntaxError('This {{ is never closed', open, source.length, 'Close it with }}. A }} in quotes doesn’t count.');
    pieces.push({ kind: 'expression', source: source.slice(open + 2, close), start: open + 2, end: close });
    position = close + 2;
  }
  if (position < source.length) pieces.push({ kind: 'text', source: source.slice(position), start: position, end: source.length });
  return pieces;
}

/** The position of the }} that closes an expression starting at `position`. Undefined if there is none. */
export function endOfExpression(source: string, position: number): number | undefined {
  let depth = 0;
  for (let at = position; at < source.length; at++) {
    const character = source[at];
    if (character === '"' || character === "'") {
      const next = afterQuotes(source, at, character);
      if (next === undefined) return undefined;
      at = next - 1;
    } else if (character === '/' && source[at + 1] === '/') {
      const newline = source.indexOf('\n', at);
      if (newline === -1) return undefined;
      at = newline;
    } else if (character === '{') depth++;
    else if (character === '}') {
      if (depth === 0 && source[at + 1] === '}') return at;
      depth = Math.max(0, depth - 1);
    }
  }
  return undefined;
}

function afterQuotes(source: string, start: number, quote: string): number | undefined {
  const closing = source.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let at = start + closing.length; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith(closing, at)) return at + closing.length;
  }
  return undefined;
}
