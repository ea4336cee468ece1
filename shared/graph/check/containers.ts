import { MOST_LEVELS } from '../containment.ts';
import type { GraphEdge } from '../graph.ts';
import type { Problem } from '../problem.ts';
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';

/** Checks what is in containers: no edge crosses a border, and no Input or Output node is inside (S32, S33). */
export function checkContainers(graph: CheckedGraph): Problem[][] {
  const { nodes, containment } = graph;
  if (!nodes.some(({ kind }) => kind?.role === 'container')) return [];
  const filled = new Set(nodes.map(({ id }) => containment.containerOf(id)));
  return [
    graph.graph.edges.flatMap((edge) => crossing(edge, graph)),
    nodes.flatMap((node) => inside(node, graph)),
    nodes.filter(({ id, kind, node }) => kind?.role === 'container' && node.data.disabled !== true && !filled.has(id)).map(empty),
  ];
}

function crossing(edge: GraphEdge, { byId, containment }: CheckedGraph): Problem[] {
  const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
  const [from, to] = [containment.containerOf(edge.source), containment.containerOf(edge.target)];
  if (!source || !target || from === to) return [];
  const border = byId.get(from !== undefined && !containment.around(edge.target).includes(from) ? from : (to ?? ''));
  return [
    {
      nodeId: source.id,
      edgeId: edge.id,
      severity: 'error',
      code: 'wire-crosses-container',
      message: `The edge from ${source.name} to ${target.name} crosses the border of ${border?.name ?? 'a container'}.`,
      suggestion: 'Connect the container itself. Nodes inside can use everything that comes before it, and nodes outside can use its output.',
    },
  ];
}

function inside({ id, name, kind }: CheckedNode, { byId, containment }: CheckedGraph): Problem[] {
  const around = containment.around(id);
  const container = byId.get(around[0] ?? '');
  if (!container) return [];
  const problems: Problem[] = [];
  if (kind?.role === 'end') {
    const suggestion = 'Move it out of the container. The result of each item goes into the output of the container.';
    problems.push({ nodeId: id, severity: 'error', code: 'output-in-container', message: `${name} is inside ${container.name}.`, suggestion });
  }
  if (kind?.role === 'start') {
    const suggestion = 'Move it out of the container. Nodes inside read the item as “item”.';
    problems.push({ nodeId: id, severity: 'error', code: 'input-in-container', message: `${name} is inside ${container.name}.`, suggestion });
  }
  if (kind?.role === 'container' && around.length >= MOST_LEVELS) {
    const message = `${name} is nested ${around.length + 1} levels deep. Containers can be nested up to ${MOST_LEVELS} levels.`;
    problems.push({ nodeId: id, severity: 'error', code: 'too-deep', message, suggestion: 'Move the inner part into a workflow of its own.' });
  }
  return problems;
}

const empty = ({ id, name }: CheckedNode): Problem => ({
  nodeId: id,
  severity: 'warning',
  code: 'empty-container',
  message: `${name} has no nodes inside, so nothing happens for each item.`,
  suggestion: 'Drag nodes into it.',
});
