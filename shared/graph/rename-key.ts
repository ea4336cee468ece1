import { renameInExpression } from '../expression/rewrite-key.ts';
import { setOwn } from '../expression/to-plain.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { ExpressionField, FieldPath, NodeCatalog } from './node-kind.ts';

/**
 * The graph with a node's key renamed, and with it every expression that names it (S2). Nodes that do not change are the same
 * objects. Whether the new key is allowed is for the graph's checks to say.
 */
export function renameKey(graph: Graph, catalog: NodeCatalog, nodeId: string, newKey: string): Graph {
  const oldKey = graph.nodes.find((node) => node.id === nodeId)?.data.key;
  if (oldKey === undefined || oldKey === newKey) return graph;
  const isShared = graph.nodes.some((node) => node.id !== nodeId && node.data.key === oldKey);
  const nodes = graph.nodes.map((node) => {
    // Of two nodes with one key nobody knows which is meant, so expressions stay as they are.
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

/** A note evaluates nothing, but what people write in it of an expression should go on naming the step. */
const textsOf = ({ data }: GraphNode): Pick<ExpressionField, 'path' | 'kind' | 'source'>[] =>
  Object.entries(data.params).flatMap(([name, source]) => (typeof source === 'string' ? [{ path: [name], kind: 'template' as const, source }] : []));

function replaceAt(value: unknown, path: FieldPath, text: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return text;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  setOwn(copy, String(name), replaceAt((value as Record<string | number, unknown>)[name], rest, text));
  return copy;
}
