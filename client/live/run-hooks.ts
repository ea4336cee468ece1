import type { JournalEvent, ModelFallback } from '@switchyard/shared/run/events.ts';
import { isEnded, type RunState, type StepStatus } from '@switchyard/shared/run/state.ts';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { deltaKey, deltas } from './deltas.ts';
import { fallbackOf, fallbacks } from './fallbacks.ts';
import { NO_RUN, type RunProgress, type RunSnapshot } from './run-store.ts';
import { runStore, watchRun } from './watch-run.ts';

function useWatched<T>(runId: string, select: (snapshot: RunSnapshot) => T): T {
  useEffect(() => watchRun(runId), [runId]);
  return useStore(runStore(runId), select);
}

/** The whole live run: phase, state, journal. Renders with every frame that has new events. */
export const useLiveRun = (runId: string): RunSnapshot => useWatched(runId, (snapshot) => snapshot);
/** The live state of a run. */
export const useRunState = (runId: string): RunState => useWatched(runId, (snapshot) => snapshot.state);

/** Status and times of a run. Its events are requested only until it has ended. */
export function useRunProgress(runId: string | null): RunProgress | undefined {
  const progress = useStore(runId === null ? NO_RUN : runStore(runId), (snapshot) => snapshot.progress);
  const ended = progress !== undefined && isEnded(progress.status);
  useEffect(() => (runId === null || ended ? undefined : watchRun(runId)), [runId, ended]);
  return progress;
}

/** The live events of a run, copied into an array of their own. */
export function useRunJournal(runId: string): readonly JournalEvent[] {
  const journal = useWatched(runId, (snapshot) => snapshot.journal);
  const received = useWatched(runId, (snapshot) => snapshot.received);
  return useMemo(() => journal.slice(0, received), [journal, received]);
}

const textOf = (runId: string, stepId: string): string => deltas.getState().get(deltaKey(runId, stepId))?.text ?? '';

/** The text that a step is streaming, or an empty string. */
export const useDelta = (runId: string, stepId: string): string => useStore(deltas, () => textOf(runId, stepId));

/** Whether a step is streaming text. */
export const useIsStreaming = (runId: string, stepId: string): boolean => useStore(deltas, () => textOf(runId, stepId) !== '');

interface WithCalls {
  readonly id: string;
  readonly status: StepStatus;
  readonly calls: readonly { readonly id: string; readonly status: 'running' | 'succeeded' | 'failed' }[];
}

/** The fallback of a running step’s call. Undefined once that call has ended. */
export function useFallback(runId: string, step: WithCalls): ModelFallback | undefined {
  const fallback = useStore(fallbacks, (shown) => fallbackOf(shown, runId, step.id));
  const isOpen = step.status === 'running' && step.calls.some(({ id, status }) => id === fallback?.callId && status === 'running');
  return isOpen ? fallback : undefined;
}

/** Calls `draw` with the text that a step is streaming, after each render and whenever the text changes, without rendering. */
export function useDeltaDraw(runId: string, stepId: string, draw: (text: string) => void): void {
  const latest = useRef(draw);
  useLayoutEffect(() => {
    latest.current = draw;
    draw(textOf(runId, stepId));
  });
  useEffect(() => {
    let shown = textOf(runId, stepId);
    return deltas.subscribe(() => {
      const text = textOf(runId, stepId);
      if (text !== shown) latest.current(text);
      shown = text;
    });
  }, [runId, stepId]);
}
