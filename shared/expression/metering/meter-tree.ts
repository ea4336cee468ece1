/*
 * Puts the meter (S25) in front of everything in a checked tree that takes more than constant time: operators and functions by the size of
 * their operands, functions also by the size of their result, loops by the size of their body. Field access and arithmetic stay
 * unmetered. Call once, after the type check, which sets the handlers.
 */
import { type CelNode, children, comprehensionOf, type Evaluate, walk } from '../cel-tree.ts';
import { outerName } from '../function-names.ts';
import { EXPRESSION_FUNCTIONS } from '../functions/catalog.ts';
import { build, visit, visitValue } from './meter.ts';
import { visitDeep } from './visit-deep.ts';

export function meterTree(tree: CelNode): void {
  walk(tree, (node) => {
    const loop = comprehensionOf(node);
    if (loop) {
      // An exhausted meter must stop a loop before it starts: quantifiers continue after an error in one of their elements.
      meterEvaluation(loop.iterable, 0);
      meterEvaluation(loop.step, Math.max(1, Math.ceil(bodySize(node) / NODES_PER_VISIT)));
    } else meterHandler(node);
  });
}

/** This many nodes of a loop's body take as long as visiting one element. */
const NODES_PER_VISIT = 8;

function bodySize(macro: CelNode): number {
  const [, , args] = macro.args as [string, CelNode, CelNode[]];
  return args.slice(1).reduce((sum, body) => sum + sizeOf(body), 0);
}

const sizeOf = (node: CelNode): number => children(node).reduce((sum, child) => sum + sizeOf(child), 1);

/** The library sets a node's `evaluate` on its first run, so a setter wraps whatever is set. */
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

type Count = (left: unknown, right: unknown) => void;

function meterHandler(node: CelNode): void {
  const inner = node.handle;
  if (!inner) return;
  const count = OPERATORS[node.op];
  if (count) {
    node.handle = (left, right, ast, evaluator) => {
      count(left, right);
      return inner(left, right, ast, evaluator);
    };
  } else if (node.op === 'call' || node.op === 'rcall') {
    const cost = costOf(node);
    node.handle = (values, ast, evaluator) => {
      visit(cost);
      for (const value of values as unknown[]) visitValue(value);
      return countResult(inner(values, ast, evaluator));
    };
  }
}

/** Functions that take longer than visiting an element even for the smallest values. */
const VISITS_PER_CALL = new Map(EXPRESSION_FUNCTIONS.flatMap(({ name, visits }) => (visits === undefined ? [] : [[name, visits] as const])));
/** Reading part of a time in a time zone takes this many times as long as visiting an element. */
const ZONE_VISITS = 100;

function costOf(node: CelNode): number {
  const [name, ...rest] = node.args as [string, ...unknown[]];
  const args = rest.at(-1) as CelNode[];
  // Methods like `time.getHours("Europe/Berlin")`.
  const isZoned = node.op === 'rcall' && name.startsWith('get') && args.length > 0;
  return isZoned ? ZONE_VISITS : (VISITS_PER_CALL.get(outerName(name)) ?? 1);
}

function countResult(result: unknown): unknown {
  if (typeof result === 'string') build(result.length);
  else if (Array.isArray(result)) visit(result.length);
  return result;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const readBoth: Count = (left, right) => {
  if (typeof left === 'string' && typeof right === 'string') visitValue(left.length < right.length ? left : right);
};

const compare: Count = (left, right) => {
  if (isObject(left) && isObject(right)) {
    visitDeep(left);
    visitDeep(right);
  } else readBoth(left, right);
};

const find: Count = (wanted, list) => {
  if (!Array.isArray(list)) return;
  if (isObject(wanted)) {
    visitDeep(wanted);
    visitDeep(list);
  } else visit(list.length * (typeof wanted === 'string' ? 1 + Math.floor(wanted.length / 64) : 1));
};

const concatenate: Count = (left, right) => {
  // JavaScript joins texts without copying, so only the shorter one counts as new.
  if (typeof left === 'string' && typeof right === 'string') build(left.length + right.length, Math.min(left.length, right.length));
  else if (isObject(left) && isObject(right)) {
    visitValue(left);
    visitValue(right);
    if (left instanceof Uint8Array && right instanceof Uint8Array) build(left.length + right.length);
  }
};

const OPERATORS: Readonly<Record<string, Count>> = {
  '==': compare,
  '!=': compare,
  in: find,
  '+': concatenate,
  '<': readBoth,
  '<=': readBoth,
  '>': readBoth,
  '>=': readBoth,
};
