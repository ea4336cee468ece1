import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { descendants, topologyOf } from '@switchyard/shared/graph/topology.ts';
import { findNode } from './node-names.ts';

/** From the left of one card to the left of the next: its width, and room for the wire between them to be seen. */
const STRIDE = 264;

/** Moves `target` and all forward of it to the right, as far as a card put before it needs; a target left of that card stays. */
export function makeRoom(graph: Graph, nodeId: string, targetId: string): Graph {
  const [node, target] = [findNode(graph, nodeId), findNode(graph, targetId)];
  if (!node || !target || target.position.x < node.position.x) return graph;
  const lacking = node.position.x + STRIDE - target.position.x;
  if (lacking <= 0) return graph;
  const moved = descendants(topologyOf(graph), targetId).add(targetId);
  if (moved.has(nodeId)) return graph;
  const shift = ({ x, y }: { x: number; y: number }) => ({ x: x + lacking, y });
  return { ...graph, nodes: graph.nodes.map((one) => (moved.has(one.id) ? { ...one, position: shift(one.position) } : one)) };
}
