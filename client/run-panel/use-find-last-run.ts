import { getRunGraph, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { useEffect } from 'react';
import { call } from '../api/call.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';

/** Finds the newest draft run when a workflow is opened, to make its values available. The canvas is unchanged. */
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
      // On failure, the panel looks as before a first run, and the next run is shown as usual.
      () => {},
    );
    return () => stop.abort();
  }, [editor]);
}
