import { ERROR_PORT, OUT } from '@switchyard/shared/graph/graph.ts';
import { edgeOfLoopReturn } from '@switchyard/shared/run/address.ts';
import { emptyRun } from '@switchyard/shared/run/fold.ts';
import { currentStep, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A run as the canvas draws it: live, or folded up to a moment of its past. */
export interface RunSource {
  readonly runId: string;
  readonly store: Pick<StoreApi<Shown>, 'getState' | 'getInitialState' | 'subscribe'>;
  /** The key that the run knows a node by, where nodes were renamed since. */
  readonly keyOf?: (nodeKey: string) => string | undefined;
  /** The graph was changed since the run ended: its values are shown as those of the last run, and nothing tells where it went. */
  readonly isOld?: boolean;
}

export interface Shown {
  readonly state: RunState;
  /** The moment of the past that is shown, in ms since the epoch; a live run has none. */
  readonly now?: number;
}

/** The run that is shown on the canvas below; null while none is. */
export const RunContext = createContext<RunSource | null>(null);

const NO_RUN: RunSource = { runId: '', store: createStore<Shown>(() => ({ state: emptyRun() })) };
const useRunSource = (): RunSource => useContext(RunContext) ?? NO_RUN;

export const useShownRunId = (): string => useRunSource().runId;

/** The moment of a run's past that is shown, in ms since the epoch: time stands still there. Undefined for a live run. */
export const useShownMoment = (): number | undefined => useStore(useRunSource().store, ({ now }) => now);

export const useRunIsOld = (): boolean => useRunSource().isOld === true;

/** The step of a node in its current round; draws again only when that step changes. */
export function useNodeStep(nodeKey: string): StepState | undefined {
  const { store, keyOf } = useRunSource();
  const key = keyOf ? keyOf(nodeKey) : nodeKey;
  return useStore(store, ({ state }) => (key === undefined ? undefined : currentStep(state, key)));
}

/** The key of a step that waits for a person, once nothing else in the run is at work. */
export const useWaitingKey = (): string | undefined => useStore(useRunSource().store, ({ state }) => waitingKey(state));

function waitingKey(state: RunState): string | undefined {
  if (state.status !== 'waiting') return undefined;
  return [...state.steps.values()].find(({ status, wait }) => status === 'waiting' && (wait?.kind === 'review' || wait?.kind === 'interrupted'))?.nodeKey;
}

/** Whether this step's reply made the run one that failed. */
export const useRepliedAsFailure = (id: string | undefined): boolean =>
  useStore(useRunSource().store, ({ state: { reply } }) => reply?.outcome === 'failure' && reply.stepId === id);

/** `active`: its source is done and its target at work. `taken`: the run went this way. */
export type EdgeState = 'idle' | 'taken' | 'active';

export interface EdgeEnds {
  readonly edgeId: string;
  readonly back: boolean;
  readonly sourceKey: string;
  readonly sourcePort: string;
  readonly targetKey: string;
}

/** Whether an out-port of this step is live. */
export function portIsLive(step: StepState | undefined, port: string): boolean {
  if (step?.status === 'failed') return step.handled === true && port === ERROR_PORT;
  if (step?.status !== 'succeeded') return false;
  return step.port === null || step.port === undefined ? port !== ERROR_PORT : step.port === port;
}

/** What a run did with an edge. A loop edge counts as taken while its target is in the round it started. */
export function edgeState(state: RunState, ends: EdgeEnds): EdgeState {
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
  const { store, keyOf, isOld } = useRunSource();
  const ran = keyOf ? { ...ends, sourceKey: keyOf(ends.sourceKey) ?? '', targetKey: keyOf(ends.targetKey) ?? '' } : ends;
  return useStore(store, ({ state }) => (isOld || state.steps.size === 0 ? 'idle' : edgeState(state, ran)));
}

/** A step by its id, in whatever round. */
export const useStepOf = (id: string): StepState | undefined => useStore(useRunSource().store, ({ state }) => state.steps.get(id));
