import { type GraphEdge, isLoopEdge } from '../graph.ts';
import type { NodeSet } from '../node-set.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, type CheckedNode, runs } from './checked-graph.ts';

/** Checks that a run can start, reach every node, and end: start, output, reach, cycles, and loops (S1). */
export function checkFlow(graph: CheckedGraph): Problem[][] {
  const leaving = graph.setOf(graph.nodes.filter(canLeave).map(({ id }) => id));
  const cyclic = new Set(graph.topology.cyclic);
  const problems = [
    ...checkStart(graph),
    ...checkOutput(graph),
    ...checkReach(graph),
    ...checkCycles(graph),
    ...graph.topology.loopEdges.flatMap((edge) => checkLoop(edge, graph, { leaving, cyclic })),
  ];
  return [problems];
}

function checkStart({ starts }: CheckedGraph): Problem[] {
  if (starts.length === 0) {
    return [
      {
        nodeId: '',
        severity: 'error',
        code: 'no-start',
        message: 'The workflow has no Input node.',
        suggestion: 'Add one and connect it to the first node.',
      },
    ];
  }
  if (starts.length === 1) return [];
  return starts.map(({ id }) => ({
    nodeId: id,
    severity: 'error',
    code: 'several-starts',
    message: `A workflow can have only one Input node. This one has ${starts.length}.`,
    suggestion: 'Delete the others.',
  }));
}

function checkOutput({ nodes }: CheckedGraph): Problem[] {
  if (nodes.some(({ kind, node }) => kind?.role === 'end' && node.data.disabled !== true)) return [];
  return [
    {
      nodeId: '',
      severity: 'warning',
      code: 'no-output',
      message: 'The workflow has no Output node, so callers get an empty response.',
      suggestion: 'Add an Output node at the end.',
    },
  ];
}

function checkReach({ starts, nodes, topology }: CheckedGraph): Problem[] {
  if (starts.length === 0) return [];
  const targets = new Map<string, string[]>();
  for (const { source, target } of [...topology.outgoing.values(), topology.loopEdges].flat()) {
    const known = targets.get(source);
    if (known) known.push(target);
    else targets.set(source, [target]);
  }
  const reached = new Set(starts.map((start) => start.id));
  for (const id of reached) for (const next of targets.get(id) ?? []) reached.add(next);
  return nodes
    .filter((node) => runs(node) && !reached.has(node.id))
    .map(({ id, name }) => ({
      nodeId: id,
      severity: 'warning',
      code: 'unreachable-node',
      message: `${name} can’t be reached from the input, so it never runs.`,
      suggestion: 'Connect it to an earlier node, or delete it.',
    }));
}

function checkCycles({ topology, byId, after }: CheckedGraph): Problem[] {
  return topology.cyclic
    .filter((id) => byId.has(id) && after(id).has(id))
    .map((id) => ({
      nodeId: id,
      severity: 'error',
      code: 'cycle',
      message: `${byId.get(id)?.name ?? id} is in a cycle where every node waits for another.`,
      suggestion: 'Turn one edge into a loop, or delete it.',
    }));
}

interface LoopFacts {
  /** The nodes from which a loop can be left. */
  readonly leaving: NodeSet;
  readonly cyclic: ReadonlySet<string>;
}

function checkLoop(edge: GraphEdge, { byId, before, after, setOf }: CheckedGraph, { leaving, cyclic }: LoopFacts): Problem[] {
  const source = byId.get(edge.source);
  const target = byId.get(edge.target);
  if (!source || !target || !isLoopEdge(edge)) return [];
  if (source.id !== target.id && !before(source.id).has(target.id)) {
    const message = `The loop from ${source.name} leads to ${target.name}, which doesn’t come before it.`;
    return [
      {
        nodeId: source.id,
        edgeId: edge.id,
        severity: 'error',
        code: 'way-back-not-ancestor',
        message,
        suggestion: 'Connect it to an earlier node, or make it a regular edge.',
      },
    ];
  }
  if (cyclic.has(source.id)) return [];
  const loop = after(target.id)
    .copy()
    .keepOnly(before(source.id))
    .addAll(setOf([source.id, target.id]));
  if (!loop.keepOnly(leaving).isEmpty()) return [];
  const message = `The loop from ${source.name} to ${target.name} never ends.`;
  return [
    {
      nodeId: source.id,
      edgeId: edge.id,
      severity: 'error',
      code: 'cycle',
      message,
      suggestion: 'Add a node with several branches, such as a Condition, and loop back from one of them.',
    },
  ];
}

/** An unknown node might have several branches, so it counts as one that can leave the loop. */
const canLeave = (node: CheckedNode): boolean => !node.kind || node.outputs.length > 1;
