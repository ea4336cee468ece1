import { type ReactFlowProps, useReactFlow } from '@xyflow/react';
import { type MouseEvent as ReactMouseEvent, useMemo } from 'react';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { type MenuSubject, useCanvasUiApi } from '../view/canvas-ui.ts';
import type { FlowEdge, FlowNode } from '../view/flow-graph.ts';

type Menus = Pick<ReactFlowProps<FlowNode, FlowEdge>, 'onNodeContextMenu' | 'onEdgeContextMenu' | 'onPaneContextMenu' | 'onSelectionContextMenu'>;

/** Opens the context menu on a right click. What was clicked is selected, unless it is part of the selection. */
export function useContextMenus(): Menus {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    const open = (event: MouseEvent | ReactMouseEvent, subject: MenuSubject) => {
      event.preventDefault();
      // The menu key has opened it already.
      if (event.button !== 2 && ui.getState().menu) return;
      ui.setState({ menu: { screen: { x: event.clientX, y: event.clientY }, subject } });
    };
    const flowOf = ({ clientX, clientY }: MouseEvent | ReactMouseEvent) => screenToFlowPosition({ x: clientX, y: clientY });
    return {
      onNodeContextMenu(event, { id }) {
        const { selection, select } = editor.getState();
        if (event.target instanceof Element && event.target.closest('input, textarea')) return;
        if (selection.nodes.length > 1 && selection.nodes.includes(id)) return open(event, { kind: 'selection' });
        select([id]);
        open(event, { kind: 'node', id });
      },
      onEdgeContextMenu(event, { id }) {
        if (editor.getState().readOnly) return;
        editor.getState().select([], [id]);
        open(event, { kind: 'edge', id, flow: flowOf(event) });
      },
      onPaneContextMenu: (event) => open(event, { kind: 'canvas', flow: flowOf(event) }),
      onSelectionContextMenu: (event) => open(event, { kind: 'selection' }),
    };
  }, [editor, ui, screenToFlowPosition]);
}
