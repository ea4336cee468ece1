import { compileCel } from '../expression/cel.ts';
import { ExpressionSyntaxError } from '../expression/syntax-error.ts';

/** The names that expressions of a route may use (S54). */
export const ROUTE_NAMES = ['labels', 'size', 'attempt', 'msLeft'] as const;

export interface ExpressionMistake {
  readonly message: string;
  /** Columns in the expression, from 0. */
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a condition or a sticky key of a route. Undefined if it compiles and reads only `ROUTE_NAMES`. */
export function mistakeInRouteExpression(source: string): ExpressionMistake | undefined {
  try {
    const unknown = compileCel(source).references.find(({ root }) => !ROUTE_NAMES.some((name) => name === root));
    return unknown && { message: `“${unknown.root}” is not available here; use ${ROUTE_NAMES.join(', ')}`, start: unknown.start, end: unknown.end };
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return { message: thrown.message, start: thrown.start, end: thrown.end };
    throw thrown;
  }
}
