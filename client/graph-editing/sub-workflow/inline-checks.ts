import type { Reference } from '@switchyard/shared/expression/references.ts';
import { referencesInText } from '@switchyard/shared/expression/rewrite-key.ts';
import { readGraph } from '@switchyard/shared/graph/check/checked-graph.ts';
import { type Graph, type GraphNode, isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import { expressionsOf } from '@switchyard/shared/graph/rewrite-node.ts';
import type { Definitions } from '../operations/ports.ts';
import { leavesSurely } from './border.ts';
import { refuse } from './refused.ts';

/** The input and output of a sub-workflow whose steps can take the place of its node. Refuses if they would run differently there. */
export function checkReadable(graph: Graph, node: GraphNode, child: Graph, definitions: Definitions): { input: GraphNode; output: GraphNode } {
  checkNode(graph, node);
  const read = readGraph(child, definitions);
  const [start] = read.starts;
  const [end, ...others] = read.nodes.filter(({ kind, node: one }) => kind?.role === 'end' && one.data.disabled !== true);
  const { title } = node.data;
  if (!start || read.starts.length > 1) return refuse(`“${title}” has no Input node.`);
  if (!end || others.length > 0) return refuse(`“${title}” has ${end ? 'several outputs' : 'no output'}. Only a workflow with one Output can be put inline.`);
  if (end.node.data.params.outcome === 'failure') refuse(`The output of “${title}” marks the run as failed. That would fail this run.`);
  const top = child.nodes.filter(({ id }) => read.containment.containerOf(id) === undefined && id !== end.id);
  if (!leavesSurely({ graph: child, has: (id) => id !== end.id, definitions }, top).has(start.id))
    refuse(`“${title}” can end without reaching its output. Connect all of its branches to the Output first.`);
  const first = child.edges.filter(({ source }) => source === start.id).map(({ target }) => child.nodes.find(({ id }) => id === target));
  const passing = first.find((one) => one && (one.type === 'merge' || one.data.disabled === true));
  if (passing) refuse(`“${passing.data.title}” in “${title}” passes on the input itself. Put a Transform before it first.`);
  const isRestarted = isInLoop(graph, node, definitions);
  for (const step of child.nodes) checkStep(step, { definitions, isRestarted });
  return { input: start.node, output: end.node };
}

function checkNode(graph: Graph, { type, id, data: { title, disabled, policy, params } }: GraphNode): void {
  if (type !== 'workflow') refuse('Select a Workflow node.');
  if (disabled === true) refuse(`“${title}” is disabled. Enable or delete it.`);
  if (params.wait === false) refuse(`“${title}” doesn’t wait for its output. Inline steps would.`);
  const handles = policy?.timeoutMs !== undefined || (policy?.retry?.max ?? 0) > 0 || (policy?.onError ?? 'fail') !== 'fail';
  if (handles) refuse(`“${title}” handles errors of all of its steps together. Remove its timeout, retries, and error branch first.`);
  if (graph.edges.some(({ source, target }) => source === id && target === id)) refuse(`“${title}” leads back to itself. Remove that loop first.`);
}

function isInLoop(graph: Graph, { id }: GraphNode, definitions: Definitions): boolean {
  const { before } = readGraph(graph, definitions);
  return graph.edges.some((edge) => isLoopEdge(edge) && (edge.target === id || before(id).has(edge.target)));
}

function checkStep(step: GraphNode, { definitions, isRestarted }: { definitions: Definitions; isRestarted: boolean }): void {
  if (definitions(step.type)?.role === 'note') return;
  for (const { source, kind } of expressionsOf(step, definitions)) {
    for (const reference of referencesInText(source, kind)) {
      const own = ownName(reference, isRestarted);
      if (own) refuse(`“${step.data.title}” reads ${own}, which would refer to this workflow instead.`);
    }
  }
}

/** A name whose value belongs to the run of the sub-workflow. */
function ownName({ root, path: [member] }: Reference, isRestarted: boolean): string | undefined {
  if (root === 'trigger') return 'trigger';
  if (root === 'run' && member !== 'labels' && member !== 'callbacks') return member === undefined ? 'run' : `run.${member}`;
  return isRestarted && (root === 'round' || root === 'previous') ? root : undefined;
}
