import { type GraphEdge, isBack } from '../graph.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, type CheckedNode, runs } from './checked-graph.ts';

/** Checks that a run can begin, get everywhere, and end: start, output, reach, circles and ways back (S1). */
export function checkFlow(graph: CheckedGraph): Problem[] {
  return [
    ...checkStart(graph),
    ...checkOutput(graph),
    ...checkReach(graph),
    ...checkCircles(graph),
    ...graph.topology.back.flatMap((edge) => checkWayBack(edge, graph)),
  ];
}

function checkStart({ starts }: CheckedGraph): Problem[] {
  if (starts.length === 0) {
    return [
      {
        nodeId: '',
        severity: 'error',
        code: 'no-start',
        message: 'The workflow has no input to begin with.',
        suggestion: 'Add an Input node and wire it to the first step.',
      },
    ];
  }
  if (starts.length === 1) return [];
  return starts.map(({ id, name }) => ({
    nodeId: id,
    severity: 'error',
    code: 'several-starts',
    message: `${name} is one of ${starts.length} inputs; a workflow has one.`,
    suggestion: 'Keep one and remove the others.',
  }));
}

function checkOutput({ nodes }: CheckedGraph): Problem[] {
  if (nodes.some(({ kind, node }) => kind?.role === 'end' && node.data.disabled !== true)) return [];
  return [
    {
      nodeId: '',
      severity: 'warning',
      code: 'no-output',
      message: 'The workflow has no output, so whoever calls it gets no answer.',
      suggestion: 'Add an Output node at the end.',
    },
  ];
}

function checkReach({ starts, nodes, graph }: CheckedGraph): Problem[] {
  if (starts.length === 0) return [];
  const targets = new Map<string, string[]>();
  for (const edge of graph.edges) targets.set(edge.source, [...(targets.get(edge.source) ?? []), edge.target]);
  const reached = new Set(starts.map((start) => start.id));
  for (const id of reached) for (const next of targets.get(id) ?? []) reached.add(next);
  return nodes
    .filter((node) => runs(node) && !reached.has(node.id))
    .map(({ id, name }) => ({
      nodeId: id,
      severity: 'warning',
      code: 'unreachable-node',
      message: `No wire leads from the input to ${name}, so it never runs.`,
      suggestion: 'Wire it to a step before it, or remove it.',
    }));
}

function checkCircles({ topology, byId, after }: CheckedGraph): Problem[] {
  return topology.cyclic
    .filter((id) => after(id).has(id))
    .map((id) => ({
      nodeId: id,
      severity: 'error',
      code: 'cycle',
      message: `${byId.get(id)?.name ?? id} is in a circle of wires: each step in it waits for another, so none can begin.`,
      suggestion: 'Make the wire that leads back a way back, or remove it.',
    }));
}

function checkWayBack(edge: GraphEdge, { byId, topology, before, after }: CheckedGraph): Problem[] {
  const source = byId.get(edge.source);
  const target = byId.get(edge.target);
  if (!source || !target || !isBack(edge)) return [];
  if (source.id !== target.id && !before(source.id).has(target.id)) {
    const message = `The way back from ${source.name} leads to ${target.name}, which does not come before it.`;
    return [
      {
        nodeId: source.id,
        edgeId: edge.id,
        severity: 'error',
        code: 'way-back-not-ancestor',
        message,
        suggestion: 'Lead it to a step before, or make it an ordinary wire.',
      },
    ];
  }
  if (topology.cyclic.includes(source.id)) return [];
  const loop = [source, target, ...[...after(target.id)].filter((id) => before(source.id).has(id)).map((id) => byId.get(id))];
  if (loop.some((node) => node && canLeave(node))) return [];
  const message = `The way back from ${source.name} to ${target.name} is a cycle without a branch node: it would be taken every time.`;
  return [
    {
      nodeId: source.id,
      edgeId: edge.id,
      severity: 'error',
      code: 'cycle',
      message,
      suggestion: 'Put a node with several ways out into the loop, such as a Condition, and lead one of them back.',
    },
  ];
}

/** An unknown node may branch, so it is given the benefit of the doubt. */
const canLeave = (node: CheckedNode): boolean => !node.kind || node.outputs.length > 1;
