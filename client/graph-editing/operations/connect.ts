import { type Graph, type GraphEdge, IN, isLoopEdge, LOOP_LIMIT, loopLimit, MOST_LOOPS, OUT, outPort } from '@switchyard/shared/graph/graph.ts';
import { ancestors, topologyOf } from '@switchyard/shared/graph/topology.ts';
import { crossesBorder } from './containers.ts';
import { newId } from './node-names.ts';

/** An edge to be drawn. */
export interface NewEdge {
  readonly source: string;
  readonly target: string;
  readonly sourceHandle?: string | null | undefined;
  readonly targetHandle?: string | null | undefined;
}

const sameEnds = (a: GraphEdge, b: NewEdge): boolean =>
  a.source === b.source && a.target === b.target && outPort(a) === (b.sourceHandle ?? OUT) && (a.targetHandle ?? IN) === (b.targetHandle ?? IN);

/** Why an edge can’t be drawn, or undefined if it can. */
export function refusal(graph: Graph, edge: NewEdge): string | undefined {
  if (edge.source === edge.target) return 'A node can’t connect to itself';
  if (graph.edges.some((existing) => sameEnds(existing, edge))) return 'Already connected';
  if (crossesBorder(graph, edge.source, edge.target)) return 'Edges can’t cross the border of a container. Connect the container itself.';
  return undefined;
}

/** Whether an edge would close a cycle, which makes it a loop edge (S1). */
export const closesCycle = (graph: Graph, edge: NewEdge): boolean => ancestors(topologyOf(graph), edge.source).has(edge.target);

/** The graph with this edge, or the same graph if it is rejected. */
export function connect(graph: Graph, edge: NewEdge): Graph {
  if (refusal(graph, edge)) return graph;
  const added: GraphEdge = {
    id: newId('e'),
    source: edge.source,
    target: edge.target,
    sourceHandle: edge.sourceHandle ?? OUT,
    targetHandle: edge.targetHandle ?? IN,
    ...(closesCycle(graph, edge) && { data: { back: true } }),
  };
  return { ...graph, edges: [...graph.edges, added] };
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
