import type { TriedCode } from '@switchyard/shared/contracts/code.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import { scriptReferences } from '@switchyard/shared/expression/script/script-references.ts';

/** What a test sends: the values that the code reads. */
export function scopeToSend(source: string, { input, steps, item, index, vars }: ScopeData) {
  const read = scriptReferences(source).filter(({ root }) => root === 'steps');
  const named = new Set(read.flatMap(({ path }) => path));
  const isAll = read.some(({ path }) => path.length === 0);
  const sent = Object.fromEntries(Object.entries(steps).filter(([key]) => isAll || named.has(key)));
  return { input, steps: sent, vars: { ...vars }, ...(item !== undefined && { item }), ...(index !== undefined && { index }) };
}

/** Where in the source an error is: to the end of the word there. Undefined if it names no place in it. */
export function rangeOfError(source: string, error: TriedCode['error']): { readonly from: number; readonly to: number } | undefined {
  if (error?.line === undefined || error.inHelpers) return undefined;
  const lines = source.split('\n');
  const line = lines[error.line - 1];
  if (line === undefined) return undefined;
  const start = lines.slice(0, error.line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const column = Math.min(Math.max(0, (error.column ?? 1) - 1), Math.max(0, line.length - 1));
  const word = /^[\w$]+/.exec(line.slice(column))?.[0].length ?? 1;
  return { from: start + column, to: start + Math.min(line.length, column + word) };
}

/** The names that helpers export, as code calls them. */
export const exportedNames = (helpers: string): string[] =>
  [...helpers.matchAll(/^\s*export\s+(?:async\s+)?(?:function\*?|const|let|var|class)\s+([A-Za-z_$][\w$]*)/gm)].map(([, name]) => `helpers.${name}`);
