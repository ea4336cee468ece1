import { ERROR_PORT, OUT } from '@switchyard/shared/graph/graph.ts';
import { edgeOfLoopReturn, frameOf } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { emptyRun } from '@switchyard/shared/run/fold.ts';
import { statusOfItem } from '@switchyard/shared/run/fold-frame.ts';
import { type ContainerState, currentStep, type FrameState, findStep, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { readFrame, readFrames } from '../live/item-frames.ts';
import { EditorContext } from './editor-store.ts';
import { chosenItems, containersAround, frameAround, type ItemSource, shownItemOf } from './shown-item.ts';

/** A run as shown on the canvas: live, or at a point in its past. */
export interface RunSource {
  readonly runId: string;
  readonly store: Pick<StoreApi<Shown>, 'getState' | 'getInitialState' | 'subscribe'>;
  /** The key by which the run knows a node that has been renamed since. */
  readonly keyOf?: (nodeKey: string) => string | undefined;
  /** The graph has changed since the run ended: its values are shown as those of the last run, without its path. */
  readonly isOld?: boolean;
}

export interface Shown {
  readonly state: RunState;
  /** The events up to that state, at least. */
  readonly journal?: readonly JournalEvent[];
  /** The displayed point in the past, in ms since the epoch. Undefined for a live run. */
  readonly now?: number;
}

/** The run displayed on the canvas, or null. */
export const RunContext = createContext<RunSource | null>(null);

const NO_RUN: RunSource = { runId: '', store: createStore<Shown>(() => ({ state: emptyRun() })) };
const useRunSource = (): RunSource => useContext(RunContext) ?? NO_RUN;

export const useShownRunId = (): string => useRunSource().runId;

/** The displayed point in a run’s past, in ms since the epoch, at which time stands still. Undefined for a live run. */
export const useShownMoment = (): number | undefined => useStore(useRunSource().store, ({ now }) => now);

export const useRunIsOld = (): boolean => useRunSource().isOld === true;

/** Part of what happened where a node is: in the run, or in the shown item of the container around it. `select` gets undefined if that item has not started. */
function useFrame<T>(nodeKey: string, select: (frame: FrameState | undefined) => T, values = false): T {
  const { runId, store, keyOf } = useRunSource();
  const editor = useContext(EditorContext);
  useStore(chosenItems);
  useStore(readFrames);
  const around = editor ? containersAround(editor.getState().graph, nodeKey).map((key) => keyOf?.(key) ?? key) : [];
  return useStore(store, ({ state, journal }) => select(around.length === 0 ? state : frameAround({ runId, state, journal, values }, around)));
}

/** The step of a node in its current round, of the shown item if it is in a container. Renders only when that step changes. */
export function useNodeStep(nodeKey: string, values = false): StepState | undefined {
  const { keyOf } = useRunSource();
  const key = keyOf ? keyOf(nodeKey) : nodeKey;
  return useFrame(nodeKey, (frame) => (frame && key !== undefined ? currentStep(frame, key) : undefined), values);
}

/** The same with what the step read and returned, which in an item of a long for-each may be a moment late. */
export const useNodeValues = (nodeKey: string): StepState | undefined => useNodeStep(nodeKey, true);

/** The items of a for-each step in the displayed run: the source they are read from, and the shown item. Renders when an item starts, waits, continues, or ends. */
export function useContainer(step: StepState | undefined): (ItemSource & { readonly shown: number }) | undefined {
  const { runId, store } = useRunSource();
  useStore(chosenItems);
  useStore(store, ({ state }) => step?.items && openItems(state.containers.get(step.id)));
  if (!step?.items) return undefined;
  const { state, journal } = store.getState();
  const source = { runId, state, journal };
  return { ...source, shown: shownItemOf(source, step) };
}

/** Which items are open, and what each of them does, as one text. */
const openItems = (container: ContainerState | undefined): string | undefined =>
  container && Array.from(container.open.keys(), (index) => `${index} ${statusOfItem(container, index)}`).join();

/** The node key of a step that waits for a person, once nothing else in the run is active. */
export const useWaitingKey = (): string | undefined => useStore(useRunSource().store, ({ state }) => waitingKey(state));

function waitingKey(state: RunState): string | undefined {
  if (state.status !== 'waiting') return undefined;
  return [...state.steps.values()].find(({ status, wait }) => status === 'waiting' && wait && 'reviewId' in wait)?.nodeKey;
}

/** Whether this step’s response marked the run failed. */
export const useRepliedAsFailure = (id: string | undefined): boolean =>
  useStore(useRunSource().store, ({ state: { reply } }) => reply?.outcome === 'failure' && reply.stepId === id);

/** `active`: its source has finished and its target is running. `taken`: the run passed it. */
export type EdgeState = 'idle' | 'taken' | 'active';

export interface EdgeEnds {
  readonly edgeId: string;
  readonly back: boolean;
  readonly sourceKey: string;
  readonly sourcePort: string;
  readonly targetKey: string;
}

/** Whether an output port of this step is live. */
export function portIsLive(step: StepState | undefined, port: string): boolean {
  if (step?.status === 'failed') return step.handled === true && port === ERROR_PORT;
  if (step?.status !== 'succeeded') return false;
  return step.port === null || step.port === undefined ? port !== ERROR_PORT : step.port === port;
}

/** What a run did with an edge. A loop edge counts as taken while its target is in the round it started. */
export function edgeState(state: FrameState, ends: EdgeEnds): EdgeState {
  const target = currentStep(state, ends.targetKey);
  const atWork = target?.status === 'running' || target?.status === 'waiting';
  if (ends.back) {
    const taken = [...state.loopReturns].some((id) => edgeOfLoopReturn(id) === ends.edgeId);
    return taken ? (atWork && state.forced.has(ends.targetKey) ? 'active' : 'taken') : 'idle';
  }
  if (!portIsLive(currentStep(state, ends.sourceKey), ends.sourcePort || OUT)) return 'idle';
  if (!target || target.status === 'skipped') return 'taken';
  return target.status === 'running' ? 'active' : 'taken';
}

export function useEdgeState(ends: EdgeEnds): EdgeState {
  const { keyOf, isOld } = useRunSource();
  const ran = keyOf ? { ...ends, sourceKey: keyOf(ends.sourceKey) ?? '', targetKey: keyOf(ends.targetKey) ?? '' } : ends;
  return useFrame(ends.sourceKey, (frame) => (isOld || !frame || frame.steps.size === 0 ? 'idle' : edgeState(frame, ran)));
}

/** A step by its ID, in any round. */
export function useStepOf(id: string): StepState | undefined {
  const { runId, store } = useRunSource();
  const frame = frameOf(id);
  const read = useStore(readFrames, () => (frame === undefined ? undefined : readFrame(runId, frame)?.steps.get(id)));
  return useStore(store, ({ state }) => read ?? findStep(state, id));
}
