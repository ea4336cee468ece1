import { type ReactFlowInstance, useOnViewportChange, useReactFlow, type Viewport } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { FIT_ALL, motion } from './viewport.ts';

/**
 * When the canvas changes its size because a panel opens, or a step is added: what was all in view stays all in view; else the
 * selected node does. The same when another node is selected.
 */
export function useKeepInView(root: RefObject<HTMLDivElement | null>): void {
  const flow = useReactFlow();
  const selected = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const handled = useRef<Handled>({ width: 0, height: 0, nodes: 0 });
  const whole = useWhole(handled);
  useEffect(() => {
    const canvas = root.current;
    if (!canvas) return;
    let frame = 0;
    const look = () => {
      const before = handled.current;
      const now = { width: canvas.clientWidth, height: canvas.clientHeight };
      if (now.width === 0) return;
      const nodes = flow.getNodes().length;
      handled.current = { ...now, nodes };
      const resized = before.width > 0 && (before.width !== now.width || before.height !== now.height);
      const grown = nodes > before.nodes && before.nodes > 0;
      const stays = (resized || grown) && whole.was() && (now.width >= NARROW || zoomToFit(flow, now) >= LEAST_ZOOM);
      if (stays) {
        if (!allWithin(flow, { ...now, height: now.height - TOOLS })) whole.fit();
      } else if (selected && resized && now.width < NARROW) enlarge(flow, selected, now);
      else {
        if (!resized && !grown) whole.look();
        if (selected) bringIntoView(flow, selected, now);
      }
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
  }, [root, flow, selected, whole]);
}

/** The canvas that the view was last brought in line with. */
interface Handled extends Extent {
  readonly nodes: number;
}

/**
 * Whether all was in view when the view last came to rest. A second panel may open while the view still moves for the first: what
 * counts is where it goes, not where it is just then, and on the canvas as it was, not on one that nothing has answered yet.
 */
function useWhole(handled: RefObject<Handled>) {
  const flow = useReactFlow();
  // A canvas begins with all in view.
  const known = useRef(true);
  /** Where a movement of ours began, while it is under way. */
  const from = useRef<Viewport>(undefined);
  const look = useCallback(() => {
    const { nodes, ...extent } = handled.current;
    if (extent.width > 0 && !from.current && flow.getNodes().length <= nodes) known.current = allWithin(flow, extent);
  }, [handled, flow]);
  // Told a moment late: of the rest before a movement of ours too, and of a movement that another one took over.
  const onEnd = useCallback(
    (rest: Viewport) => {
      if (!isSame(rest, flow.getViewport()) || (from.current && isSame(rest, from.current))) return;
      from.current = undefined;
      look();
    },
    [flow, look],
  );
  useOnViewportChange({ onEnd });
  const api = useRef({
    was: () => known.current,
    look,
    fit: () => {
      known.current = true;
      from.current = flow.getViewport();
      void flow.fitView({ ...FIT_ALL, minZoom: 0.5, duration: motion(MOVE_MS) });
    },
  });
  return api.current;
}

const isSame = (a: Viewport, b: Viewport): boolean => a.x === b.x && a.y === b.y && a.zoom === b.zoom;

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

/** The zoom at which all nodes fit into a canvas of this size. */
function zoomToFit(flow: ReactFlowInstance, { width, height }: Extent): number {
  const bounds = flow.getNodesBounds(flow.getNodes());
  return Math.min((width - 2 * MARGIN) / bounds.width, (height - MARGIN - TOOLS) / bounds.height);
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
const MOVE_MS = 140;
/** Height at the bottom of the canvas that the tools stand on. */
export const TOOLS = 68;
/** On a canvas this narrow a sheet leaves room for one step: it is shown large enough to read. */
export const NARROW = 760;
const READABLE_ZOOM = 0.8;
/** Smaller than this, one step that can be read is worth more than all. */
const LEAST_ZOOM = 0.6;

/** How far a stretch from `start` must move to lie within `available`. */
function shift(start: number, length: number, available: number): number {
  if (start + length > available - MARGIN) return Math.max(available - MARGIN - start - length, MARGIN - start);
  return start < MARGIN ? MARGIN - start : 0;
}
