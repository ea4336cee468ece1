import { hasErrors } from '@switchyard/shared/graph/problem.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { useState } from 'react';
import { emptyInput, startNode } from '../graph-editing/samples.ts';
import { useRunProgress } from '../live/run-hooks.ts';
import { chosenSample } from '../open-workflow/chosen-sample.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { showFailure } from '../ui/toast.tsx';

/** Starts a run, or cancels the one in progress. */
export interface RunButtonState {
  /** Start of the run in progress, or undefined. */
  readonly runningSince: string | undefined;
  readonly busy: boolean;
  readonly toggle: () => void;
}

export function useRunButton(): RunButtonState {
  const editor = useEditorApi();
  const [busy, setBusy] = useState(false);
  const run = useRunProgress(useEditor((state) => state.activeRunId));
  const runningSince = run && !isEnded(run.status) && run.status !== 'waiting' ? (run.startedAt ?? undefined) : undefined;
  const start = async () => {
    const { problems, showProblem, startRun, graph, workflowId } = editor.getState();
    const first = problems.find((problem) => problem.severity === 'error');
    if (first && hasErrors(problems)) {
      showProblem(first);
      showFailure('Can’t run yet', first.suggestion ? `${first.message} ${first.suggestion}` : first.message);
      return;
    }
    const sample = chosenSample(workflowId, graph);
    await startRun(sample ? sample.value : emptyInput(startNode(graph)?.data.params.schema));
  };
  const toggle = () => {
    if (busy) return;
    setBusy(true);
    const running = runningSince !== undefined;
    (running ? editor.getState().stopRun() : start())
      .catch((thrown) => showFailure(running ? 'Couldn’t cancel run' : 'Couldn’t start run', thrown))
      .finally(() => setBusy(false));
  };
  return { runningSince, busy, toggle };
}
