import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import { currentStep, isEnded, type RunState } from '@switchyard/shared/run/state.ts';

const modelCalls = (state: RunState) => [...state.steps.values()].flatMap((step) => step.calls).filter((call) => call.record?.kind === 'model');

/** Whether a model has responded in this run. */
export const usedModel = (state: RunState): boolean => modelCalls(state).length > 0;

/** Whether the demo model has responded in this run. */
export const usedDemo = (state: RunState): boolean => modelCalls(state).some((call) => call.record?.kind === 'model' && call.record.demo);

/** Keys of the nodes right after the running ones, as long as they have only one branch. */
export function nextKeys(graph: Graph, state: RunState): string[] {
  if (isEnded(state.status)) return [];
  const running = graph.nodes.filter((node) => ['running', 'waiting'].includes(currentStep(state, node.data.key)?.status ?? ''));
  const next = running.flatMap((node) => {
    const out = graph.edges.filter((edge) => edge.source === node.id && !isLoopEdge(edge));
    return new Set(out.map((edge) => edge.sourceHandle)).size === 1 ? out.map((edge) => edge.target) : [];
  });
  return graph.nodes.filter((node) => next.includes(node.id) && !currentStep(state, node.data.key)).map((node) => node.data.key);
}
