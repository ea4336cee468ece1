import { type ReactFlowInstance, useNodesInitialized, useReactFlow } from '@xyflow/react';
import { type FocusEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { flowOrder } from './flow-graph.ts';
import { MARGIN } from './placing.ts';
import { NARROW, TOOLS, useKeepInView } from './use-keep-in-view.ts';
import { FIT_ALL } from './viewport.ts';

const nodeOf = (target: EventTarget): string | undefined =>
  target instanceof HTMLElement && target.matches('.react-flow__node') ? target.dataset.id : undefined;

/** The element of a node on the canvas; the page itself for no node, so that the keyboard stays where the keys of the canvas work. */
export const nodeElement = (nodeId: string | undefined): HTMLElement | null =>
  (nodeId === undefined ? null : document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`)) ?? document.getElementById('page');

/** Keeps focus, selection, and view together: a node that gets the keyboard's focus is selected, and what matters stays in view. */
export function useCanvasFocus(root: RefObject<HTMLDivElement | null>) {
  const editor = useEditorApi();
  useFitOnce(root);
  useKeepInView(root);
  return useCallback(
    (event: FocusEvent) => {
      const id = nodeOf(event.target);
      if (!id || !(event.target as HTMLElement).matches(':focus-visible')) return;
      editor.getState().select([id]);
    },
    [editor],
  );
}

/**
 * Brings all into view once the nodes have their sizes and the panels beside the canvas theirs. On a narrow window that would be
 * too small to read: there it begins where the workflow does.
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

/** On a canvas this narrow a run or a workflow begins at its first step, large enough to read. */
const START_ZOOM = 0.75;
