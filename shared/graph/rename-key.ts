import { renameInExpression } from '../expression/rewrite-key.ts';
import { setOwn } from '../expression/to-plain.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { ExpressionField, FieldPath, NodeCatalog } from './node-kind.ts';

/**
 * The graph with a node's key renamed, in every expression that names it too (S2). Unchanged nodes stay the same objects. The graph's
 * checks decide whether the new key is allowed.
 */
export function renameKey(graph: Graph, catalog: NodeCatalog, nodeId: string, newKey: string): Graph {
  const oldKey = graph.nodes.find((node) => node.id === nodeId)?.data.key;
  if (oldKey === undefined || oldKey === newKey) return graph;
  const isShared = graph.nodes.some((node) => node.id !== nodeId && node.data.key === oldKey);
  const nodes = graph.nodes.map((node) => {
    // If two nodes share a key, it is ambiguous which one an expression means, so expressions stay unchanged.
    const rewritten = isShared ? node : rewriteNode(node, catalog, oldKey, newKey);
    return node.id === nodeId ? { ...rewritten, data: { ...rewritten.data, key: newKey } } : rewritten;
  });
  return { ...graph, nodes };
}

function rewriteNode(node: GraphNode, catalog: NodeCatalog, oldKey: string, newKey: string): GraphNode {
  let params: unknown = node.data.params;
  const definition = catalog(node.type);
  const fields = definition?.role === 'note' ? textsOf(node) : (definition?.expressions(params, 'all') ?? []);
  for (const { path, kind, source } of fields) {
    const rewritten = renameInExpression(source, kind, oldKey, newKey);
    if (rewritten !== source) params = replaceAt(params, path, rewritten);
  }
  return params === node.data.params ? node : { ...node, data: { ...node.data, params: params as Record<string, unknown> } };
}

/** A note evaluates nothing, but an expression quoted in it should still name the right node. */
const textsOf = ({ data }: GraphNode): Pick<ExpressionField, 'path' | 'kind' | 'source'>[] =>
  Object.entries(data.params).flatMap(([name, source]) => (typeof source === 'string' ? [{ path: [name], kind: 'template' as const, source }] : []));

function replaceAt(value: unknown, path: FieldPath, text: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return text;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  setOwn(copy, String(name), replaceAt((value as Record<string | number, unknown>)[name], rest, text));
  return copy;
}
