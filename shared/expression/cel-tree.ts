/*
 * The syntax tree as the library makes it, with what its type declarations leave out, and the walk over it. A macro
 * (`xs.exists(x, …)`) keeps its arguments in the tree, and what it expands to in `meta.alternate` refers to the same nodes.
 */
import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';

export type Evaluate = (evaluator: unknown, node: CelNode, context: unknown) => unknown;
type Check = (checker: CelChecker, node: CelNode, context: unknown) => unknown;
export interface CelChecker {
  readonly dynType: unknown;
}

export interface CelNode {
  readonly op: string;
  args: unknown;
  /** Where the node is named in messages; for `a.b` where `b` begins. */
  readonly pos: number;
  readonly start: number;
  readonly end: number;
  check: Check;
  evaluate: Evaluate;
  /** What works on the operands' values. Set by the type check, on operators and calls. */
  handle?: (...args: [unknown, unknown, unknown, unknown?]) => unknown;
  readonly meta: { readonly alternate?: CelNode; readonly macro?: object };
}

/** A parsed expression: its tree, its type check, and how to run it. */
export interface Parsed {
  readonly tree: CelNode;
  readonly run: ParseResult;
}

export const treeOf = (run: ParseResult): Parsed => ({ tree: run.ast as ASTNode as unknown as CelNode, run });

/** What a comprehension runs over and for each element. */
export interface Comprehension {
  iterable: CelNode;
  step: CelNode;
}

/** The comprehension a macro expands to, if the node is such a macro. */
export const comprehensionOf = (node: CelNode): Comprehension | undefined =>
  node.meta.alternate?.op === 'comprehension' ? (node.meta.alternate.args as Comprehension) : undefined;

/** `cel.bind(name, value, expression)`. */
export function isBind(node: CelNode): boolean {
  if (node.op !== 'rcall' || node.meta.macro === undefined) return false;
  const [name, receiver] = node.args as [string, CelNode];
  return name === 'bind' && receiver.op === 'id' && receiver.args === 'cel';
}

const isNode = (value: unknown): value is CelNode => typeof value === 'object' && value !== null && 'op' in value && 'pos' in value;

/** The nodes right below a node, in the order of the text. */
export function children(node: CelNode): CelNode[] {
  const found: CelNode[] = [];
  collect(node.args, found);
  return found;
}

function collect(value: unknown, found: CelNode[]): void {
  if (isNode(value)) found.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, found);
}

/** Calls `visit` for a node and all below it. */
export function walk(node: CelNode, visit: (node: CelNode) => void): void {
  visit(node);
  for (const child of children(node)) walk(child, visit);
}
