/*
 * What we change in a parsed tree before it is checked and run, so that CEL meets JSON without surprises:
 * 1. Every number is a double, as in JSON: `1 / 2` is 0.5, and there are no integers for doubles to clash with.
 * 2. Some functions of the library are replaced by ours (see function-library.ts).
 * 3. The two results of `? :` may be of different kinds, and any number can be an index.
 * 4. Map literals are Maps, so that no key is special.
 * 5. Where a macro can repeat work, the work is counted.
 */
import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { type CelNode, comprehensionOf, type Evaluate, isBind, walk } from './cel-tree.ts';
import { innerName } from './function-names.ts';
import { visit, visitDeep, visitValue } from './meter.ts';

/** Changes the tree in place; call once, before the type check. */
export function prepareTree(tree: CelNode): void {
  let repeats = false;
  walk(tree, (node) => {
    repeats ||= comprehensionOf(node) !== undefined || isBind(node);
    prepareNode(node);
  });
  if (repeats) walk(tree, meterNode);
}

function prepareNode(node: CelNode): void {
  const args = node.args;
  if (node.op === 'value') {
    if (typeof args === 'bigint' || args instanceof UnsignedInt) node.args = Number(args.valueOf());
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
  }
}

/** Lets the type check take the node for any type; it is still checked itself. */
function loosen(node: CelNode): void {
  const check = node.check;
  node.check = (checker, self, context) => {
    check.call(node, checker, self, context);
    return checker.dynType;
  };
}

const makeMap: Evaluate = (evaluator, node, context) => {
  const run = (item: CelNode) => item.evaluate(evaluator, item, context);
  return new Map((node.args as [CelNode, CelNode][]).map(([key, value]) => [run(key), run(value)]));
};

const COMPARING = new Set(['==', '!=', 'in']);
const READING = new Set(['+', '<', '<=', '>', '>=']);

function meterNode(node: CelNode): void {
  const comprehension = comprehensionOf(node);
  if (comprehension) {
    // An exhausted meter must stop a loop before it begins: quantifiers go on after an error in one of their elements.
    meterEvaluation(comprehension.iterable, 0);
    meterEvaluation(comprehension.step, 1);
  } else if (COMPARING.has(node.op)) meterHandler(node, visitDeep);
  else if (READING.has(node.op)) meterHandler(node, visitValue);
  else if (node.op === 'call' || node.op === 'rcall') meterHandler(node, visitValues);
}

/** The library sets a node's `evaluate` when it first runs, so the counting sits in front of whatever is set. */
function meterEvaluation(node: CelNode, count: number): void {
  let inner = node.evaluate;
  const counted: Evaluate = (evaluator, self, context) => {
    visit(count);
    return inner.call(node, evaluator, self, context);
  };
  Object.defineProperty(node, 'evaluate', {
    get: () => counted,
    set: (evaluate: Evaluate) => {
      inner = evaluate;
    },
    configurable: true,
  });
}

const visitValues = (values: unknown): void => {
  for (const value of values as unknown[]) visitValue(value);
};

type Handler = (...args: unknown[]) => unknown;

/** As above for `handle`, which the type check sets to what works on the operands' values. */
function meterHandler(node: CelNode, count: (operand: unknown) => void): void {
  let counted: Handler | undefined;
  Object.defineProperty(node, 'handle', {
    get: () => counted,
    set: (inner: Handler) => {
      counted = (...args) => {
        count(args[0]);
        if (node.op !== 'call' && node.op !== 'rcall') count(args[1]);
        return inner(...args);
      };
    },
    configurable: true,
  });
}
