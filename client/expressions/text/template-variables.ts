import { referencesOf } from '@switchyard/shared/expression/cel.ts';
import { splitTemplate } from '@switchyard/shared/expression/split-template.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { type DeclaredVariables, undeclaredMessage } from '@switchyard/shared/model/declared-variables.ts';

/** A problem at its position in a text. */
export interface TemplateProblem {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error';
  readonly message: string;
}

interface Use {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The first names of the expressions of a template. Throws ExpressionSyntaxError with columns of the whole text. */
function usesIn(text: string): Use[] {
  return splitTemplate(text).flatMap((piece) => {
    if (piece.kind === 'text') return [];
    try {
      return referencesOf(piece.source).map(({ root, start }) => ({ name: root, from: piece.start + start, to: piece.start + start + root.length }));
    } catch (thrown) {
      if (!(thrown instanceof ExpressionSyntaxError)) throw thrown;
      throw thrown.shifted(piece.start);
    }
  });
}

/** The variables that templates use, once each, in order of first use. Ignores templates with syntax errors. */
export function usedVariables(texts: readonly string[]): string[] {
  const names = texts.flatMap((text) => {
    try {
      return usesIn(text).map(({ name }) => name);
    } catch (thrown) {
      if (thrown instanceof ExpressionSyntaxError) return [];
      throw thrown;
    }
  });
  return [...new Set(names)];
}

/** The problems of a template with these variables: a syntax error, or undeclared variables. */
export function templateProblems(text: string, declared: DeclaredVariables): TemplateProblem[] {
  try {
    return usesIn(text).flatMap(({ name, from, to }) => {
      const message = undeclaredMessage(name, declared);
      return message === undefined ? [] : [{ from, to, severity: 'error' as const, message }];
    });
  } catch (thrown) {
    if (!(thrown instanceof ExpressionSyntaxError)) throw thrown;
    const { start, end, message, suggestion } = thrown;
    return [{ from: start, to: Math.max(end, start + 1), severity: 'error', message: [message, suggestion].filter(Boolean).join('. ') }];
  }
}
