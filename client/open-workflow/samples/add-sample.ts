import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import type { EditorStore } from '../../graph-editing/editor-state.ts';
import { startNode, withSample } from '../../graph-editing/samples.ts';
import { chooseSample } from '../chosen-sample.ts';

/** Adds a sample to the Input node and chooses it. Returns false if there is no Input node. */
export function addSample(editor: EditorStore, name: string, value: unknown): boolean {
  const { graph, setParams, workflowId } = editor.getState();
  const start = startNode(graph);
  if (!start) return false;
  const params = withSample(start.data.params, name, value);
  setParams(start.id, params);
  chooseSample(workflowId, samplesOf(params).length - 1);
  return true;
}
