import { setOwn } from '../expression/to-plain.ts';
import type { GraphNode } from './graph.ts';
import type { ExpressionField, FieldPath, NodeCatalog } from './node-kind.ts';

/** Every expression of a node, including unused ones, and those quoted in a note. */
export function expressionsOf(node: GraphNode, catalog: NodeCatalog): readonly ExpressionField[] {
  const definition = catalog(node.type);
  return definition?.role === 'note' ? textsOf(node) : (definition?.expressions(node.data.params, 'all') ?? []);
}

/** The node with each of its expressions rewritten. The same node if none changes. */
export function rewriteNode(node: GraphNode, catalog: NodeCatalog, rewrite: (field: ExpressionField) => string): GraphNode {
  let params: unknown = node.data.params;
  for (const field of expressionsOf(node, catalog)) {
    const rewritten = rewrite(field);
    if (rewritten !== field.source) params = replaceAt(params, field.path, rewritten);
  }
  return params === node.data.params ? node : { ...node, data: { ...node.data, params: params as Record<string, unknown> } };
}

/** A note evaluates nothing, but an expression quoted in it should still name the right node. */
const textsOf = ({ data }: GraphNode): ExpressionField[] =>
  Object.entries(data.params).flatMap(([name, source]) => (typeof source === 'string' ? [{ path: [name], kind: 'template', source }] : []));

function replaceAt(value: unknown, path: FieldPath, text: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return text;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  setOwn(copy, String(name), replaceAt((value as Record<string | number, unknown>)[name], rest, text));
  return copy;
}
