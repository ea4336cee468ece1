import type { CelNode } from './cel-tree.ts';
import { type Reference, referencesIn } from './references.ts';

/**
 * The references whose values may be in the result of a tree. `a ? "x" : b` has only those of `b`: a condition chooses the result, but
 * isn't part of it.
 */
export function originsOf(tree: CelNode, isConstant: (name: string) => boolean): Reference[] {
  if (tree.op !== '?:') return referencesIn(tree, isConstant);
  const [, yes, no] = tree.args as [CelNode, CelNode, CelNode];
  return [...originsOf(yes, isConstant), ...originsOf(no, isConstant)];
}
