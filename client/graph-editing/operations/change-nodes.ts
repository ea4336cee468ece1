import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Point } from './geometry.ts';

/** The graph with one node changed, or the same graph if it has no such node. */
export function changeNode(graph: Graph, id: string, change: (node: GraphNode) => GraphNode): Graph {
  let found = false;
  const nodes = graph.nodes.map((node) => {
    if (node.id !== id) return node;
    found = true;
    return change(node);
  });
  return found ? { ...graph, nodes } : graph;
}

/** Part of a node’s data. `undefined` removes a part. */
export type NodeDataPart = { readonly [K in keyof GraphNode['data']]?: GraphNode['data'][K] | undefined };

/** The graph with part of a node’s data replaced. `undefined` removes a part. */
export const setNodeData = (graph: Graph, id: string, part: NodeDataPart): Graph =>
  changeNode(graph, id, (node) => {
    const merged = Object.entries({ ...node.data, ...part }).filter(([, value]) => value !== undefined);
    return { ...node, data: Object.fromEntries(merged) as GraphNode['data'] };
  });

/** The graph with nodes moved to new positions, rounded to whole pixels. */
export function moveNodes(graph: Graph, places: ReadonlyMap<string, Point>): Graph {
  let moved = false;
  const nodes = graph.nodes.map((node) => {
    const place = places.get(node.id);
    const next = place && { x: Math.round(place.x), y: Math.round(place.y) };
    if (!next || (next.x === node.position.x && next.y === node.position.y)) return node;
    moved = true;
    return { ...node, position: next };
  });
  return moved ? { ...graph, nodes } : graph;
}

/** The graph without these nodes, their edges, and these edges. The caller adds what is inside a container. */
export function remove(graph: Graph, nodeIds: readonly string[], edgeIds: readonly string[]): Graph {
  const goneNodes = new Set(nodeIds);
  const goneEdges = new Set(edgeIds);
  const nodes = graph.nodes.filter((node) => !goneNodes.has(node.id));
  const edges = graph.edges.filter((edge) => !goneEdges.has(edge.id) && !goneNodes.has(edge.source) && !goneNodes.has(edge.target));
  return nodes.length === graph.nodes.length && edges.length === graph.edges.length ? graph : { ...graph, nodes, edges };
}
