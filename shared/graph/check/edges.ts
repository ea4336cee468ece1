import { ERROR_PORT, type GraphEdge, IN, outPort } from '../graph.ts';
import type { Port } from '../node-kind.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, type CheckedNode, didYouMean, problem, runs } from './checked-graph.ts';

/** Checks that edges connect ports that exist, and that no required port is left unconnected. */
export function checkEdges({ graph, nodes, byId, containment, comparisons }: CheckedGraph): Problem[][] {
  const connected = new Set(graph.edges.map((edge) => `${edge.source} ${outPort(edge)}`));
  const suggest = (word: string, names: readonly string[]): string => didYouMean(word, names, comparisons) ?? `Connect it to ${listed(names)}, or delete it.`;
  return [
    graph.edges.flatMap((edge) => checkEdge(edge, [byId.get(edge.source), byId.get(edge.target)], suggest)),
    nodes.flatMap((node) =>
      node.outputs.flatMap((port) => (connected.has(`${node.id} ${port.id}`) ? [] : unconnected(node, port, containment.containerOf(node.id) !== undefined))),
    ),
  ];
}

const MOST_LISTED = 8;

/** The names, or the first few of many, with long ones shortened. Each edge of a node may list them. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map((name) => `“${name.length > 100 ? `${name.slice(0, 100)}…` : name}”`);
  return names.length > shown.length ? `${shown.join(', ')}, or another port` : shown.join(', ');
}

type Suggest = (word: string, names: readonly string[]) => string;

function checkEdge(edge: GraphEdge, [source, target]: readonly (CheckedNode | undefined)[], suggest: Suggest): Problem[] {
  if (!source || !target) {
    const there = source ?? target;
    const end = source ? 'from' : 'to';
    const other = source ? 'leads to' : 'comes from';
    const message = there ? `An edge ${end} ${there.name} ${other} a deleted node.` : 'An edge isn’t connected to any node.';
    return [{ nodeId: there?.id ?? '', edgeId: edge.id, severity: 'error', code: 'dangling-edge', message, suggestion: 'Delete the edge.' }];
  }
  return [...checkEnd(edge, source, 'out', suggest), ...checkEnd(edge, target, 'in', suggest)];
}

function checkEnd(edge: GraphEdge, node: CheckedNode, side: 'in' | 'out', suggest: Suggest): Problem[] {
  if (!node.kind) return [];
  const id = side === 'out' ? outPort(edge) : (edge.targetHandle ?? IN);
  const ports = side === 'out' ? node.outputs : node.inputs;
  if (ports.some((port) => port.id === id)) return [];
  const report = (message: string, suggestion: string): Problem[] => [
    { nodeId: node.id, edgeId: edge.id, severity: 'error', code: 'unknown-port', message, suggestion },
  ];
  if (side === 'out' && id === ERROR_PORT) {
    return report(
      `${node.name} has an edge on its error branch, but doesn’t use it.`,
      'Choose “Use the error branch” under Error handling, or delete the edge.',
    );
  }
  if (ports.length === 0)
    return report(
      side === 'out' ? `${node.name} has no output port, but an edge starts there.` : `${node.name} has no input port, but an edge ends there.`,
      'Delete the edge.',
    );
  const names = ports.map((port) => port.id);
  const message =
    side === 'out' ? `An edge from ${node.name} uses port “${id}”, which doesn’t exist.` : `An edge to ${node.name} uses port “${id}”, which doesn’t exist.`;
  return report(message, suggest(id, names));
}

/** An item may end at any node, with its output as the result. */
function unconnected(node: CheckedNode, port: Port, isInside: boolean): Problem[] {
  if (!runs(node)) return [];
  const name = port.label ?? port.id;
  if (port.id === ERROR_PORT && node.policy.onError === 'branch') {
    const message = `${node.name} uses an error branch that isn’t connected.`;
    return [
      {
        nodeId: node.id,
        field: 'policy.onError',
        severity: 'error',
        code: 'unwired-error-port',
        message,
        suggestion: 'Connect it, or handle errors another way.',
      },
    ];
  }
  if (port.failsUnconnected || (port.mustConnect !== true && node.outputs.length === 1)) return [];
  const parts = { nodeId: node.id, port: name, code: 'unwired-port' as const };
  if (port.mustConnect === true && !isInside)
    return [problem({ ...parts, severity: 'error', message: `${node.name}: branch “${name}” isn’t connected.`, suggestion: 'Connect it to the next node.' })];
  return [
    problem({
      ...parts,
      severity: 'warning',
      message: `${node.name}: branch “${name}” isn’t connected, so the ${isInside ? 'item' : 'run'} ends there.`,
      suggestion: 'Connect it if something should happen next.',
    }),
  ];
}
