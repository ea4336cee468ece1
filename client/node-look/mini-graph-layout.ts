import { type Graph, type GraphEdge, type GraphNode, isLoopEdge } from '@switchyard/shared/graph/graph.ts';

export const BOX = { width: 48, height: 32 } as const;
/** Nodes with less horizontal distance belong to one column. */
const SAME_COLUMN = 90;
const MARGIN = 22;
const PITCH = { leastX: 66, mostX: 84, leastY: 40, mostY: 48 } as const;
/** Space below for loop edges. */
const LOOP_SPACE = 26;
const ROUND = 6;
/** Between a frame and the boxes in it. */
const FRAME_GAP = 7;

export interface MiniBox {
  readonly id: string;
  readonly type: string;
  readonly x: number;
  readonly y: number;
}
/** A container, drawn around what is in it. */
export interface MiniFrame extends MiniBox {
  readonly width: number;
  readonly height: number;
}
export interface MiniEdge {
  readonly id: string;
  readonly path: string;
  readonly back: boolean;
}
export interface MiniLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly MiniBox[];
  /** The outermost first. */
  readonly frames: readonly MiniFrame[];
  readonly edges: readonly MiniEdge[];
}

type Place = { readonly x: number; readonly y: number };
/** Where edges start and end: half a box below its top. */
type Spot = Place & { readonly width: number };

/** Nodes at their places on the canvas, without containers. The first row of a container is level with the container itself. */
function flattened(nodes: readonly GraphNode[]): GraphNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const tops = new Map<string, number>();
  for (const { parentId, position } of nodes)
    if (parentId !== undefined) tops.set(parentId, Math.min(tops.get(parentId) ?? Number.POSITIVE_INFINITY, position.y));
  const placeOf = (node: GraphNode, depth = 0): Place => {
    const parent = depth < nodes.length ? byId.get(node.parentId ?? '') : undefined;
    if (!parent) return node.position;
    const outer = placeOf(parent, depth + 1);
    return { x: outer.x + node.position.x, y: outer.y + node.position.y - (tops.get(parent.id) ?? 0) };
  };
  return nodes.filter(({ id }) => !tops.has(id)).map((node) => ({ ...node, position: placeOf(node) }));
}

/** Frames around what is in containers, the innermost first. */
function framesOf(nodes: readonly GraphNode[], places: ReadonlyMap<string, Place>): MiniFrame[] {
  const known = new Map<string, { left: number; top: number; right: number; bottom: number }>(
    [...places].map(([id, { x, y }]) => [id, { left: x, top: y, right: x + BOX.width, bottom: y + BOX.height }]),
  );
  const frames: MiniFrame[] = [];
  let open = nodes.filter(({ id }) => !places.has(id));
  for (let before = -1; open.length !== before; ) {
    before = open.length;
    open = open.filter(({ id, type }) => {
      const inside = nodes.filter(({ parentId }) => parentId === id).map((child) => known.get(child.id));
      if (inside.length === 0 || inside.some((area) => area === undefined)) return true;
      const areas = inside.flatMap((area) => area ?? []);
      const area = {
        left: Math.min(...areas.map(({ left }) => left)) - FRAME_GAP,
        top: Math.min(...areas.map(({ top }) => top)) - FRAME_GAP,
        right: Math.max(...areas.map(({ right }) => right)) + FRAME_GAP,
        bottom: Math.max(...areas.map(({ bottom }) => bottom)) + FRAME_GAP,
      };
      known.set(id, area);
      frames.push({ id, type, x: area.left, y: area.top, width: area.right - area.left, height: area.bottom - area.top });
      return false;
    });
  }
  return frames;
}

/** Columns from left to right, each with the nodes above each other. */
function columnsOf(nodes: readonly GraphNode[]): GraphNode[][] {
  const columns: GraphNode[][] = [];
  for (const node of nodes.toSorted((a, b) => a.position.x - b.position.x)) {
    const last = columns.at(-1);
    const first = last?.[0];
    if (last && first && node.position.x - first.position.x < SAME_COLUMN) last.push(node);
    else columns.push([node]);
  }
  return columns;
}

/** The smallest distance between two nodes of one column. */
function closest(columns: readonly GraphNode[][]): number {
  const gaps = columns.flatMap((column) => {
    const ys = column.map((node) => node.position.y).toSorted((a, b) => a - b);
    return ys.slice(1).map((y, index) => y - (ys[index] ?? 0));
  });
  return Math.max(20, Math.min(...gaps, 200));
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

/** Box positions: columns evenly spaced, vertical order and proportions kept, compacted. */
function placesOf(nodes: readonly GraphNode[], width: number, height: number, below: number) {
  const columns = columnsOf(nodes);
  const ys = nodes.map((node) => node.position.y);
  const top = Math.min(...ys);
  const range = Math.max(...ys) - top;
  const gap = closest(columns);
  const scaleY = clamp((height - 2 * MARGIN - below - BOX.height) / Math.max(range, 1), PITCH.leastY / gap, PITCH.mostY / gap);
  const tall = range * scaleY + BOX.height + below;
  // A drawing that is too tall gets scaled down, which leaves room on the side.
  const shrink = Math.max(1, (tall + 2 * MARGIN) / height);
  const pitchX = columns.length < 2 ? 0 : clamp((width * shrink - 2 * MARGIN - BOX.width) / (columns.length - 1), PITCH.leastX, PITCH.mostX * shrink);
  const wide = (columns.length - 1) * pitchX + BOX.width;
  const whole = { width: Math.max(width * shrink, wide + 2 * MARGIN), height: height * shrink };
  const left = (whole.width - wide) / 2;
  const upper = (whole.height - tall) / 2;
  const places = new Map<string, Place>();
  columns.forEach((column, index) => {
    for (const node of column) places.set(node.id, { x: left + index * pitchX, y: upper + (node.position.y - top) * scaleY });
  });
  return { places, whole, floor: upper + range * scaleY + BOX.height };
}

/** A line through these points with rounded corners. */
export function roundedPath(points: readonly Place[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first.x} ${first.y}`;
  let before = first;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (next) {
      const into = toward(point, before);
      const out = toward(point, next);
      path += `L${into.x} ${into.y}Q${point.x} ${point.y} ${out.x} ${out.y}`;
    } else path += `L${point.x} ${point.y}`;
    before = point;
  });
  return path;
}

function toward(from: Place, to: Place): Place {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const step = Math.min(ROUND, length / 2);
  return length === 0 ? from : { x: from.x + ((to.x - from.x) / length) * step, y: from.y + ((to.y - from.y) / length) * step };
}

function forwardPath(from: Spot, to: Spot): string {
  const start = { x: from.x + from.width, y: from.y + BOX.height / 2 };
  const end = { x: to.x, y: to.y + BOX.height / 2 };
  if (Math.abs(start.y - end.y) < 1 && end.x > start.x) return `M${start.x} ${start.y}L${end.x} ${end.y}`;
  if (end.x > start.x) {
    const middle = end.x - Math.min(9, (end.x - start.x) / 2);
    return roundedPath([start, { x: middle, y: start.y }, { x: middle, y: end.y }, end]);
  }
  const middle = (start.y + end.y) / 2;
  return roundedPath([start, { x: start.x + 8, y: start.y }, { x: start.x + 8, y: middle }, { x: end.x - 8, y: middle }, { x: end.x - 8, y: end.y }, end]);
}

/** A loop edge leaves on the right, runs below all boxes, and enters on the left. */
function backPath(from: Spot, to: Spot, floor: number, nth: number): string {
  const start = { x: from.x + from.width, y: from.y + BOX.height / 2 };
  const end = { x: to.x, y: to.y + BOX.height / 2 };
  const low = floor + LOOP_SPACE - 10 + nth * 6;
  return roundedPath([start, { x: start.x + 8, y: start.y }, { x: start.x + 8, y: low }, { x: end.x - 8, y: low }, { x: end.x - 8, y: end.y }, end]);
}

/** A thumbnail of a graph for cards and lists: boxes, frames around what is in containers, edges, loop edges. Omits notes and edges without both ends. */
export function miniLayout(graph: Pick<Graph, 'nodes' | 'edges'>, width: number, height: number): MiniLayout {
  const nodes = graph.nodes.filter((node) => node.type !== 'note');
  if (nodes.length === 0) return { width, height, boxes: [], frames: [], edges: [] };
  const drawnNodes = flattened(nodes);
  const { places, whole, floor } = placesOf(drawnNodes, width, height, graph.edges.some(isLoopEdge) ? LOOP_SPACE : 0);
  const frames = framesOf(nodes, places);
  const spots = new Map<string, Spot>([...places].map(([id, place]) => [id, { ...place, width: BOX.width }]));
  for (const frame of frames) {
    const inside = nodes.filter(({ parentId }) => parentId === frame.id).flatMap(({ id }) => spots.get(id) ?? []);
    // Edges meet a frame level with its first row.
    spots.set(frame.id, { x: frame.x, y: Math.min(...inside.map(({ y }) => y)), width: frame.width });
  }
  let backs = 0;
  const drawn = (edge: GraphEdge): MiniEdge[] => {
    const from = spots.get(edge.source);
    const to = spots.get(edge.target);
    if (!from || !to) return [];
    const back = isLoopEdge(edge);
    return [{ id: edge.id, back, path: back ? backPath(from, to, floor, backs++) : forwardPath(from, to) }];
  };
  const boxes = drawnNodes.flatMap((node) => {
    const place = places.get(node.id);
    return place ? [{ id: node.id, type: node.type, ...place }] : [];
  });
  return { ...whole, boxes, frames: frames.toReversed(), edges: graph.edges.flatMap(drawn) };
}
