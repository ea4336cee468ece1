import type { RunFallback } from '@switchyard/shared/realtime/protocol.ts';
import { createStore } from 'zustand/vanilla';

/** The last fallback of steps in progress, by run and step. Ephemeral: the record of the call lists its attempts. */
export const fallbacks = createStore<ReadonlyMap<string, RunFallback>>(() => new Map());

const fallbackKey = (runId: string, stepId: string): string => `${runId}/${stepId}`;

export const fallbackOf = (shown: ReadonlyMap<string, RunFallback>, runId: string, stepId: string): RunFallback | undefined =>
  shown.get(fallbackKey(runId, stepId));

export const addFallback = (fallback: RunFallback): void =>
  fallbacks.setState(new Map(fallbacks.getState()).set(fallbackKey(fallback.runId, fallback.stepId), fallback), true);

/** Drops the fallback of a finished step. */
export function clearFallback(runId: string, stepId: string): void {
  const next = new Map(fallbacks.getState());
  if (next.delete(fallbackKey(runId, stepId))) fallbacks.setState(next, true);
}
