import type { Arrival } from '@switchyard/nodes/sdk/context.ts';
import { createScope, type Scope } from '@switchyard/shared/expression/create-scope.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { currentStep, type RunState, roundOf, type StepState } from '@switchyard/shared/run/state.ts';
import { edgeState } from '../decide.ts';
import type { Plan, PlanNode } from '../plan.ts';
import type { AcceptedRun } from '../ports.ts';

/** The steps whose outputs a node may read: this round's and the previous ones (S8). */
export function readableSteps(state: RunState, node: PlanNode): StepState[] {
  const steps: StepState[] = [];
  for (const key of node.needs) {
    const round = roundOf(state, key);
    const now = state.steps.get(stepId(key, round));
    if (now) steps.push(now);
    const before = round > 1 ? state.steps.get(stepId(key, round - 1)) : undefined;
    if (before) steps.push(before);
  }
  return steps;
}

/** What a step exposes to expressions: its output, or its error if it took the error branch. */
function shown(step: StepState | undefined, outputOf: (step: StepState) => unknown): { value: unknown } | undefined {
  if (step?.status === 'succeeded') return { value: outputOf(step) };
  if (step?.status === 'failed' && step.handled) return { value: { error: step.error } };
  return undefined;
}

/** The names that the node's expressions can use now. `outputOf` returns a step's output with references loaded. */
export function scopeOf(run: AcceptedRun, plan: Plan, state: RunState, node: PlanNode, outputOf: (step: StepState) => unknown): Scope {
  const steps: Record<string, unknown> = {};
  const previous: Record<string, unknown> = {};
  for (const key of node.inScope) {
    const round = roundOf(state, key);
    const now = shown(state.steps.get(stepId(key, round)), outputOf);
    if (now) steps[key] = now.value;
    const before = round > 1 ? shown(state.steps.get(stepId(key, round - 1)), outputOf) : undefined;
    if (before) previous[key] = before.value;
  }
  return createScope({
    trigger: run.trigger,
    input: steps[plan.start.key],
    steps,
    previous,
    round: roundOf(state, node.key),
    vars: plan.vars,
    run: { id: run.runId, workflowId: run.workflowId, version: run.version, startedAt: state.startedAt ?? null, labels: run.labels },
  });
}

/** The values that arrived on live edges; for a `first` join only the winner's. */
export function arrivalsOf(state: RunState, node: PlanNode, winner: string | undefined, outputOf: (step: StepState) => unknown): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const edge of node.incoming) {
    if (winner !== undefined ? edge.id !== winner : edgeState(state, edge) !== 'live') continue;
    const value = shown(currentStep(state, edge.source.key), outputOf);
    if (value) arrivals.push({ edgeId: edge.id, key: edge.source.key, title: edge.source.title, value: value.value });
  }
  return arrivals;
}
