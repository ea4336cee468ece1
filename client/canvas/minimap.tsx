import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { memo, type PointerEvent, useEffect, useRef, useState, type WheelEvent } from 'react';
import type { Point, Size } from '../graph-editing/operations/geometry.ts';
import styles from './minimap.module.css';
import type { Drawing, FlowEdge, FlowNode } from './view/flow-graph.ts';
import { type MiniDrawing, miniDrawing } from './view/minimap-paths.ts';

const SHAPE: Size = { width: 136, height: 84 };
/** While nodes are dragged, the minimap follows this often. */
const FOLLOW_MS = 120;
/** Zoom per notch of a wheel. */
const NOTCH = 1.15;

const LOOKS: Readonly<Record<Drawing, string>> = { frame: 'container', container: 'container', step: 'step', note: 'note' };
function lookOf({ className, selected, type = 'step' }: FlowNode): string {
  if (className?.includes('found')) return 'found';
  const look = LOOKS[type];
  if (!selected) return look;
  return look === 'container' ? 'selected-container' : 'selected';
}
/** Frames are drawn first, below what is in them, and marks last. */
const LAYERS = ['container', 'selected-container', 'note', 'step', 'selected', 'found'];

/**
 * All nodes at a glance, with the part in view. Drag to move the view, and turn the wheel to zoom. The nodes are drawn only when they
 * change, so panning a large graph moves nothing but the frame of the view.
 */
export function Minimap() {
  const drawing = useDrawing();
  const navigate = useNavigation(drawing.area);
  return (
    <div className={styles.minimap} style={SHAPE} role="img" aria-label="Minimap" data-minimap {...navigate}>
      <Nodes drawing={drawing} />
      <View area={drawing.area} />
    </div>
  );
}

const Nodes = memo(function Nodes({ drawing: { paths, area } }: { drawing: MiniDrawing }) {
  const pixel = area.width / SHAPE.width;
  return (
    <svg viewBox={`${area.x} ${area.y} ${area.width} ${area.height}`} strokeWidth={pixel * 1.5} strokeLinejoin="round" aria-hidden>
      {[...paths]
        .sort((a, b) => LAYERS.indexOf(a.look) - LAYERS.indexOf(b.look))
        .map(({ look, path }) => (
          <path key={look} d={path} data-look={look} />
        ))}
    </svg>
  );
});

/** The part of the canvas in view, kept within the minimap. */
function View({ area }: { area: Point & Size }) {
  const frame = useRef<HTMLDivElement>(null);
  const flow = useStoreApi();
  useEffect(() => {
    const scale = SHAPE.width / area.width;
    const place = () => {
      const { width, height, transform } = flow.getState();
      const [x, y, zoom] = transform;
      const within = (at: number, most: number) => Math.max(0, Math.min(most, at));
      const left = within((-x / zoom - area.x) * scale, SHAPE.width);
      const top = within((-y / zoom - area.y) * scale, SHAPE.height);
      const right = within(((width - x) / zoom - area.x) * scale, SHAPE.width);
      const bottom = within(((height - y) / zoom - area.y) * scale, SHAPE.height);
      if (!frame.current) return;
      frame.current.style.transform = `translate(${left}px, ${top}px)`;
      frame.current.style.width = `${Math.max(4, right - left)}px`;
      frame.current.style.height = `${Math.max(4, bottom - top)}px`;
    };
    place();
    return flow.subscribe(place);
  }, [flow, area]);
  return <div ref={frame} className={styles.view} />;
}

/** Most changes of nodes, such as typing into one, leave the drawing as it is. */
const isSame = (a: MiniDrawing, b: MiniDrawing): boolean =>
  a.paths.length === b.paths.length && a.paths.every(({ look, path }, index) => b.paths[index]?.look === look && b.paths[index].path === path);

/** The nodes as last drawn: at once when they rest, and every now and then while they are dragged. */
function useDrawing(): MiniDrawing {
  const flow = useStoreApi<FlowNode, FlowEdge>();
  const nodes = useStore((state) => state.nodes);
  const [drawing, setDrawing] = useState<MiniDrawing>(() => miniDrawing([], SHAPE));
  const drawn = useRef(0);
  useEffect(() => {
    const draw = () => {
      drawn.current = performance.now();
      const { nodeLookup } = flow.getState();
      const mini = [...nodeLookup.values()].map((node) => {
        const { width = 0, height = 0 } = node.measured;
        return { look: lookOf(node.internals.userNode), ...node.internals.positionAbsolute, width, height };
      });
      const next = miniDrawing(mini, SHAPE);
      setDrawing((before) => (isSame(before, next) ? before : next));
    };
    const wait = nodes.some(({ dragging }) => dragging) ? Math.max(0, drawn.current + FOLLOW_MS - performance.now()) : 0;
    const timer = setTimeout(draw, wait);
    return () => clearTimeout(timer);
  }, [flow, nodes]);
  return drawing;
}

/** Moves and zooms the view from the minimap. */
function useNavigation(area: Point & Size) {
  const flow = useReactFlow();
  const go = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>) => {
    const { left, top } = currentTarget.getBoundingClientRect();
    const scale = area.width / SHAPE.width;
    void flow.setCenter(area.x + (clientX - left) * scale, area.y + (clientY - top) * scale, { zoom: flow.getZoom() });
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      go(event);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (event.buttons !== 0) go(event);
    },
    onWheel: ({ deltaY }: WheelEvent) => void flow.zoomTo(flow.getZoom() * (deltaY < 0 ? NOTCH : 1 / NOTCH)),
  };
}
