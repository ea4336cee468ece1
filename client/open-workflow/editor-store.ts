import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { EditorState, EditorStore } from '../graph-editing/editor-state.ts';
import { findNode } from '../graph-editing/operations/node-names.ts';
import { problemsOf } from '../graph-editing/problem-lists.ts';

/** The store of the open workflow. */
export const EditorContext = createContext<EditorStore | null>(null);

/** The store itself: `getState()` for actions and for values needed in event handlers, `temporal` for undo. */
export function useEditorApi(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error('useEditor is used outside an open workflow');
  return store;
}

/** Part of the open workflow. Renders when that part changes. Select values or stable references, not fresh objects. */
export function useEditor<T>(selector: (state: EditorState) => T): T {
  return useStore(useEditorApi(), selector);
}

/** The graph with the keys and titles of the last run: the one it ran on, if known. */
export const useRanGraph = () => useEditor((state) => state.lastRun?.graph ?? state.graph);

/** One node of the graph, or undefined if it was deleted. */
export const useGraphNode = (nodeId: string) => useEditor((state) => findNode(state.graph, nodeId));

/** The problems of one node. The same list until one of them changes. */
export const useNodeProblems = (nodeId: string): readonly Problem[] => useEditor(useShallow((state) => problemsOf(state.problems, nodeId)));
