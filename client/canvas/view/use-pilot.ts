import { getViewportForBounds, useOnViewportChange, useReactFlow, type Viewport } from '@xyflow/react';
import { type RefObject, useCallback, useRef } from 'react';
import { isWithin, type Room, showing } from './placing.ts';
import { FIT_ALL, motion } from './viewport.ts';

const MOVE_MS = 140;
/** An interrupted animation never reports its end. It stops counting this long after its due time. */
const LATE_MS = 100;

/** The canvas room at the last adjustment. */
interface Handled extends Room {
  readonly nodes: number;
}

/**
 * Moves the viewport. During an animation, everything is computed from its end: starting from an intermediate viewport would restore a zoom
 * that the animation is leaving.
 */
export function usePilot(handled: RefObject<Handled>) {
  const flow = useReactFlow();
  // A canvas starts with the whole graph in view.
  const whole = useRef(true);
  const move = useRef<{ readonly to: Viewport; readonly until: number }>(undefined);
  /** The viewport before a panel opened. Restored on close unless the user has moved it since. */
  const before = useRef<Viewport>(undefined);
  const noteWhole = useCallback(() => {
    const { nodes, ...extent } = handled.current;
    if (extent.width > 0 && !move.current && flow.getNodes().length <= nodes) whole.current = isWithin(flow.getViewport(), boundsOf(flow), extent);
  }, [handled, flow]);
  const onEnd = useCallback(
    (rest: Viewport) => {
      // Late report: this may still be the viewport before our animation.
      if (move.current && performance.now() < move.current.until && !isNear(rest, move.current.to)) return;
      if (!move.current) before.current = undefined;
      move.current = undefined;
      noteWhole();
    },
    [noteWhole],
  );
  useOnViewportChange({ onEnd });
  const view = () => (move.current && performance.now() < move.current.until ? move.current.to : flow.getViewport());
  const go = (to: Viewport) => {
    if (isNear(to, view())) return;
    move.current = { to, until: performance.now() + motion(MOVE_MS) + LATE_MS };
    void flow.setViewport(to, { duration: motion(MOVE_MS) });
  };
  const pilot = useRef({
    zoom: () => view().zoom,
    noteWhole,
    /** Keeps all nodes in view if they were, at `minZoom` or more. Returns false if they were not, or don’t fit. */
    keepAll(room: Room, minZoom: number): boolean {
      const bounds = boundsOf(flow);
      const now = view();
      if (before.current && isWithin(before.current, bounds, room)) {
        go(before.current);
        before.current = undefined;
        whole.current = true;
        return true;
      }
      if (!whole.current) return false;
      if (isWithin(now, bounds, room)) return true;
      before.current ??= now;
      const { width, height } = handled.current;
      const to = getViewportForBounds(bounds, width, height, minZoom, Math.min(FIT_ALL.maxZoom, now.zoom), FIT_ALL.padding);
      if (!isWithin(to, bounds, room)) return false;
      go(to);
      return true;
    },
    /** Brings a node into view, at `minZoom` or more. */
    show(nodeId: string, room: Room, minZoom = 0): void {
      const node = flow.getInternalNode(nodeId);
      if (!node || node.dragging) return;
      const { width = 0, height = 0 } = node.measured;
      go(showing(view(), { ...node.internals.positionAbsolute, width, height }, room, minZoom));
    },
  });
  return pilot.current;
}

const boundsOf = (flow: ReturnType<typeof useReactFlow>) => flow.getNodesBounds(flow.getNodes());

const isNear = (a: Viewport, b: Viewport): boolean => Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5 && Math.abs(a.zoom - b.zoom) < 0.001;
