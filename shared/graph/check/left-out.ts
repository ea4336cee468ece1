import { type Need, needsOf, variableNeeds } from '../../sharing/to-connect.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, runs } from './checked-graph.ts';

/** What was left out when the workflow was shared and is still to be put in: as it stands it must not be sent anywhere. */
export function checkLeftOut({ graph, nodes }: CheckedGraph): Problem[] {
  const steps = nodes
    .filter((node) => runs(node) && node.node.data.disabled !== true)
    .flatMap(({ id, name, node }) => needsOf(node).flatMap((need) => missing(need, { nodeId: id, field: need.field }, name)));
  return [...steps, ...variableNeeds(graph).flatMap((need) => missing(need, { nodeId: '' }, `The variable ‘${need.field}’`))];
}

function missing({ kind, name }: Need, where: { nodeId: string; field?: string }, what: string): Problem[] {
  if (kind === 'route') return [];
  const message = `${what}: ${kind === 'connection' ? `the connection ‘${name}’` : `a secret (‘${name}’)`} was left out when this was shared.`;
  const suggestion =
    kind === 'connection' ? 'Choose a connection of your own; add it under Models.' : 'Put in your own, or use a connection to keep it out of the workflow.';
  return [{ ...where, severity: 'error', code: 'bad-params', message, suggestion }];
}
