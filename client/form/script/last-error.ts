import type { TriedCode } from '@switchyard/shared/contracts/code.ts';
import { currentStep } from '@switchyard/shared/run/state.ts';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { findNode } from '../../graph-editing/operations/node-names.ts';
import { NO_RUN } from '../../live/run-store.ts';
import { runStore } from '../../live/watch-run.ts';
import { useEditor } from '../../open-workflow/editor-store.ts';

type CodeError = NonNullable<TriedCode['error']>;

/** The error with which this code failed in the last run. Undefined if it didn’t, or was changed since. */
export function useLastError(nodeId: string, source: string, helpers: string): CodeError | undefined {
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  const ran = useEditor((state) => state.lastRun?.graph);
  const node = ran ? findNode(ran, nodeId) : undefined;
  const isSame = node?.data.params.source === source && (ran?.helpers ?? '') === helpers;
  const key = isSame ? node?.data.key : undefined;
  const error = useStore(runId === undefined ? NO_RUN : runStore(runId), ({ state }) => (key === undefined ? undefined : currentStep(state, key)?.error));
  return useMemo(() => (error?.code === 'code-failed' ? { message: error.message, ...placeIn(error.details) } : undefined), [error]);
}

const placeIn = ({ line, column, inHelpers }: Readonly<Record<string, unknown>> = {}): Partial<CodeError> => ({
  ...(typeof line === 'number' && { line }),
  ...(typeof column === 'number' && { column }),
  ...(inHelpers === true && { inHelpers }),
});
