import { type Graph, type GraphEdge, type GraphNode, isLoopEdge } from '@switchyard/shared/graph/graph.ts';

/*
 * The semantics once more, written as plainly as they read and independent of the engine: one node at a time, no time, no crashes, no
 * failures. S6 for starting and skipping, S1 and S7 for loop edges.
 */

export interface Expected {
  /** Status by step ID, for every step that started or was skipped. */
  readonly steps: Map<string, 'succeeded' | 'skipped'>;
}

interface Place {
  round: number;
  /** Started by a loop edge. */
  forced: boolean;
  settled?: 'succeeded' | 'skipped';
  port?: string | undefined;
}

const chosen = (node: GraphNode, round: number): string | undefined => {
  if (node.type === 'review') return 'approve';
  if (node.type !== 'branch') return undefined;
  const choices = node.data.params.choices as string[];
  return choices[Math.min(round, choices.length) - 1];
};

/** The expected outcome of every step once the run is over. */
export function expected(graph: Graph): Expected {
  const places = new Map<string, Place>(graph.nodes.map((node) => [node.id, { round: 1, forced: false }]));
  const steps: Expected['steps'] = new Map();
  const forward = graph.edges.filter((edge) => !isLoopEdge(edge));
  const taken = new Set<string>();
  const isLive = (edge: GraphEdge): boolean => {
    const place = places.get(edge.source);
    if (place?.settled !== 'succeeded') return false;
    return place.port === undefined ? edge.sourceHandle === 'out' : edge.sourceHandle === place.port;
  };

  const settleOne = (): boolean => {
    for (const node of graph.nodes) {
      const place = places.get(node.id);
      if (!place || place.settled) continue;
      const ways = forward.filter((edge) => edge.target === node.id);
      const ready = place.forced || ways.every((edge) => places.get(edge.source)?.settled);
      if (!ready) continue;
      const runs = place.forced || node.type === 'start' || ways.some(isLive);
      place.settled = runs ? 'succeeded' : 'skipped';
      place.port = runs ? chosen(node, place.round) : undefined;
      steps.set(`${node.id}#${place.round}`, place.settled);
      return true;
    }
    return false;
  };

  const goBack = (): boolean => {
    for (const edge of graph.edges.filter((candidate) => isLoopEdge(candidate) && isLive(candidate))) {
      const name = `${edge.id} ${places.get(edge.source)?.round}`;
      if (taken.has(name)) continue;
      taken.add(name);
      for (const id of reach(graph, edge.target)) {
        const place = places.get(id);
        if (place) places.set(id, { round: place.round + 1, forced: id === edge.target });
      }
      return true;
    }
    return false;
  };

  while (settleOne() || goBack()) {
    // Until nothing is left to do.
  }
  return { steps };
}

function reach(graph: Graph, from: string): Set<string> {
  const found = new Set([from]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const edge of graph.edges) if (!isLoopEdge(edge) && found.has(edge.source)) found.add(edge.target);
  }
  return found;
}
