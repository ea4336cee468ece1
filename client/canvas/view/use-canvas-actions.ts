import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useMemo } from 'react';
import type { Arrangement } from '../../graph-editing/operations/arrange.ts';
import { isGroup } from '../../graph-editing/operations/containers.ts';
import type { Point } from '../../graph-editing/operations/geometry.ts';
import { findNode } from '../../graph-editing/operations/node-names.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { useCanvasUiApi } from './canvas-ui.ts';
import { focusInPanel } from './focus-in-panel.ts';
import { nodeElement } from './use-canvas-focus.ts';
import { FIT_ALL, measuredSizes, motion, viewSize } from './viewport.ts';

export type CanvasActions = ReturnType<typeof useCanvasActions>;

/** What keys, bars, and menus of the canvas do beyond single changes of the graph. */
export function useCanvasActions() {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const store = useStoreApi();
  return useMemo(() => {
    const select = (nodeId: string) => editor.getState().select([nodeId]);
    return {
      /** Groups the selection, then asks for the title. */
      group(): void {
        const { group, announce, selection } = editor.getState();
        const id = group(measuredSizes(flow));
        if (id) ui.setState({ renaming: id });
        else if (selection.nodes.length > 0) announce('Nodes in different frames can’t be grouped');
      },
      /** Lays out the whole graph, then shows all of it. */
      tidy(): void {
        void editor
          .getState()
          .tidyUp(measuredSizes(flow), viewSize(store.getState()))
          .then(() => flow.fitView({ ...FIT_ALL, duration: motion(160) }));
      },
      arrange: (how: Arrangement): void => editor.getState().arrange(how, measuredSizes(flow)),
      /** Edits the title: of a group on its frame, of any other node in the inspector. */
      rename(nodeId: string): void {
        select(nodeId);
        const node = findNode(editor.getState().graph, nodeId);
        if (node && isGroup(node)) ui.setState({ renaming: nodeId });
        else {
          editor.getState().openPanel('inspector');
          focusInPanel('input[aria-label="Title"]');
        }
      },
      open(nodeId: string): void {
        select(nodeId);
        editor.getState().openPanel('inspector');
        focusInPanel();
      },
      /** Copies the selection by the browser’s own command, which works without permission. */
      copy(): void {
        nodeElement(editor.getState().selection.nodes[0])?.focus({ preventScroll: true });
        document.execCommand('copy');
      },
      /** Pastes what was copied on this page. */
      paste(at?: Point): void {
        const { copied } = ui.getState();
        if (copied !== null) editor.getState().pasteText(copied, at);
      },
      /** Opens the context menu of the selection, or of the canvas, next to it. */
      openMenu(): void {
        const { selection } = editor.getState();
        const element = nodeElement(selection.nodes[0]);
        if (!element) return;
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const [id] = selection.nodes;
        const screen = id === undefined ? { x: (left + right) / 2, y: (top + bottom) / 2 } : { x: left, y: bottom + 4 };
        const subject =
          id === undefined
            ? ({ kind: 'canvas', flow: flow.screenToFlowPosition(screen) } as const)
            : selection.nodes.length > 1
              ? ({ kind: 'selection' } as const)
              : ({ kind: 'node', id } as const);
        ui.setState({ menu: { screen, subject } });
      },
    };
  }, [editor, ui, flow, store]);
}
