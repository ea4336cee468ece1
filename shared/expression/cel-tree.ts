/*
 * The syntax tree as the library produces it, typed more fully than its declarations, and a walk over it. A macro
 * (`xs.exists(x, …)`) keeps its arguments in the tree. Its expansion in `meta.alternate` refers to the same nodes.
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
  /** The position that messages use for the node. For `a.b`, where `b` starts. */
  readonly pos: number;
  readonly start: number;
  readonly end: number;
  check: Check;
  evaluate: Evaluate;
  /** Evaluates the operands' values. Set by the type check, on operators and calls. */
  handle?: (...args: [unknown, unknown, unknown, unknown?]) => unknown;
  readonly meta: { readonly alternate?: CelNode; readonly macro?: object };
}

/** A parsed expression: its tree, its type check, and how to run it. */
export interface Parsed {
  readonly tree: CelNode;
  readonly run: ParseResult;
}

export const treeOf = (run: ParseResult): Parsed => ({ tree: run.ast as ASTNode as unknown as CelNode, run });

/** What a comprehension iterates over, and what it evaluates per element. */
export interface Comprehension {
  iterable: CelNode;
  step: CelNode;
}

/** The loop of a macro: the comprehension that the library's expand to, or the macro itself for ours (functions/loops.ts). */
export function comprehensionOf(node: CelNode): Comprehension | undefined {
  const { alternate, macro } = node.meta;
  if (alternate?.op === 'comprehension') return alternate.args as Comprehension;
  return macro !== undefined && 'iterable' in macro ? (macro as unknown as Comprehension) : undefined;
}

/** `cel.bind(name, value, expression)`. */
export function isBind(node: CelNode): boolean {
  if (node.op !== 'rcall' || node.meta.macro === undefined) return false;
  const [name, receiver] = node.args as [string, CelNode];
  return name === 'bind' && receiver.op === 'id' && receiver.args === 'cel';
}

const isNode = (value: unknown): value is CelNode => typeof value === 'object' && value !== null && 'op' in value && 'pos' in value;

/** The direct children of a node, in text order. */
export function children(node: CelNode): CelNode[] {
  const found: CelNode[] = [];
  collect(node.args, found);
  return found;
}

function collect(value: unknown, found: CelNode[]): void {
  if (isNode(value)) found.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, found);
}

/** Calls `visit` for a node and all its descendants. */
export function walk(node: CelNode, visit: (node: CelNode) => void): void {
  visit(node);
  for (const child of children(node)) walk(child, visit);
}
