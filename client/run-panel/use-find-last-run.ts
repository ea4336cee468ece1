import { getRunGraph, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { useEffect } from 'react';
import { call } from '../api/call.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';

/** Finds the newest run of the draft when a workflow is opened, so that its values are at hand. The canvas stays as it is. */
export function useFindLastRun(): void {
  const editor = useEditorApi();
  useEffect(() => {
    const { lastRun, readOnly, workflowId } = editor.getState();
    if (lastRun || readOnly) return;
    const stop = new AbortController();
    call(listRuns, { query: { workflowId, version: 'draft', limit: 1 }, signal: stop.signal }).then(
      async ({ items: [run] }) => {
        if (!run || editor.getState().lastRun) return;
        editor.setState({ lastRun: { id: run.id, status: run.status, startedAt: run.startedAt, endedAt: run.endedAt } });
        const ranGraph = await call(getRunGraph, { params: { id: run.id }, signal: stop.signal });
        if (editor.getState().lastRun?.id === run.id) editor.setState({ ranGraph });
      },
      // Without it the panel says what it says before a first run; the next run is shown all the same.
      () => {},
    );
    return () => stop.abort();
  }, [editor]);
}
