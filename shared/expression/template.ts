import { AppError } from '../errors.ts';
import { cachedByText } from './cached-by-text.ts';
import { type CompiledExpression, compileCel } from './cel.ts';
import type { Scope } from './create-scope.ts';
import { MOST_LENGTH } from './metering/meter.ts';
import type { Reference } from './references.ts';
import { splitTemplate, type TemplatePiece } from './split-template.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';
import { toText } from './to-plain.ts';

/** A piece of a compiled template: text, or an expression and the column where it starts. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: CompiledExpression; readonly start: number };

/** A value on its way into a text. */
export interface Inserted {
  readonly value: unknown;
  /** The value as text. */
  readonly text: string;
  readonly expression: CompiledExpression;
  /** Which part of the template it replaces. */
  readonly part: number;
}
export type Insert = (inserted: Inserted) => string;

/** Text that may contain {{ expressions }}. */
export interface CompiledTemplate {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
  /** Columns refer to the complete source. */
  readonly references: readonly Reference[];
  /** Contains no expression: it evaluates to its source. */
  readonly isConstant: boolean;
  /**
   * The text with every expression replaced. If the source is a single expression, its value keeps its type. The result is
   * never evaluated again. `insert` writes each value that becomes part of a text. Throws AppError `expression-failed`.
   */
  evaluate(scope: Scope, insert?: Insert): unknown;
  /** The same, but always a text, and `insert` also writes the value of a single expression. */
  text(scope: Scope, insert: Insert): string;
}

/** The same limit as for expressions (cel.ts): templates contain them. */
const MOST_CHARACTERS = 40_000;

const compileCached = cachedByText({ max: 2_000, maxSize: MOST_CHARACTERS }, compile);

/** Compiles a text, cached. Throws ExpressionSyntaxError with columns in the whole text. */
export const compileTemplate = (source: string): CompiledTemplate => (source.includes('{{') ? compileCached(source) : compile(source));

function compile(source: string): CompiledTemplate {
  const parts = splitTemplate(source).map(compilePiece);
  const expressions = parts.filter((part) => part.kind === 'expression');
  const references = expressions.flatMap(({ expression, start }) => expression.references.map((reference) => shift(reference, start)));
  const text = (scope: Scope, insert?: Insert): string => fill(parts, scope, insert);
  const base = { source, parts, references, isConstant: expressions.length === 0, text };
  const [only] = expressions;
  if (!only) return { ...base, evaluate: () => source };
  const isSingle = expressions.length === 1 && parts.every((part) => part.kind === 'expression' || part.text.trim() === '');
  if (isSingle) return { ...base, evaluate: (scope) => only.expression.evaluate(scope) };
  return { ...base, evaluate: text };
}

function compilePiece(piece: TemplatePiece): TemplatePart {
  if (piece.kind === 'text') return { kind: 'text', text: piece.source };
  if (piece.source.trim() === '')
    throw new ExpressionSyntaxError(
      'Missing expression between {{ and }}',
      piece.start - 2,
      piece.end + 2,
      'Enter an expression, for example {{ input.message }}.',
    );
  try {
    return { kind: 'expression', expression: compileCel(piece.source), start: piece.start };
  } catch (thrown) {
    throw thrown instanceof ExpressionSyntaxError ? thrown.shifted(piece.start) : thrown;
  }
}

const shift = (reference: Reference, by: number): Reference => ({
  ...reference,
  start: reference.start + by,
  end: reference.end + by,
  members: reference.members.map(({ start, end }) => ({ start: start + by, end: end + by })),
});

function fill(parts: readonly TemplatePart[], scope: Scope, insert: Insert | undefined): string {
  let text = '';
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'text') text += part.text;
    else {
      const { expression } = part;
      const value = expression.evaluate(scope);
      const asText = toText(value);
      text += insert ? insert({ value, text: asText, expression, part: index }) : asText;
    }
    if (text.length > MOST_LENGTH) throw new AppError('expression-failed', `The text would be longer than ${MOST_LENGTH.toLocaleString('en')} characters.`);
  }
  return text;
}
