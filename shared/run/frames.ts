import { frameId, frameOf, placeOfFrame } from './address.ts';
import type { RunEventOf } from './events.ts';
import {
  type ContainerState,
  type FrameState,
  findStep,
  type ItemCounts,
  type ItemOutcome,
  isRunning,
  type OpenFrame,
  outerOf,
  type RunState,
  type StepState,
} from './state.ts';

/*
 * The items of for-each steps in the state of a run (S33, S36). A frame opens with the first event in it, and leaves the state when it ends.
 * Invariant: the counts of a frame are those of its own steps and of the open frames in it.
 */

/** How many failed items a step names. */
const MOST_FAILURES = 20;

const isWaiting = ({ status }: StepState): boolean => status === 'waiting';
const isBusy = (step: StepState): boolean => (isRunning(step) ? !step.interrupted : step.status === 'waiting' && step.wait?.kind === 'retry');

export const isAnyCountChanged = (before: StepState | undefined, now: StepState): boolean =>
  before === undefined || isRunning(before) !== isRunning(now) || isWaiting(before) !== isWaiting(now) || isBusy(before) !== isBusy(now);

/** Adds a step to the counts of its frame and of all around it, or subtracts it. */
export function count(state: RunState, frame: FrameState, step: StepState, sign: 1 | -1): void {
  const [running, waiting, busy] = [isRunning(step), isWaiting(step), isBusy(step)];
  if (!running && !waiting) return;
  for (let at: FrameState | undefined = frame; at; at = aroundOf(state, at)) {
    if (running) at.runningCount += sign;
    if (waiting) at.waitingCount += sign;
    if (busy) at.busyCount += sign;
  }
}

const aroundOf = (state: RunState, frame: FrameState): FrameState | undefined => (frame === state ? undefined : outerOf(state, frame as OpenFrame));

/** The frame that a step belongs to. Opened if this is its first event. Undefined if it has ended. */
export function frameFor(state: RunState, stepId: string): FrameState | undefined {
  const id = frameOf(stepId);
  return id === undefined ? state : (state.frames.get(id) ?? openFrame(state, id));
}

/** Of all items that have not looped, so that each item needs no collections of its own for it. Never changed: see `ownLoops`. */
const NO_LOOPS: Pick<FrameState, 'rounds' | 'forced' | 'loopCounts' | 'loopReturns'> = {
  rounds: new Map(),
  forced: new Set(),
  loopCounts: new Map(),
  loopReturns: new Set(),
};

/** The frame, about to loop. */
export function ownLoops(frame: FrameState): FrameState {
  if (frame.rounds === NO_LOOPS.rounds) Object.assign(frame, { rounds: new Map(), forced: new Set(), loopCounts: new Map(), loopReturns: new Set() });
  return frame;
}

const NO_STEPS: OpenFrame['steps'] = new Map();

/** An item that nothing has happened in. It isn’t in the state, so it never gets a step. */
export const unopenedFrame = ({ stepId, nodeKey, outerId }: ContainerState, item: number): OpenFrame => ({
  id: frameId(stepId, item),
  containerId: stepId,
  containerKey: nodeKey,
  item,
  outerId,
  steps: NO_STEPS,
  rounds: NO_LOOPS.rounds,
  forced: NO_LOOPS.forced,
  loopCounts: NO_LOOPS.loopCounts,
  loopReturns: NO_LOOPS.loopReturns,
  runningCount: 0,
  waitingCount: 0,
  busyCount: 0,
});

function openFrame(state: RunState, id: string): OpenFrame | undefined {
  const { containerId, item } = placeOfFrame(id);
  const container = state.containers.get(containerId);
  if (!container || container.outcomes[item]) return undefined;
  const frame = { ...unopenedFrame(container, item), id, steps: new Map() };
  state.frames.set(id, frame);
  container.open.set(item, frame);
  moveNext(container);
  showCounts(state, container);
  return frame;
}

/** Items start in order, but while the first one’s input is stored, another may overtake it. */
function moveNext(container: ContainerState): void {
  while (container.open.has(container.next) || container.outcomes[container.next]) container.next++;
}

export function listItems(state: RunState, { stepId, items, count: total, concurrency, onItemError }: RunEventOf<'items-listed'>): void {
  const step = findStep(state, stepId);
  const frame = frameFor(state, stepId);
  if (!step || !frame) return;
  const container: ContainerState = {
    stepId,
    nodeKey: step.nodeKey,
    outerId: frame.id,
    items,
    count: total,
    concurrency,
    onItemError,
    next: 0,
    open: new Map(),
    outcomes: [],
    ended: 0,
  };
  state.containers.set(stepId, container);
  count(state, frame, step, -1);
  frame.steps.set(stepId, { ...step, interrupted: false, items: { count: total, succeeded: 0, failed: 0, open: 0, failures: [] } });
}

/** Ends an item. Its steps leave the state. */
export function endFrame(state: RunState, id: string, outcome: ItemOutcome): void {
  const { containerId, item } = placeOfFrame(id);
  const container = state.containers.get(containerId);
  if (!container || container.outcomes[item]) return;
  const frame = state.frames.get(id);
  if (frame) closeFrame(state, frame);
  container.open.delete(item);
  container.outcomes[item] = outcome;
  container.ended++;
  moveNext(container);
  if (outcome.error && container.onItemError === 'stop') container.failure ??= { index: item, error: outcome.error };
  showCounts(state, container, { item, outcome });
}

function showCounts(state: RunState, { stepId, open }: ContainerState, ended?: { item: number; outcome: ItemOutcome }): void {
  const step = findStep(state, stepId);
  const frame = step?.items && frameFor(state, stepId);
  if (!frame) return;
  frame.steps.set(stepId, { ...step, items: { ...(ended ? withOutcome(step.items, ended.item, ended.outcome) : step.items), open: open.size } });
}

function withOutcome(counts: ItemCounts, index: number, { error }: ItemOutcome): ItemCounts {
  if (!error) return { ...counts, succeeded: counts.succeeded + 1 };
  const failures = counts.failures.length < MOST_FAILURES ? [...counts.failures, { index, error }] : counts.failures;
  return { ...counts, failed: counts.failed + 1, failures };
}

/** Takes a frame and all for-each steps in it out of the state. */
function closeFrame(state: RunState, frame: OpenFrame): void {
  for (const step of frame.steps.values()) {
    closeContainer(state, step.id);
    count(state, frame, step, -1);
  }
  state.frames.delete(frame.id);
}

/** Takes the open items of a for-each step that has ended out of the state. */
export function closeContainer(state: RunState, stepId: string): void {
  const container = state.containers.get(stepId);
  if (!container) return;
  for (const frame of container.open.values()) closeFrame(state, frame);
  state.containers.delete(stepId);
  const step = findStep(state, stepId);
  if (step?.items && step.items.open > 0) frameFor(state, stepId)?.steps.set(stepId, { ...step, items: { ...step.items, open: 0 } });
}

/** Whether an item has ended, or everything around it has. */
export function isFrameOver(state: RunState, id: string): boolean {
  const { containerId, item } = placeOfFrame(id);
  const container = state.containers.get(containerId);
  if (container) return container.outcomes[item] !== undefined;
  const step = findStep(state, containerId);
  if (step) return !isRunning(step) && step.status !== 'waiting';
  const outer = frameOf(containerId);
  return outer !== undefined && isFrameOver(state, outer);
}
