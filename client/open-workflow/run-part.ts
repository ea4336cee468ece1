import type { RunPart } from '../graph-editing/editor-state.ts';
import { emptyInput, startNode } from '../graph-editing/samples.ts';
import { showFailure } from '../ui/toast.tsx';
import { chosenSample } from './chosen-sample.ts';
import { useEditorApi } from './editor-store.ts';

/** Runs a part of the draft, or the draft with injected faults. Without an earlier run to take data from, `only` runs with the chosen sample. */
export function useRunPart(): (part: RunPart & { readonly fresh?: boolean }) => void {
  const editor = useEditorApi();
  return ({ fresh = false, ...part }) => {
    const { startRun, graph, workflowId, lastRun } = editor.getState();
    const sample = () => (chosenSample(workflowId, graph) ?? { value: emptyInput(startNode(graph)?.data.params.schema) }).value;
    const needsInput = part.from === undefined && (fresh || part.only === undefined || !lastRun);
    startRun(needsInput ? sample() : undefined, part).catch((thrown: unknown) => showFailure('Couldn’t start run', thrown));
  };
}
