import * as dagre from '@dagrejs/dagre';
import { type Graph, isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import type { Point, Size } from './geometry.ts';

/**
 * New positions for all connected nodes, left to right. Loop edges are ignored, and unconnected nodes and notes stay. The drawing keeps its
 * top left corner.
 */
export function tidyPlaces(graph: Graph, sizeOf: (nodeId: string) => Size): Map<string, Point> {
  const connected = new Set(graph.edges.flatMap((edge) => [edge.source, edge.target]));
  const nodes = graph.nodes.filter((node) => connected.has(node.id));
  if (nodes.length === 0) return new Map();
  const drawing = new dagre.graphlib.Graph({ multigraph: true });
  drawing.setGraph({ rankdir: 'LR', nodesep: 36, ranksep: 72, edgesep: 16 });
  for (const node of nodes) drawing.setNode(node.id, { ...sizeOf(node.id) });
  for (const edge of graph.edges) {
    if (!isLoopEdge(edge) && drawing.hasNode(edge.source) && drawing.hasNode(edge.target)) drawing.setEdge(edge.source, edge.target, {}, edge.id);
  }
  dagre.layout(drawing);
  return shifted(nodes.map((node) => ({ id: node.id, before: node.position, after: cornerOf(drawing.node(node.id)) })));
}

const cornerOf = (box: { x?: number; y?: number; width?: number; height?: number }): Point => ({
  x: (box.x ?? 0) - (box.width ?? 0) / 2,
  y: (box.y ?? 0) - (box.height ?? 0) / 2,
});

function shifted(moves: readonly { id: string; before: Point; after: Point }[]): Map<string, Point> {
  const topLeftOf = (points: readonly Point[]): Point => ({ x: Math.min(...points.map((point) => point.x)), y: Math.min(...points.map((point) => point.y)) });
  const from = topLeftOf(moves.map((move) => move.before));
  const to = topLeftOf(moves.map((move) => move.after));
  return new Map(moves.map(({ id, after }) => [id, { x: Math.round(after.x - to.x + from.x), y: Math.round(after.y - to.y + from.y) }]));
}
