import { type ReactFlowInstance, useNodesInitialized, useReactFlow } from '@xyflow/react';
import { type FocusEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import { useEditor, useEditorApi } from '../editor/editor-store.ts';
import { FIT_ALL } from './fit-options.ts';
import { flowOrder } from './flow-graph.ts';

const nodeOf = (target: EventTarget): string | undefined =>
  target instanceof HTMLElement && target.matches('.react-flow__node') ? target.dataset.id : undefined;

/** The element of a node on the canvas; the page itself for no node, so that the keyboard stays where the keys of the canvas work. */
export const nodeElement = (nodeId: string | undefined): HTMLElement | null =>
  (nodeId === undefined ? null : document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`)) ?? document.getElementById('page');

/**
 * Keeps focus, selection and view together: a node that gets the keyboard's focus is selected, and a node that somebody wants to
 * see comes into the part of the canvas that no panel covers.
 */
export function useCanvasFocus(root: RefObject<HTMLDivElement | null>) {
  const editor = useEditorApi();
  const flow = useReactFlow();
  const reveal = useEditor((state) => state.reveal);
  useEffect(() => {
    if (!reveal) return;
    const node = flow.getInternalNode(reveal.nodeId);
    if (!node) return;
    const { x, y } = node.internals.positionAbsolute;
    const { width = 200, height = 80 } = node.measured;
    void flow.setCenter(x + width / 2, y + height / 2, { zoom: Math.max(flow.getZoom(), 0.7), duration: motion(160) });
  }, [reveal, flow]);
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

/** A duration, or none for people who asked for no motion. */
export const motion = (ms: number): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms);

/**
 * When the canvas changes its size because a panel opens: what was all in view stays all in view; else the selected node does.
 * The same when another node is selected.
 */
function useKeepInView(root: RefObject<HTMLDivElement | null>): void {
  const flow = useReactFlow();
  const selected = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const size = useRef({ width: 0, height: 0 });
  useEffect(() => {
    const canvas = root.current;
    if (!canvas) return;
    let frame = 0;
    const look = () => {
      const before = size.current;
      const now = { width: canvas.clientWidth, height: canvas.clientHeight };
      size.current = now;
      if (now.width === 0) return;
      const resized = before.width > 0 && (before.width !== now.width || before.height !== now.height);
      if (selected && resized && now.width < NARROW) enlarge(flow, selected, now);
      else if (resized && allWithin(flow, before) && !allWithin(flow, { ...now, height: now.height - TOOLS }))
        void flow.fitView({ ...FIT_ALL, minZoom: 0.5, duration: motion(140) });
      else if (selected) bringIntoView(flow, selected, now);
    };
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    });
    observer.observe(canvas);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [root, flow, selected]);
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Whether all nodes lie within a canvas of this size, at the view as it is. */
function allWithin(flow: ReactFlowInstance, { width, height }: Extent): boolean {
  const { x, y, zoom } = flow.getViewport();
  const bounds = flow.getNodesBounds(flow.getNodes());
  const left = bounds.x * zoom + x;
  const top = bounds.y * zoom + y;
  return left >= 0 && top >= 0 && left + bounds.width * zoom <= width && top + bounds.height * zoom <= height;
}

/** Puts a node in the middle, large enough to read; of one that is higher than the canvas, its head. */
function enlarge(flow: ReactFlowInstance, nodeId: string, extent: Extent): void {
  const node = flow.getInternalNode(nodeId);
  if (!node) return;
  const zoom = Math.max(READABLE_ZOOM, flow.getZoom());
  const { x, y } = node.internals.positionAbsolute;
  const { width = 0, height = 0 } = node.measured;
  const shown = Math.min(height, extent.height / zoom - 2 * MARGIN);
  void flow.setCenter(x + width / 2, y + shown / 2, { zoom, duration: motion(160) });
}

function bringIntoView(flow: ReactFlowInstance, nodeId: string, extent: Extent): void {
  const node = flow.getInternalNode(nodeId);
  if (!node || node.dragging) return;
  const { x, y, zoom } = flow.getViewport();
  const left = node.internals.positionAbsolute.x * zoom + x;
  const top = node.internals.positionAbsolute.y * zoom + y;
  const dx = shift(left, (node.measured.width ?? 0) * zoom, extent.width);
  const dy = shift(top, (node.measured.height ?? 0) * zoom, extent.height);
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: motion(140) });
}

const MARGIN = 24;
/** Height at the bottom of the canvas that the tools stand on. */
const TOOLS = 68;
/** On a canvas this narrow a sheet leaves room for one step: it is shown large enough to read. */
const NARROW = 760;
const READABLE_ZOOM = 0.8;
const START_ZOOM = 0.6;

/** How far a stretch from `start` must move to lie within `available`. */
function shift(start: number, length: number, available: number): number {
  if (start + length > available - MARGIN) return Math.max(available - MARGIN - start - length, MARGIN - start);
  return start < MARGIN ? MARGIN - start : 0;
}
