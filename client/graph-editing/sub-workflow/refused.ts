import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';

/** Why steps can’t be moved into a sub-workflow or out of one: what is in the way, and what to do. */
export interface Refusal {
  readonly refused: string;
}

class RefusedError extends Error {}

/** Ends the work of `orRefusal` with this reason. */
export function refuse(reason: string): never {
  throw new RefusedError(reason);
}

/** The result of the work, or why it was refused. */
export function orRefusal<T>(work: () => T): T | Refusal {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RefusedError) return { refused: thrown.message };
    if (thrown instanceof ExpressionSyntaxError) return { refused: `An expression is invalid. Correct it first: ${thrown.message}` };
    throw thrown;
  }
}

/** Names in quotes: “Draft”, “Check”, and 3 more. */
export function quoted(titles: readonly string[]): string {
  const shown = titles.slice(0, 2).map((title) => `“${title}”`);
  const more = titles.length - shown.length;
  return more > 0 ? `${shown.join(', ')}, and ${more} more` : shown.join(' and ');
}
