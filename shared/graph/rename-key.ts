import { renameInExpression } from '../expression/rewrite-key.ts';
import type { Graph } from './graph.ts';
import type { NodeCatalog } from './node-kind.ts';
import { rewriteNode } from './rewrite-node.ts';

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
    const rewritten = isShared ? node : rewriteNode(node, catalog, ({ source, kind }) => renameInExpression(source, kind, oldKey, newKey));
    return node.id === nodeId ? { ...rewritten, data: { ...rewritten.data, key: newKey } } : rewritten;
  });
  return { ...graph, nodes };
}
