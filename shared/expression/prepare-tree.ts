/*
 * Changes to a parsed tree before it is checked and run, so that CEL handles JSON without surprises:
 * 1. Every number is a double, as in JSON: `1 / 2` is 0.5, and doubles never clash with integers. An integer beyond 2^53 is
 *    text, as in data (S79).
 * 2. Some library functions are replaced by ours (see functions/catalog.ts).
 * 3. The two results of `? :` may have different types, and any number can be an index.
 * 4. Map literals are Maps, so no key is special.
 */
import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { isBeyondDouble } from '../json.ts';
import { type CelNode, type Evaluate, walk } from './cel-tree.ts';
import { innerName } from './function-names.ts';

/** Changes the tree in place. Call once, before the type check. */
export const prepareTree = (tree: CelNode): void => walk(tree, prepareNode);

function prepareNode(node: CelNode): void {
  const args = node.args;
  if (node.op === 'value') {
    if (typeof args === 'bigint' || args instanceof UnsignedInt) node.args = numberOf(String(args.valueOf()));
  } else if (node.op === 'call' || node.op === 'rcall') {
    const call = args as [string, ...unknown[]];
    if (node.meta.alternate === undefined && node.meta.macro === undefined) call[0] = innerName(call[0]);
  } else if (node.op === '?:') {
    const [, left, right] = args as [CelNode, CelNode, CelNode];
    loosen(left);
    loosen(right);
  } else if (node.op === '[]' || node.op === '[?]') {
    loosen((args as [CelNode, CelNode])[1]);
  } else if (node.op === 'map') {
    node.evaluate = makeMap;
    for (const entry of args as [CelNode, CelNode][]) entry.forEach(flattenType);
  } else if (node.op === 'list') {
    (args as CelNode[]).forEach(flattenType);
  }
}

const numberOf = (digits: string): number | string => (isBeyondDouble(digits) ? digits : Number(digits));

/** Lets the type check accept the node as any type. The node itself is still checked. */
function loosen(node: CelNode): void {
  const check = node.check;
  node.check = (checker, self, context) => {
    check.call(node, checker, self, context);
    return checker.dynType;
  };
}

/**
 * Lets the type check accept a nested list or object as any type. The library keeps every type it has ever seen, so types
 * must not nest as deeply as literals do.
 */
function flattenType(node: CelNode): void {
  const check = node.check;
  node.check = (checker, self, context) => {
    const type = check.call(node, checker, self, context) as { readonly kind: string };
    return type.kind === 'list' || type.kind === 'map' || type.kind === 'optional' ? checker.dynType : type;
  };
}

const makeMap: Evaluate = (evaluator, node, context) => {
  const run = (item: CelNode) => item.evaluate(evaluator, item, context);
  return new Map((node.args as [CelNode, CelNode][]).map(([key, value]) => [run(key), run(value)]));
};
