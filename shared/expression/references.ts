import { type CelNode, children, comprehensionOf, isBind } from './cel-tree.ts';
import type { ScopeName } from './scope.ts';

/** A place where an expression reads from its scope. Columns count from 0. */
export interface Reference {
  /** The name it starts with. Not a scope name if the expression is wrong. */
  readonly root: ScopeName | (string & {});
  /** The constant names after it: `steps.classify.label` gives `['classify', 'label']`. An index or a computed name ends the path. */
  readonly path: readonly string[];
  /** The first member that may be missing: it is read with `.?` or `[?…]`, or inside `has(…)`. */
  readonly optionalFrom?: number;
  readonly start: number;
  readonly end: number;
  /** Where each member of `path` is in the text, including quotes. */
  readonly members: readonly { readonly start: number; readonly end: number }[];
}

interface Chain {
  readonly root: CelNode;
  readonly path: string[];
  readonly members: { start: number; end: number }[];
  optionalFrom: number | undefined;
  end: number;
}

/** Every reference in a tree. `isConstant` tells which bare names belong to the language (`int`, `optional`). */
export function referencesIn(tree: CelNode, isConstant: (name: string) => boolean): Reference[] {
  const found: Reference[] = [];
  const add = (node: CelNode, locals: ReadonlySet<string>, asked: boolean): void => {
    const chain = readChain(node, (child) => look(child, locals));
    if (!chain) return;
    const name = chain.root.args as string;
    if (locals.has(name) || isConstant(name)) return;
    const optionalFrom = chain.optionalFrom ?? (asked && chain.path.length > 0 ? chain.path.length - 1 : undefined);
    found.push({
      root: name,
      path: chain.path,
      ...(optionalFrom !== undefined && { optionalFrom }),
      start: chain.root.start,
      end: chain.end,
      members: chain.members,
    });
  };
  const look = (node: CelNode, locals: ReadonlySet<string>): void => {
    if (node.op === 'id' || isAccess(node)) add(node, locals, false);
    else if (node.op === 'call' && (node.args as [string])[0] === 'has') for (const child of children(node)) add(child, locals, true);
    else if (comprehensionOf(node)) lookInMacro(node, locals, look);
    else if (isBind(node)) lookInBind(node, locals, look);
    else for (const child of children(node)) look(child, locals);
  };
  look(tree, new Set());
  return found;
}

type Look = (node: CelNode, locals: ReadonlySet<string>) => void;

function lookInMacro(node: CelNode, locals: ReadonlySet<string>, look: Look): void {
  const [, receiver, [variable, ...rest]] = node.args as [string, CelNode, [CelNode, ...CelNode[]]];
  look(receiver, locals);
  const inner = new Set(locals).add(variable.args as string);
  for (const part of rest) look(part, inner);
}

function lookInBind(node: CelNode, locals: ReadonlySet<string>, look: Look): void {
  const [, , [variable, value, expression]] = node.args as [string, CelNode, [CelNode, CelNode, CelNode]];
  look(value, locals);
  look(expression, new Set(locals).add(variable.args as string));
}

const ACCESS = new Set(['.', '.?', '[]', '[?]']);
const isAccess = (node: CelNode): boolean => ACCESS.has(node.op);

/** Reads `root.a["b"][0].c` from the outside in. The path ends at the first member that is not a constant name. */
function readChain(node: CelNode, lookAside: (node: CelNode) => void): Chain | undefined {
  if (node.op === 'id') return { root: node, path: [], members: [], optionalFrom: undefined, end: node.end };
  if (!isAccess(node)) {
    lookAside(node);
    return undefined;
  }
  const [left, right] = node.args as [CelNode, CelNode | string];
  const chain = readChain(left, lookAside);
  if (typeof right !== 'string' && right.op !== 'value') lookAside(right);
  if (!chain) return undefined;
  const name = memberName(right);
  if (chain.end === left.end && name !== undefined) {
    if (node.op.includes('?')) chain.optionalFrom ??= chain.path.length;
    chain.path.push(name);
    chain.members.push(typeof right === 'string' ? { start: node.pos, end: node.end } : { start: right.start, end: right.end });
    chain.end = node.end;
  }
  return chain;
}

function memberName(right: CelNode | string): string | undefined {
  if (typeof right === 'string') return right;
  return right.op === 'value' && typeof right.args === 'string' ? right.args : undefined;
}
