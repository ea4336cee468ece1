import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { dotted } from '../expressions/field-path.ts';

/** Problems of exactly this field. */
export const problemsAt = (problems: readonly Problem[], path: FieldPath): Problem[] => problems.filter((problem) => problem.field === dotted(path));

/** Problems of this field and everything inside it. */
export function problemsWithin(problems: readonly Problem[], path: FieldPath): Problem[] {
  const field = dotted(path);
  return problems.filter((problem) => problem.field === field || problem.field?.startsWith(`${field}.`));
}

/** Problems outside every field of the form: of the node as a whole, its edges, or a field that is not shown. */
export function problemsElsewhere(problems: readonly Problem[], shown: readonly FieldPath[]): Problem[] {
  const claimed = new Set(shown.flatMap((path) => problemsWithin(problems, path)));
  return problems.filter((problem) => !claimed.has(problem));
}

/** The text that fixes this problem, if the suggestion names it (Did you mean “classify”?) and the problem has a range. */
export function replacementFor(problem: Problem, text: string): { readonly name: string; readonly text: string } | undefined {
  const name = problem.suggestion?.match(/^Did you mean “([^”]+)”/)?.[1];
  if (name === undefined || !problem.range) return undefined;
  return { name, text: text.slice(0, problem.range.start) + name + text.slice(problem.range.end) };
}
