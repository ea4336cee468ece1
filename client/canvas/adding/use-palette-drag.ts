import { useReactFlow } from '@xyflow/react';
import { type PointerEvent as ReactPointerEvent, useCallback } from 'react';
import type { Point } from '../../graph-editing/operations/geometry.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { useCanvasUiApi } from '../view/canvas-ui.ts';
import { nodeElement } from '../view/use-canvas-focus.ts';
import { type EdgeSample, edgeNear, levelWith, sampleEdges } from './edge-samples.ts';
import { type Addable, canInsert } from './use-add-node.ts';

/** Offset of the pointer within a dragged card. */
export const GRIP: Point = { x: 100, y: 22 };
const CARD = { width: 200, height: 66 };
const THRESHOLD = 4;

/** Starts dragging a node out of the palette. A press without movement stays a click. */
export function usePaletteDrag(): (event: ReactPointerEvent<HTMLElement>, added: Addable) => void {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    (press, { type, preset }) => {
      if (press.button !== 0) return;
      const start = { x: press.clientX, y: press.clientY };
      const canvas = document.querySelector('[data-canvas]');
      let samples: readonly EdgeSample[] | undefined;
      const placeOf = (event: PointerEvent): Point => {
        const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
        return { x: point.x - GRIP.x, y: point.y - GRIP.y };
      };
      const move = (event: PointerEvent) => {
        if (!samples && Math.hypot(event.clientX - start.x, event.clientY - start.y) < THRESHOLD) return;
        samples ??= canvas && canInsert(type) ? sampleEdges(canvas) : [];
        const overCanvas = canvas?.contains(document.elementFromPoint(event.clientX, event.clientY)) ?? false;
        const dropEdgeId = overCanvas ? edgeNear(samples, { ...placeOf(event), ...CARD }) : null;
        ui.setState({ dragged: { type, preset, x: event.clientX, y: event.clientY, overCanvas }, dropEdgeId });
      };
      const end = () => {
        removeEventListener('pointermove', move);
        removeEventListener('pointerup', drop);
        removeEventListener('pointercancel', end);
        removeEventListener('keydown', cancel, true);
        ui.setState({ dragged: null, dropEdgeId: null });
      };
      const drop = (event: PointerEvent) => {
        const { dragged, dropEdgeId } = ui.getState();
        end();
        if (!samples) return;
        swallowClick();
        if (!dragged?.overCanvas) return;
        const place = placeOf(event);
        const { addNode } = editor.getState();
        const id = dropEdgeId ? addNode(type, levelWith(samples, dropEdgeId, place), { onEdge: dropEdgeId, preset }) : addNode(type, place, { preset });
        // The press moved the focus into the palette. Give it to the new node.
        requestAnimationFrame(() => nodeElement(id)?.focus({ preventScroll: true }));
      };
      const cancel = (event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        end();
      };
      addEventListener('pointermove', move);
      addEventListener('pointerup', drop);
      addEventListener('pointercancel', end);
      addEventListener('keydown', cancel, true);
    },
    [editor, ui, screenToFlowPosition],
  );
}

/** Suppresses the click that browsers may fire after a drag, which would add a second node. */
function swallowClick(): void {
  const swallow = (click: MouseEvent) => click.stopPropagation();
  addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', swallow, true));
}
