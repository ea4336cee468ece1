import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { useMemo } from 'react';
import { setAt } from '../expressions/field-path.ts';
import { controlFor } from '../form/controls/controls.tsx';
import type { FormContext } from '../form/form-context.tsx';
import { keepPorts } from '../form/keep-ports.ts';
import { ownProblems } from '../graph-editing/own-problems.ts';
import { useEditor, useEditorApi, useNodeProblems } from '../open-workflow/editor-store.ts';

/** What a form needs to show and change the params of a node. */
export function useNodeForm(node: GraphNode): FormContext {
  const editor = useEditorApi();
  const readOnly = useEditor((state) => state.readOnly);
  const found = useNodeProblems(node.id);
  const problems = useMemo(() => ownProblems(found, node), [found, node]);
  return {
    nodeId: node.id,
    params: node.data.params,
    problems,
    readOnly,
    controlFor,
    change(path, value) {
      const { graph, setParams } = editor.getState();
      const now = graph.nodes.find((candidate) => candidate.id === node.id);
      if (!now) return;
      const connected = new Set(graph.edges.filter((edge) => edge.source === node.id).map((edge) => edge.sourceHandle ?? ''));
      setParams(node.id, keepPorts(now.data.params, setAt(now.data.params, path, value), path, connected) as Record<string, unknown>);
    },
  };
}
