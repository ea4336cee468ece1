import { type Requirement, requirementsOf, requirementsOfVariables } from '../../sharing/to-connect.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, runs } from './checked-graph.ts';

/** What sharing left out and must still be filled in. The placeholder must never be sent. */
export function* checkLeftOut({ graph, nodes }: CheckedGraph): Generator<Problem[]> {
  for (const checked of nodes) {
    const { id, name, node } = checked;
    if (!runs(checked) || node.data.disabled === true) continue;
    yield requirementsOf(node).flatMap((requirement) => missing(requirement, { nodeId: id, field: requirement.field }, name));
  }
  yield requirementsOfVariables(graph).flatMap((requirement) => missing(requirement, { nodeId: '' }, `Variable “${requirement.field}”`));
}

function missing({ kind, name }: Requirement, where: { nodeId: string; field?: string }, what: string): Problem[] {
  if (kind === 'route') return [];
  const message = `${what}: ${kind === 'connection' ? `connection “${name}”` : `secret “${name}”`} isn’t included in shared workflows.`;
  const suggestion =
    kind === 'connection' ? 'Choose one of your connections, or add one under Models.' : 'Enter your own, or use a connection to keep it out of the workflow.';
  return [{ ...where, severity: 'error', code: 'bad-params', message, suggestion }];
}
