import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { descendants, topologyOf } from '@switchyard/shared/graph/topology.ts';

const TEXT_OF_STEP = /^\{\{\s*steps\.([A-Za-z_]\w*)\.text\s*\}\}$/;

/** The node whose text is an Output node’s value, unchanged. */
function textIn({ data }: GraphNode): string | undefined {
  const { value } = data.params;
  return typeof value === 'string' ? TEXT_OF_STEP.exec(value)?.[1] : undefined;
}

/**
 * Keys of the nodes whose text is the response, no matter which branch the run takes after them. Only their text can be streamed to a
 * caller that can’t retract text: a draft that another node replaces or a loop rewrites can’t.
 */
export function streamedNodes(graph: Graph): ReadonlySet<string> {
  const topology = topologyOf(graph);
  const repeated = new Set(topology.loopEdges.flatMap(({ target }) => [target, ...descendants(topology, target)]));
  const streamed = graph.nodes.filter(({ id, data }) => {
    const outputs = [...descendants(topology, id)].flatMap((after) => topology.nodes.get(after) ?? []).filter(({ type }) => type === 'output');
    return !repeated.has(id) && outputs.length > 0 && outputs.every((output) => textIn(output) === data.key);
  });
  return new Set(streamed.map(({ data }) => data.key));
}
