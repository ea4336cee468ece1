import { type ReactFlowInstance, useNodesInitialized, useReactFlow } from '@xyflow/react';
import { type FocusEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { flowOrder } from './flow-graph.ts';
import { MARGIN } from './placing.ts';
import { NARROW, TOOLS, useKeepInView } from './use-keep-in-view.ts';
import { FIT_ALL } from './viewport.ts';

const nodeOf = (target: EventTarget): string | undefined =>
  target instanceof HTMLElement && target.matches('.react-flow__node') ? target.dataset.id : undefined;

/** The element of a node on the canvas. Without a node, the page itself, where canvas shortcuts keep working. */
export const nodeElement = (nodeId: string | undefined): HTMLElement | null =>
  (nodeId === undefined ? null : document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`)) ?? document.getElementById('page');

/** Syncs focus, selection, and viewport: focusing a node selects it, and what matters stays in view. */
export function useCanvasFocus(root: RefObject<HTMLDivElement | null>) {
  const editor = useEditorApi();
  useFitOnce(root);
  useKeepInView(root);
  return useCallback(
    (event: FocusEvent) => {
      const id = nodeOf(event.target);
      if (!id || !(event.target as HTMLElement).matches(':focus-visible')) return;
      // One of several stays one of several.
      if (!editor.getState().selection.nodes.includes(id)) editor.getState().select([id]);
    },
    [editor],
  );
}

/**
 * Fits the whole graph once nodes and panels have their sizes. On a narrow window, where that would be unreadable, starts at the first
 * node.
 */
function useFitOnce(root: RefObject<HTMLDivElement | null>): void {
  const editor = useEditorApi();
  const flow = useReactFlow();
  const ready = useNodesInitialized();
  const done = useRef(false);
  useEffect(() => {
    if (!ready || done.current) return;
    done.current = true;
    const fit = async () => {
      await flow.fitView(FIT_ALL);
      const canvas = root.current;
      const [first] = flowOrder(editor.getState().graph);
      if (canvas && first && canvas.clientWidth < NARROW && flow.getZoom() < START_ZOOM) showStart(flow, first, canvas.clientHeight);
    };
    const frame = requestAnimationFrame(() => void fit());
    return () => cancelAnimationFrame(frame);
  }, [ready, flow, editor, root]);
}

function showStart(flow: ReactFlowInstance, nodeId: string, height: number): void {
  const node = flow.getInternalNode(nodeId);
  if (!node) return;
  const { x, y } = node.internals.positionAbsolute;
  const middle = y + (node.measured.height ?? 0) / 2;
  void flow.setViewport({ x: MARGIN - x * START_ZOOM, y: (height - TOOLS) / 2 - middle * START_ZOOM, zoom: START_ZOOM });
}

/** On a narrow canvas, a run or a workflow starts at its first node, at a readable zoom. */
const START_ZOOM = 0.75;
