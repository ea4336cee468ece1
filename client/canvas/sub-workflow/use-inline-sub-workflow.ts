import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { useCallback } from 'react';
import { loadPublishedGraph } from '../../api/make-workflow.ts';
import { findNode } from '../../graph-editing/operations/node-names.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { showFailure, showUndo } from '../../ui/toast.tsx';

/** Puts the steps of a sub-workflow in place of its node, as one undo step. Says why if that isn’t possible. */
export function useInlineSubWorkflow(): (nodeId: string) => Promise<void> {
  const editor = useEditorApi();
  return useCallback(
    async (nodeId) => {
      const node = findNode(editor.getState().graph, nodeId);
      if (!node || editor.getState().readOnly) return;
      try {
        const { workflowId, version } = namedBy(node.data.params);
        const [child, { inlineSubWorkflow }] = await Promise.all([
          loadPublishedGraph(workflowId, version),
          import('../../graph-editing/sub-workflow/inline-sub-workflow.ts'),
        ]);
        const state = editor.getState();
        const result = inlineSubWorkflow(state.graph, nodeId, child, { definitions: definitionOf, rename: renameKey });
        if ('refused' in result) throw new Error(result.refused);
        state.setGraph(result.graph);
        state.select(result.nodeIds);
        state.announce('Steps put inline');
        showUndo(`Steps of “${node.data.title}” put inline`, state.undo);
      } catch (thrown) {
        showFailure('Couldn’t put the steps inline', thrown);
      }
    },
    [editor],
  );
}

function namedBy(params: unknown): { workflowId: string; version: number | undefined } {
  const { workflowId, version } = isPlainObject(params) ? params : {};
  if (typeof workflowId !== 'string' || workflowId === '') throw new Error('The node has no workflow. Choose one first.');
  return { workflowId, version: typeof version === 'number' ? version : undefined };
}
