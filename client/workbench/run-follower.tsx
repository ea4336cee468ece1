import { getRun } from '@switchyard/shared/contracts/runs.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { call } from '../api/call.ts';
import { ranKeyOf } from '../graph-editing/changed-since.ts';
import { hasEnded } from '../live/run-store.ts';
import { runStore, seedRun, watchRun } from '../live/watch-run.ts';
import { useOnWorkflowRuns } from '../live/workflow-runs.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { useReadFrames } from '../open-workflow/read-frames.ts';
import { RunContext, type RunSource } from '../open-workflow/run-source.ts';
import { isOfBatch } from '../open-workflow/samples/open-batch.ts';
import { announcements } from './announcements.ts';

/** Shows the active run live on everything below. */
export function FollowRun({ children }: { children: ReactNode }) {
  const editor = useEditorApi();
  const runId = useEditor((state) => state.activeRunId);
  const isOld = useEditor((state) => state.changedSince !== null);
  const source = useMemo<RunSource | null>(() => {
    const keyOf = (key: string) => ranKeyOf(editor.getState().lastRun?.graph ?? null, editor.getState().graph, key);
    return runId ? { runId, store: runStore(runId), keyOf, isOld } : null;
  }, [editor, runId, isOld]);
  useEffect(() => (runId ? watchRun(runId) : undefined), [runId]);
  useReadFrames(runId ?? undefined);
  useAnnounceRun(source);
  usePickUpRuns();
  return <RunContext.Provider value={source}>{children}</RunContext.Provider>;
}

/** Announces each change of the run to screen readers, once. */
export function useAnnounceRun(source: RunSource | null): void {
  const editor = useEditorApi();
  const before = useRef<RunState>(null);
  useEffect(() => {
    before.current = null;
    if (!source) return;
    const announce = () => {
      const { state } = source.store.getState();
      if (state.seq === 0) return;
      const { lastRun, graph } = editor.getState();
      const words = before.current ? announcements(before.current, state, lastRun?.graph ?? graph) : '';
      before.current = state;
      if (words) editor.getState().announce(words);
    };
    announce();
    return source.store.subscribe(announce);
  }, [source, editor]);
}

/** Displays a draft run started elsewhere (by a request to the test URL), unless a run is already being watched. */
function usePickUpRuns(): void {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  useOnWorkflowRuns([workflowId], (change) => {
    if (change === 'reconnected' || isEnded(change.status)) return;
    const { activeRunId } = editor.getState();
    const busy = activeRunId !== null && !hasEnded(runStore(activeRunId).getState());
    if (busy || change.runId === activeRunId || isOfBatch(workflowId, change.runId)) return;
    void call(getRun, { params: { id: change.runId } }).then(
      (run) => {
        const state = editor.getState();
        const stillFree = state.activeRunId === activeRunId;
        if (run.version !== 'draft' || !stillFree) return;
        seedRun(run);
        state.showRun(run.id);
      },
      // The run can’t be displayed, but is still in the list of runs.
      () => {},
    );
  });
}
