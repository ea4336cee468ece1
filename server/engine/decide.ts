import type { Stop } from '@switchyard/shared/evaluation/stand-ins.ts';
import { ERROR_PORT } from '@switchyard/shared/graph/graph.ts';
import { frameId, frameOf, framesAround, loopReturnId, placeOfFrame, stepId } from '@switchyard/shared/run/address.ts';
import { unopenedFrame } from '@switchyard/shared/run/frames.ts';
import {
  type ContainerState,
  currentStep,
  type FrameState,
  isEnded,
  isRunning,
  type OpenFrame,
  openSteps,
  type RunState,
  roundOf,
  type StepState,
} from '@switchyard/shared/run/state.ts';
import type { Plan, PlanEdge, PlanNode } from './plan.ts';

/*
 * Decides what to do next: a pure function of plan and state. No clock, no I/O, no state of its own. The top level of a run and each item
 * of a for-each step are decided alike (S33).
 * Invariants: 1. The same plan and state give the same commands. 2. A step that has ended never appears in a command again. 3. When nothing is left to
 * do and nothing runs or waits, the command is `finish`.
 */

/** How many steps of one frame may run at once, and how many of one run. */
export const PARALLEL_LIMIT = 32;
const MOST_RUNNING = 256;
/** How many items of a for-each step may be open at once (S34). */
const MOST_OPEN = 1_000;

export type Command =
  | { readonly do: 'skip'; readonly node: PlanNode; readonly stepId: string; readonly round: number }
  | { readonly do: 'start'; readonly node: PlanNode; readonly stepId: string; readonly round: number; readonly winner?: string }
  /** A step with no running task: it was interrupted or handed off, or its wait ended. */
  | { readonly do: 'resume'; readonly node: PlanNode; readonly step: StepState }
  | { readonly do: 'begin-round'; readonly edge: PlanEdge; readonly sourceStepId: string }
  | { readonly do: 'exceed-loop'; readonly edge: PlanEdge; readonly sourceStepId: string }
  | { readonly do: 'cancel'; readonly step: StepState; readonly because?: 'item-failed' }
  /** Nothing is left to do for an item. */
  | { readonly do: 'end-item'; readonly node: PlanNode; readonly frame: OpenFrame }
  /** Every item of a for-each step has ended, or one that fails the step has failed. */
  | { readonly do: 'end-items'; readonly node: PlanNode; readonly step: StepState; readonly container: ContainerState }
  /** Nothing is left to do but what the run must not do (S82). */
  | { readonly do: 'stop'; readonly stop: Stop }
  | { readonly do: 'finish' };

/** The steps that this driver is running now, by ID. */
export interface ActiveSteps {
  has(stepId: string): boolean;
  keys(): Iterable<string>;
  readonly size: number;
}

/** What one decision is about. */
interface Situation {
  readonly plan: Plan;
  readonly state: RunState;
  readonly active: ActiveSteps;
  /** How many active steps each frame has, those of items in it included. Undefined is the top level. */
  readonly activeIn: ReadonlyMap<string | undefined, number>;
}

/** Commands for a run in this state.  */
export function decide(plan: Plan, state: RunState, active: ActiveSteps): Command[] {
  if (isEnded(state.status)) return [];
  if (isStopping(state)) {
    const commands = cancels(state, state);
    return commands.length === 0 && state.runningCount === 0 && state.waitingCount === 0 ? [{ do: 'finish' }] : commands;
  }
  const nodes = state.only === undefined ? plan.nodes : plan.upTo(state.only);
  const commands = frameCommands({ plan, state, active, activeIn: state.containers.size > 0 ? countByFrame(active) : NONE_ACTIVE }, nodes, state);
  if (commands.length > 0 || active.size > 0 || state.runningCount > 0) return commands;
  if (state.waitingCount === 0) return [{ do: 'finish' }];
  const stop = state.stops && onlyStopped(state, state.stops);
  return stop ? [{ do: 'stop', stop }] : [];
}

/** The first of the stopped steps, if every step that waits is one. */
function onlyStopped(state: RunState, stops: readonly Stop[]): Stop | undefined {
  const stopped = new Set<string>();
  for (const { id, status, wait } of openSteps(state)) {
    if (status !== 'waiting') continue;
    if (wait?.kind !== 'stopped') return undefined;
    stopped.add(id);
  }
  // A new round may have canceled one.
  return stops.find(({ stepId }) => stopped.has(stepId));
}

const NONE_ACTIVE: Situation['activeIn'] = new Map();

function countByFrame(active: ActiveSteps): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const id of active.keys()) {
    for (const frame of framesAround(frameOf(id))) counts.set(frame, (counts.get(frame) ?? 0) + 1);
  }
  return counts;
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

/** Whether an item stops, and everything in it: it has ended, or an error ends it, an item beside it, or one around it. */
export function isItemStopping(state: RunState, frame: string | undefined): boolean {
  if (frame === undefined) return false;
  const { containerId, item } = placeOfFrame(frame);
  const container = state.containers.get(containerId);
  if (!container || container.failure || container.outcomes[item] || container.open.get(item)?.error) return true;
  return isItemStopping(state, container.outerId);
}

/** The for-each steps of a frame that run through their items. */
function containersIn(state: RunState, frame: FrameState): readonly (readonly [StepState, ContainerState])[] {
  if (state.containers.size === 0) return NO_CONTAINERS;
  let found: [StepState, ContainerState][] | undefined;
  for (const step of frame.steps.values()) {
    const container = step.items && state.containers.get(step.id);
    if (!container) continue;
    found ??= [];
    found.push([step, container]);
  }
  return found ?? NO_CONTAINERS;
}
const NO_CONTAINERS: readonly [] = [];

/** Cancels everything in a frame, from the inside out: a for-each step ends once nothing in it runs or waits. */
function cancels(state: RunState, frame: FrameState, because?: 'item-failed'): Command[] {
  const commands: Command[] = [];
  for (const step of frame.steps.values()) if (step.status === 'waiting' || isRunning(step)) commands.push({ do: 'cancel', step, ...(because && { because }) });
  for (const [step, container] of containersIn(state, frame)) {
    const inside = [...container.open.values()].flatMap((open) => cancels(state, open, because));
    commands.push(...(inside.length > 0 ? inside : [{ do: 'cancel' as const, step, ...(because && { because }) }]));
  }
  return commands;
}

function frameCommands(situation: Situation, nodes: readonly PlanNode[], frame: FrameState): Command[] {
  const round = nextLoop(nodes, frame, situation.state.only);
  if (round) return [round];
  const commands = [...resumes(situation, frame), ...starts(situation, nodes, frame)];
  for (const [step, container] of containersIn(situation.state, frame)) commands.push(...containerCommands(situation, step, container));
  return commands;
}

/** Ends, continues, and starts items (S34, S35). */
function containerCommands(situation: Situation, step: StepState, container: ContainerState): Command[] {
  const { plan, state } = situation;
  const node = plan.byKey.get(step.nodeKey);
  if (!node?.inner) return [];
  if (container.failure) {
    const open = [...container.open.values()].flatMap((frame) => cancels(state, frame, 'item-failed'));
    return open.length > 0 ? open : [{ do: 'end-items', node, step, container }];
  }
  if (container.ended === container.count) return [{ do: 'end-items', node, step, container }];
  const commands: Command[] = [];
  let slots = container.concurrency;
  for (const frame of container.open.values()) if (isBusy(situation, frame)) slots--;
  for (const frame of container.open.values()) {
    const busy = isBusy(situation, frame);
    if (!busy && slots <= 0) continue;
    const own = itemCommands(situation, node, frame);
    if (!busy && own.some(startsWork)) slots--;
    commands.push(...own);
  }
  let room = Math.min(slots, MOST_OPEN - container.open.size);
  for (let item = container.next; room > 0 && item < container.count; item++) {
    if (container.outcomes[item] || container.open.has(item)) continue;
    room--;
    if (!situation.activeIn.has(frameId(container.stepId, item))) commands.push(...itemCommands(situation, node, unopenedFrame(container, item)));
  }
  return commands;
}

/** The item takes a slot: something of it is in flight, about to start, or between two attempts (S34). */
const isBusy = ({ activeIn }: Situation, { id, busyCount }: OpenFrame): boolean => busyCount > 0 || activeIn.has(id);

const startsWork = ({ do: what }: Command): boolean => what === 'start' || what === 'resume';

function itemCommands(situation: Situation, node: PlanNode, frame: OpenFrame): Command[] {
  if (frame.error) {
    const open = cancels(situation.state, frame, 'item-failed');
    return open.length > 0 ? open : [{ do: 'end-item', node, frame }];
  }
  const own = frameCommands(situation, node.inner?.nodes ?? [], frame);
  const isOver = own.length === 0 && frame.runningCount === 0 && frame.waitingCount === 0 && !situation.activeIn.has(frame.id);
  return isOver ? [{ do: 'end-item', node, frame }] : own;
}

/** One loop edge at a time: the next decision is made in the state that follows. A run that ends at a node (`only`) takes none of its edges. */
function nextLoop(nodes: readonly PlanNode[], frame: FrameState, only: string | undefined): Command | undefined {
  for (const node of nodes) {
    if (node.key === only) continue;
    for (const edge of node.loopEdges) {
      const source = currentStep(frame, node.key);
      if (!source || edgeState(frame, edge) !== 'live' || frame.loopReturns.has(loopReturnId(edge.id, source.id))) continue;
      const count = frame.loopCounts.get(edge.target.key) ?? 0;
      return { do: count >= edge.limit ? 'exceed-loop' : 'begin-round', edge, sourceStepId: source.id };
    }
  }
  return undefined;
}

function resumes({ plan, active }: Situation, frame: FrameState): Command[] {
  if (frame.runningCount === 0) return [];
  const commands: Command[] = [];
  for (const step of frame.steps.values()) {
    const node = plan.byKey.get(step.nodeKey);
    if (isRunning(step) && node && !active.has(step.id)) commands.push({ do: 'resume', node, step });
  }
  return commands;
}

const NONE_SKIPPED: ReadonlySet<string> = new Set();

function starts(situation: Situation, nodes: readonly PlanNode[], frame: FrameState): Command[] {
  const { plan, active } = situation;
  const commands: Command[] = [];
  let skipped: Set<string> | undefined;
  let room: number | undefined;
  for (const node of nodes) {
    const round = roundOf(frame, node.key);
    const id = stepId(node.key, round, frame.id);
    if (frame.steps.has(id) || active.has(id)) continue;
    const ready = readiness(plan, frame, node, skipped ?? NONE_SKIPPED);
    if (ready.go === undefined) continue;
    if (!ready.go) {
      skipped ??= new Set();
      skipped.add(node.key);
      commands.push({ do: 'skip', node, stepId: id, round });
      continue;
    }
    room ??= roomIn(situation, frame);
    if (room <= 0) continue;
    room--;
    commands.push({ do: 'start', node, stepId: id, round, ...(ready.winner !== undefined && { winner: ready.winner }) });
  }
  return commands;
}

/** How many more steps may start in a frame. */
function roomIn({ state, active, activeIn }: Situation, frame: FrameState): number {
  let [running, started] = [frame.runningCount, frame.id === undefined ? active.size : (activeIn.get(frame.id) ?? 0)];
  for (const [, { open }] of containersIn(state, frame)) {
    for (const inner of open.values()) {
      running -= inner.runningCount;
      started -= activeIn.get(inner.id) ?? 0;
    }
  }
  return Math.min(PARALLEL_LIMIT - Math.max(running, started), MOST_RUNNING - Math.max(state.runningCount, active.size));
}

interface Readiness {
  readonly go?: boolean;
  readonly winner?: string;
}

/**
 * Start, skip, or wait (`go` undefined). A node restarted by a loop edge starts regardless of its incoming edges (S1). In a container,
 * nodes without any start first (S32).
 */
function readiness(plan: Plan, frame: FrameState, node: PlanNode, skipped: ReadonlySet<string>): Readiness {
  if (node === plan.start || (frame.id !== undefined && node.incoming.length === 0)) return { go: true };
  const ready = join(frame, node, skipped);
  return frame.forced.has(node.key) ? { ...ready, go: true } : ready;
}

/** Readiness by the states of the incoming edges (S6). */
function join(frame: FrameState, node: PlanNode, skipped: ReadonlySet<string>): Readiness {
  let [live, unsettled] = [false, false];
  for (const edge of node.incoming) {
    const found = edgeState(frame, edge, skipped);
    if (found === 'live') live = true;
    if (found === 'unsettled') unsettled = true;
  }
  if (node.joinsFirst && live) return { go: true, winner: firstSettled(frame, node)?.id ?? '' };
  return unsettled ? {} : { go: live };
}

/** Of several live edges into a `first` join, the one whose step ended first. */
function firstSettled(frame: FrameState, node: PlanNode): PlanEdge | undefined {
  const live = node.incoming.filter((edge) => edgeState(frame, edge) === 'live');
  const endOf = (edge: PlanEdge) => currentStep(frame, edge.source.key)?.endedAt ?? '';
  return live.reduce<PlanEdge | undefined>((first, edge) => (first && endOf(first) <= endOf(edge) ? first : edge), undefined);
}

export type EdgeState = 'live' | 'dead' | 'unsettled';

/** The state of an edge in its source's current round. `skipped`: nodes that are being skipped right now. */
export function edgeState(frame: FrameState, edge: PlanEdge, skipped?: ReadonlySet<string>): EdgeState {
  const step = currentStep(frame, edge.source.key);
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
