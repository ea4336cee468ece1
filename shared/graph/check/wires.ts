import { ERROR_PORT, type GraphEdge, IN, outPort } from '../graph.ts';
import type { Port } from '../node-kind.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, type CheckedNode, didYouMean, problem, runs } from './checked-graph.ts';

/** Checks that wires go from ports that are there to ports that are there, and that no needed port is left without one. */
export function checkWires({ graph, nodes, byId }: CheckedGraph): Problem[] {
  const wired = new Set(graph.edges.map((edge) => `${edge.source} ${outPort(edge)}`));
  return [
    ...graph.edges.flatMap((edge) => checkEdge(edge, byId.get(edge.source), byId.get(edge.target))),
    ...nodes.flatMap((node) => node.outputs.flatMap((port) => (wired.has(`${node.id} ${port.id}`) ? [] : unwired(node, port)))),
  ];
}

function checkEdge(edge: GraphEdge, source: CheckedNode | undefined, target: CheckedNode | undefined): Problem[] {
  if (!source || !target) {
    const there = source ?? target;
    const side = source ? 'leads to' : 'comes from';
    const message = there ? `A wire of ${there.name} ${side} a node that is not there.` : 'A wire is not attached to any node.';
    return [{ nodeId: there?.id ?? '', edgeId: edge.id, severity: 'error', code: 'dangling-edge', message, suggestion: 'Remove the wire.' }];
  }
  return [...checkEnd(edge, source, 'out'), ...checkEnd(edge, target, 'in')];
}

function checkEnd(edge: GraphEdge, node: CheckedNode, side: 'in' | 'out'): Problem[] {
  if (!node.kind) return [];
  const id = side === 'out' ? outPort(edge) : (edge.targetHandle ?? IN);
  const ports = side === 'out' ? node.outputs : node.inputs;
  if (ports.some((port) => port.id === id)) return [];
  const report = (message: string, suggestion: string): Problem[] => [
    { nodeId: node.id, edgeId: edge.id, severity: 'error', code: 'unknown-port', message, suggestion },
  ];
  if (side === 'out' && id === ERROR_PORT) {
    return report(
      `A wire leaves ${node.name} by its error port, but errors are not led there.`,
      'Choose “take the error port” for errors of this node, or remove the wire.',
    );
  }
  if (ports.length === 0)
    return report(
      side === 'out' ? `Nothing can come out of ${node.name}, but a wire begins there.` : `Nothing can go into ${node.name}, but a wire ends there.`,
      'Remove the wire.',
    );
  const names = ports.map((port) => port.id);
  const message =
    side === 'out'
      ? `A wire leaves ${node.name} by the port ‘${id}’, which it does not have.`
      : `A wire enters ${node.name} by the port ‘${id}’, which it does not have.`;
  return report(message, didYouMean(id, names) ?? `Draw it ${side === 'out' ? 'from' : 'to'} ‘${names.join('’, ‘')}’, or remove it.`);
}

function unwired(node: CheckedNode, port: Port): Problem[] {
  if (!runs(node)) return [];
  const name = `‘${port.label ?? port.id}’`;
  if (port.id === ERROR_PORT && node.policy.onError === 'branch') {
    const message = `Errors of ${node.name} are led to its error port, but no wire leaves it.`;
    return [
      {
        nodeId: node.id,
        field: 'policy.onError',
        severity: 'error',
        code: 'unwired-error-port',
        message,
        suggestion: 'Draw a wire from the error port, or handle errors another way.',
      },
    ];
  }
  if (port.mustWire !== true && node.outputs.length === 1) return [];
  const parts = { nodeId: node.id, field: undefined, code: 'unwired-port' as const };
  if (port.mustWire === true)
    return [
      problem({ ...parts, severity: 'error', message: `${node.name} has no wire from ${name}.`, suggestion: `Draw a wire from ${name} to what happens then.` }),
    ];
  return [
    problem({
      ...parts,
      severity: 'warning',
      message: `${node.name} has no wire from ${name}: the run ends there.`,
      suggestion: `Draw a wire from ${name}, if something is to happen then.`,
    }),
  ];
}
