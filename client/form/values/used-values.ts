import { referencesOf } from '@switchyard/shared/expression/cel.ts';
import type { Reference } from '@switchyard/shared/expression/references.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import { scriptReferences } from '@switchyard/shared/expression/script/script-references.ts';
import { splitTemplate } from '@switchyard/shared/expression/split-template.ts';
import type { ExpressionField } from '@switchyard/shared/graph/node-kind.ts';
import { getAt } from '../../expressions/field-path.ts';

/** A name that expressions use, with its value. `known` is false if it has not been reached. */
export interface UsedValue {
  readonly name: string;
  readonly value: unknown;
  readonly known: boolean;
}

/** Every name that these expressions read, once each, in order of first use, with its value in this scope. */
export function usedValues(fields: readonly ExpressionField[], scope: ScopeData): UsedValue[] {
  const names = new Map<string, Reference>();
  for (const reference of fields.flatMap(referencesIn)) {
    const name = [reference.root, ...reference.path].join('.');
    if (!names.has(name)) names.set(name, reference);
  }
  return [...names].map(([name, { root, path }]) => {
    const value = getAt(scope, [root, ...path]);
    return { name, value, known: value !== undefined };
  });
}

function referencesIn(field: ExpressionField): readonly Reference[] {
  if (field.kind === 'script') return scriptReferences(field.source);
  if (field.kind === 'cel') return readable(field.source);
  try {
    return splitTemplate(field.source).flatMap((piece) => (piece.kind === 'expression' ? readable(piece.source) : []));
  } catch {
    // An unclosed {{ is reported at its field.
    return [];
  }
}

/** The references of an expression. Empty for a syntax error, which its field reports. */
function readable(source: string): readonly Reference[] {
  try {
    return referencesOf(source);
  } catch {
    return [];
  }
}
