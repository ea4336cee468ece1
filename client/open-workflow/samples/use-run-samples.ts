import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { useMemo } from 'react';
import { changedSince } from '../../graph-editing/changed-since.ts';
import { startNode } from '../../graph-editing/samples.ts';
import { showFailure } from '../../ui/toast.tsx';
import { useEditor, useEditorApi } from '../editor-store.ts';
import { startBatch, useBatch } from './open-batch.ts';

/** Runs the draft with each of its samples. A problem that prevents it is shown. */
export function useRunSamples(): () => void {
  const editor = useEditorApi();
  return () => {
    const { problems, showProblem } = editor.getState();
    const first = problems.find(({ severity }) => severity === 'error');
    if (!first) {
      startBatch(editor).catch((thrown: unknown) => showFailure('Couldn’t run samples', thrown));
      return;
    }
    showProblem(first);
    showFailure('Can’t run yet', first.suggestion ? `${first.message} ${first.suggestion}` : first.message);
  };
}

/** Whether the draft would run differently now than in the last batch. Changes to samples don’t count. */
export function useBatchIsOld(): boolean {
  const ran = useBatch()?.batch.graph;
  const now = useEditor((state) => state.graph);
  return useMemo(
    () => ran !== undefined && ran !== now && changedSince(withoutSamples(ran), withoutSamples(now), { renameKey, definitions: definitionOf }) !== undefined,
    [ran, now],
  );
}

function withoutSamples(graph: Graph): Graph {
  const start = startNode(graph);
  const bare = start && { ...start, data: { ...start.data, params: { ...start.data.params, samples: [] } } };
  return { ...graph, nodes: graph.nodes.map((node) => (node === start && bare ? bare : node)) };
}
