import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { currentStep, type FrameState, type RunState, roundOf } from '@switchyard/shared/run/state.ts';

interface Seen {
  readonly id: string;
  /** The node whose scope it is. */
  readonly nodeKey: string;
  /** The key by which the run knows a node that has been renamed since. */
  readonly keyOf: (nodeKey: string) => string | undefined;
  /** Of a node in a for-each: what happened in the shown item, and the item itself. */
  readonly frame?: FrameState | undefined;
  readonly item?: { readonly value: unknown; readonly index: number } | undefined;
}

/** The values of all names in a run so far, as one node sees them. */
export function scopeOfRun(graph: Graph, state: RunState, { id, nodeKey, keyOf, frame = state, item }: Seen): ScopeData {
  const start = graph.nodes.find((node) => definitionOf(node.type)?.role === 'start');
  const input = start && currentStep(state, keyOf(start.data.key) ?? '')?.output;
  const steps: Record<string, unknown> = {};
  const previous: Record<string, unknown> = {};
  for (const { data } of graph.nodes) {
    const key = keyOf(data.key);
    if (key === undefined) continue;
    const now = currentStep(frame, key) ?? currentStep(state, key);
    if (now?.status === 'succeeded') steps[data.key] = now.output;
    const before = frame.steps.get(stepId(key, roundOf(frame, key) - 1, frame.id));
    if (before?.status === 'succeeded') previous[data.key] = before.output;
  }
  return {
    trigger: { kind: state.trigger, body: input, history: [] },
    input,
    steps,
    previous,
    round: roundOf(frame, keyOf(nodeKey) ?? ''),
    ...(item && { item: item.value, index: item.index }),
    vars: graph.vars ?? {},
    run: { id, workflowId: state.workflowId, version: state.version, startedAt: state.startedAt, labels: state.labels },
  };
}

/** The values of all names before any run: the sample input and the variables. */
export const scopeOfSample = ({ vars }: Pick<Graph, 'vars'>, sample: unknown): ScopeData => ({
  trigger: { kind: 'canvas', body: sample, history: [] },
  input: sample,
  steps: {},
  previous: {},
  round: 1,
  vars: vars ?? {},
  run: {},
});
