import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { currentStep, type RunState, roundOf } from '@switchyard/shared/run/state.ts';

interface Seen {
  readonly id: string;
  /** The node that the names are seen from. */
  readonly nodeKey: string;
  /** The key that the run knows a node by, where nodes were renamed since. */
  readonly keyOf: (nodeKey: string) => string | undefined;
}

/** The names of expressions with what they held in a run, as far as it has come, seen from one node. */
export function scopeOfRun(graph: Graph, state: RunState, { id, nodeKey, keyOf }: Seen): ScopeData {
  const start = graph.nodes.find((node) => definitionOf(node.type)?.role === 'start');
  const input = start && currentStep(state, keyOf(start.data.key) ?? '')?.output;
  const steps: Record<string, unknown> = {};
  const previous: Record<string, unknown> = {};
  for (const { data } of graph.nodes) {
    const key = keyOf(data.key);
    if (key === undefined) continue;
    const now = currentStep(state, key);
    if (now?.status === 'succeeded') steps[data.key] = now.output;
    const before = state.steps.get(stepId(key, roundOf(state, key) - 1));
    if (before?.status === 'succeeded') previous[data.key] = before.output;
  }
  return {
    trigger: { kind: state.trigger, body: input },
    input,
    steps,
    previous,
    round: roundOf(state, keyOf(nodeKey) ?? ''),
    vars: graph.vars ?? {},
    run: { id, workflowId: state.workflowId, version: state.version, startedAt: state.startedAt, labels: state.labels },
  };
}

/** The names of expressions before any run: what the sample input and the variables hold. */
export const scopeOfSample = ({ vars }: Pick<Graph, 'vars'>, sample: unknown): ScopeData => ({
  trigger: { kind: 'canvas', body: sample },
  input: sample,
  steps: {},
  previous: {},
  round: 1,
  vars: vars ?? {},
  run: {},
});
