import { type Graph, type GraphEdge, type GraphNode, isLoopEdge } from './graph.ts';

/** A graph's structure, computed once. Loop edges play no part in order, joins, or ancestry (S1). */
export interface Topology {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Forward edges by the node they enter or leave, in the graph's order. Dangling edges are omitted. */
  readonly incoming: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly outgoing: ReadonlyMap<string, readonly GraphEdge[]>;
  /** Loop edges. */
  readonly loopEdges: readonly GraphEdge[];
  /** Node IDs, each after all its ancestors. Nodes on a forward cycle, and all after one, are missing. */
  readonly order: readonly string[];
  /** The nodes missing from `order`. */
  readonly cyclic: readonly string[];
}

function group(nodes: Iterable<string>): Map<string, GraphEdge[]> {
  return new Map([...nodes].map((id) => [id, []]));
}

/** Reads a graph's structure. Accepts any graph, including broken ones. */
export function topologyOf(graph: Graph): Topology {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const incoming = group(nodes.keys());
  const outgoing = group(nodes.keys());
  const loopEdges: GraphEdge[] = [];
  for (const edge of graph.edges) {
    if (!nodes.has(edge.source) || !nodes.has(edge.target)) continue;
    if (isLoopEdge(edge)) {
      loopEdges.push(edge);
      continue;
    }
    incoming.get(edge.target)?.push(edge);
    outgoing.get(edge.source)?.push(edge);
  }
  const order = sort(incoming, outgoing);
  const sorted = new Set(order);
  return { nodes, incoming, outgoing, loopEdges, order, cyclic: [...nodes.keys()].filter((id) => !sorted.has(id)) };
}

function sort(incoming: ReadonlyMap<string, readonly GraphEdge[]>, outgoing: ReadonlyMap<string, readonly GraphEdge[]>): string[] {
  const open = new Map([...incoming].map(([id, edges]) => [id, edges.length]));
  const order = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  for (let next = 0; next < order.length; next++) {
    for (const edge of outgoing.get(order[next] as string) ?? []) {
      const left = (open.get(edge.target) ?? 0) - 1;
      open.set(edge.target, left);
      if (left === 0) order.push(edge.target);
    }
  }
  return order;
}

/** All nodes reachable from a node by forward edges, without the node itself. */
export const descendants = (topology: Topology, id: string): Set<string> => reach(id, (node) => (topology.outgoing.get(node) ?? []).map((edge) => edge.target));

/** All nodes from which a node can be reached by forward edges, without the node itself. */
export const ancestors = (topology: Topology, id: string): Set<string> => reach(id, (node) => (topology.incoming.get(node) ?? []).map((edge) => edge.source));

function reach(start: string, next: (id: string) => string[]): Set<string> {
  const seen = new Set<string>();
  const open = next(start);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}
