import type { Arrival } from '@switchyard/nodes/sdk/context.ts';
import { createScope, type Scope } from '@switchyard/shared/expression/create-scope.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import { frameOf, framesAround, placeOfFrame, stepId } from '@switchyard/shared/run/address.ts';
import {
  type ContainerState,
  currentStep,
  type FrameState,
  type OpenFrame,
  outerOf,
  type RunState,
  roundOf,
  type StepState,
} from '@switchyard/shared/run/state.ts';
import { edgeState } from '../decide.ts';
import type { Plan, PlanNode } from '../plan.ts';
import type { AcceptedRun } from '../ports.ts';
import type { Original } from '../stand-ins/desk.ts';

/** What an expression is evaluated in: a frame, and the keys it names. */
export interface Reading {
  readonly plan: Plan;
  readonly state: RunState;
  readonly frame: FrameState;
  readonly inScope: readonly string[];
  /** The ID of the step, or of the frame whose result it is. */
  readonly step: string;
  /** Of the node whose step this is for. */
  readonly round: number;
  /** What it sees instead of the run’s own ID and start. */
  readonly original: Original | undefined;
}

/** The values of a run with references loaded. */
interface Loaded {
  outputOf(step: StepState): unknown;
  itemOf(container: ContainerState, item: number): unknown;
  callbackUrl(stepId: string): string;
}

const asItem = (frame: FrameState): OpenFrame | undefined => (frame.id === undefined ? undefined : (frame as OpenFrame));

/** The frame that has the steps of a node: this one, or one around it. Undefined if the node is inside another container (S33). */
function frameWith(plan: Plan, state: RunState, frame: FrameState, key: string): FrameState | undefined {
  const container = plan.byKey.get(key)?.container;
  for (let at: FrameState | undefined = frame; at; ) {
    const item = asItem(at);
    if (item?.containerKey === container) return at;
    at = item && outerOf(state, item);
  }
  return undefined;
}

/** The for-each step that runs through the item of a frame. */
export function containerOf(state: RunState, frame: FrameState): ContainerState | undefined {
  const item = asItem(frame);
  return item && state.containers.get(item.containerId);
}

/** How many steps like this one the items of the lists around it make. */
export function stepsAlike({ containers }: RunState, stepId: string): number {
  return framesAround(frameOf(stepId)).reduce((count, frame) => count * (containers.get(placeOfFrame(frame).containerId)?.count ?? 1), 1);
}

/** The steps with these keys whose outputs may be read in a frame: this round's and the previous ones (S8). */
export function readableSteps(plan: Plan, state: RunState, frame: FrameState, keys: readonly string[]): StepState[] {
  const steps: StepState[] = [];
  for (const key of keys) {
    const around = frameWith(plan, state, frame, key);
    if (!around) continue;
    const round = roundOf(around, key);
    const now = around.steps.get(stepId(key, round, around.id));
    if (now) steps.push(now);
    const before = round > 1 ? around.steps.get(stepId(key, round - 1, around.id)) : undefined;
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

/** The names that expressions can use now. */
export function scopeOf(run: AcceptedRun, { plan, state, frame, inScope, step, round, original }: Reading, { outputOf, itemOf, callbackUrl }: Loaded): Scope {
  const { runId } = original ?? run;
  const steps: Record<string, unknown> = {};
  const previous: Record<string, unknown> = {};
  for (const key of inScope) {
    const around = frameWith(plan, state, frame, key);
    if (!around) continue;
    const current = roundOf(around, key);
    const now = shown(around.steps.get(stepId(key, current, around.id)), outputOf);
    if (now) steps[key] = now.value;
    const before = current > 1 ? shown(around.steps.get(stepId(key, current - 1, around.id)), outputOf) : undefined;
    if (before) previous[key] = before.value;
  }
  const container = containerOf(state, frame);
  const index = asItem(frame)?.item;
  const data: ScopeData = {
    // A workflow that reads the history also runs without a chat.
    trigger: { history: [], ...run.trigger },
    input: steps[plan.start.key],
    steps,
    previous,
    round,
    vars: plan.vars,
    run: {
      id: runId,
      workflowId: run.workflowId,
      version: run.version,
      startedAt: (original ?? state).startedAt ?? null,
      labels: run.labels,
      ...(plan.callbacks.length > 0 && { callbacks: callbackUrls({ plan, state, frame }, callbackUrl) }),
    },
    ...(container && index !== undefined && { item: itemOf(container, index), index }),
  };
  return createScope(data, `${runId}/${step}`);
}

/** The URLs of the callbacks that a frame can name, by node key: those of this round (S17). */
function callbackUrls({ plan, state, frame }: Pick<Reading, 'plan' | 'state' | 'frame'>, urlOf: (stepId: string) => string): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const key of plan.callbacks) {
    const around = frameWith(plan, state, frame, key);
    if (around) urls[key] = urlOf(stepId(key, roundOf(around, key), around.id));
  }
  return urls;
}

/** The values that arrived on live edges; for a `first` join only the winner's. */
export function arrivalsOf(frame: FrameState, node: PlanNode, winner: string | undefined, outputOf: (step: StepState) => unknown): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const edge of node.incoming) {
    if (winner !== undefined ? edge.id !== winner : edgeState(frame, edge) !== 'live') continue;
    const value = shown(currentStep(frame, edge.source.key), outputOf);
    if (value) arrivals.push({ edgeId: edge.id, key: edge.source.key, title: edge.source.title, value: value.value });
  }
  return arrivals;
}
