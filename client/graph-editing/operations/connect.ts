import { type Graph, type GraphEdge, IN, isLoopEdge, LOOP_LIMIT, loopLimit, MOST_LOOPS, OUT, outPort } from '@switchyard/shared/graph/graph.ts';
import { ancestors, topologyOf } from '@switchyard/shared/graph/topology.ts';
import { newId } from './node-names.ts';

/** An edge to be drawn. */
export interface Wire {
  readonly source: string;
  readonly target: string;
  readonly sourceHandle?: string | null | undefined;
  readonly targetHandle?: string | null | undefined;
}

const sameWire = (edge: GraphEdge, wire: Wire): boolean =>
  edge.source === wire.source &&
  edge.target === wire.target &&
  outPort(edge) === (wire.sourceHandle ?? OUT) &&
  (edge.targetHandle ?? IN) === (wire.targetHandle ?? IN);

/** Why an edge can’t be drawn, or undefined if it can. */
export function refusal(graph: Graph, wire: Wire): string | undefined {
  if (wire.source === wire.target) return 'A node can’t connect to itself';
  if (graph.edges.some((edge) => sameWire(edge, wire))) return 'Already connected';
  return undefined;
}

/** Whether an edge would close a cycle, which makes it a loop edge (S1). */
export const closesCycle = (graph: Graph, wire: Wire): boolean => ancestors(topologyOf(graph), wire.source).has(wire.target);

/** The graph with this edge, or the same graph if it is rejected. */
export function connect(graph: Graph, wire: Wire): Graph {
  if (refusal(graph, wire)) return graph;
  const edge: GraphEdge = {
    id: newId('e'),
    source: wire.source,
    target: wire.target,
    sourceHandle: wire.sourceHandle ?? OUT,
    targetHandle: wire.targetHandle ?? IN,
    ...(closesCycle(graph, wire) && { data: { back: true } }),
  };
  return { ...graph, edges: [...graph.edges, edge] };
}

/** The graph without these edges. */
export function disconnect(graph: Graph, edgeIds: readonly string[]): Graph {
  const gone = new Set(edgeIds);
  const edges = graph.edges.filter((edge) => !gone.has(edge.id));
  return edges.length === graph.edges.length ? graph : { ...graph, edges };
}

/** The graph with another limit on a loop edge. The default limit is not stored. */
export function setLoopLimit(graph: Graph, edgeId: string, limit: number): Graph {
  const edge = graph.edges.find(({ id }) => id === edgeId);
  if (!edge || !isLoopEdge(edge) || loopLimit(edge) === limit || !Number.isInteger(limit) || limit < 1 || limit > MOST_LOOPS) return graph;
  const changed: GraphEdge = { ...edge, data: { back: true, ...(limit !== LOOP_LIMIT && { limit }) } };
  return { ...graph, edges: graph.edges.map((one) => (one === edge ? changed : one)) };
}
