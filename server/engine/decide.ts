import { ERROR_PORT } from '@switchyard/shared/graph/graph.ts';
import { loopReturnId, stepId } from '@switchyard/shared/run/address.ts';
import { currentStep, isEnded, type RunState, roundOf, type StepState } from '@switchyard/shared/run/state.ts';
import type { Plan, PlanEdge, PlanNode } from './plan.ts';

/*
 * Decides what to do next: a pure function of plan and state. No clock, no I/O, no state of its own.
 * Invariants: 1. The same plan and state give the same commands. 2. A step that has ended never appears in a command again. 3. When nothing is left to
 * do and nothing runs or waits, the command is `finish`.
 */

/** How many steps of one run may run at once. */
export const PARALLEL_LIMIT = 32;

export type Command =
  | { readonly do: 'skip'; readonly node: PlanNode; readonly stepId: string; readonly round: number }
  | { readonly do: 'start'; readonly node: PlanNode; readonly stepId: string; readonly round: number; readonly winner?: string }
  /** A step with no running task: it was interrupted or handed off, or its wait ended. */
  | { readonly do: 'resume'; readonly node: PlanNode; readonly step: StepState }
  | { readonly do: 'begin-round'; readonly edge: PlanEdge; readonly sourceStepId: string }
  | { readonly do: 'exceed-loop'; readonly edge: PlanEdge; readonly sourceStepId: string }
  | { readonly do: 'cancel'; readonly step: StepState }
  | { readonly do: 'finish' };

/** The steps that this driver is running now, by ID. */
export interface ActiveSteps {
  has(stepId: string): boolean;
  readonly size: number;
}

/** Commands for a run in this state.  */
export function decide(plan: Plan, state: RunState, active: ActiveSteps): Command[] {
  if (isEnded(state.status)) return [];
  if (isStopping(state)) return stop(state);
  const round = nextLoop(plan, state);
  if (round) return [round];
  const commands = [...resumes(plan, state, active), ...starts(plan, state, active)];
  return commands.length === 0 && active.size === 0 && state.runningCount === 0 && state.waitingCount === 0 ? [{ do: 'finish' }] : commands;
}

/**
 * The externally visible state. A run with a step about to start is `running`, never `waiting` (S14). Otherwise a restart would not
 * resume it, and its caller would be told that it waits for a person.
 */
export function visibleState(plan: Plan, state: RunState, active: ActiveSteps): RunState {
  const starts = state.status === 'waiting' && (active.size > 0 || decide(plan, state, active).length > 0);
  return starts ? { ...state, status: 'running' } : state;
}

/** The run is being canceled or has failed: open steps are canceled, and nothing new starts. */
export const isStopping = (state: RunState): boolean => state.cancelling || state.error !== undefined || state.reply?.outcome === 'failure';

function stop(state: RunState): Command[] {
  const open = [...state.steps.values()].filter((step) => step.status === 'running' || step.status === 'waiting');
  return open.length === 0 ? [{ do: 'finish' }] : open.map((step) => ({ do: 'cancel', step }));
}

/** One loop edge at a time: the next decision is made in the state that follows. */
function nextLoop(plan: Plan, state: RunState): Command | undefined {
  for (const node of plan.nodes) {
    for (const edge of node.loopEdges) {
      const source = currentStep(state, node.key);
      if (!source || edgeState(state, edge) !== 'live' || state.loopReturns.has(loopReturnId(edge.id, source.id))) continue;
      const count = state.loopCounts.get(edge.target.key) ?? 0;
      return { do: count >= edge.limit ? 'exceed-loop' : 'begin-round', edge, sourceStepId: source.id };
    }
  }
  return undefined;
}

function resumes(plan: Plan, state: RunState, active: ActiveSteps): Command[] {
  if (state.runningCount === 0) return [];
  const commands: Command[] = [];
  for (const step of state.steps.values()) {
    const node = plan.byKey.get(step.nodeKey);
    if (step.status === 'running' && node && !active.has(step.id)) commands.push({ do: 'resume', node, step });
  }
  return commands;
}

function starts(plan: Plan, state: RunState, active: ActiveSteps): Command[] {
  const commands: Command[] = [];
  const skipped = new Set<string>();
  let room = PARALLEL_LIMIT - Math.max(state.runningCount, active.size);
  for (const node of plan.nodes) {
    const round = roundOf(state, node.key);
    const id = stepId(node.key, round);
    if (state.steps.has(id) || active.has(id)) continue;
    const ready = readiness(plan, state, node, skipped);
    if (ready.go === undefined) continue;
    if (!ready.go) {
      skipped.add(node.key);
      commands.push({ do: 'skip', node, stepId: id, round });
    } else if (room > 0) {
      room--;
      commands.push({ do: 'start', node, stepId: id, round, ...(ready.winner !== undefined && { winner: ready.winner }) });
    }
  }
  return commands;
}

interface Readiness {
  readonly go?: boolean;
  readonly winner?: string;
}

/** Start, skip, or wait (`go` undefined). A node restarted by a loop edge starts regardless of its incoming edges (S1). */
function readiness(plan: Plan, state: RunState, node: PlanNode, skipped: ReadonlySet<string>): Readiness {
  if (node === plan.start) return { go: true };
  const ready = join(state, node, skipped);
  return state.forced.has(node.key) ? { ...ready, go: true } : ready;
}

/** Readiness by the states of the incoming edges (S6). */
function join(state: RunState, node: PlanNode, skipped: ReadonlySet<string>): Readiness {
  let [live, unsettled] = [false, false];
  for (const edge of node.incoming) {
    const found = edgeState(state, edge, skipped);
    if (found === 'live') live = true;
    if (found === 'unsettled') unsettled = true;
  }
  if (node.joinsFirst && live) return { go: true, winner: firstSettled(state, node)?.id ?? '' };
  return unsettled ? {} : { go: live };
}

/** Of several live edges into a `first` join, the one whose step ended first. */
function firstSettled(state: RunState, node: PlanNode): PlanEdge | undefined {
  const live = node.incoming.filter((edge) => edgeState(state, edge) === 'live');
  const endOf = (edge: PlanEdge) => currentStep(state, edge.source.key)?.endedAt ?? '';
  return live.reduce<PlanEdge | undefined>((first, edge) => (first && endOf(first) <= endOf(edge) ? first : edge), undefined);
}

export type EdgeState = 'live' | 'dead' | 'unsettled';

/** The state of an edge in its source's current round. `skipped`: nodes that are being skipped right now. */
export function edgeState(state: RunState, edge: PlanEdge, skipped?: ReadonlySet<string>): EdgeState {
  const step = currentStep(state, edge.source.key);
  if (!step) return skipped?.has(edge.source.key) ? 'dead' : 'unsettled';
  switch (step.status) {
    case 'succeeded':
      return isLive(step, edge) ? 'live' : 'dead';
    case 'failed':
      return step.handled && edge.port === ERROR_PORT ? 'live' : 'dead';
    case 'skipped':
    case 'cancelled':
      return 'dead';
    default:
      return 'unsettled';
  }
}

function isLive(step: StepState, edge: PlanEdge): boolean {
  if (step.port === null || step.port === undefined) return edge.port !== ERROR_PORT;
  return step.port === edge.port;
}
