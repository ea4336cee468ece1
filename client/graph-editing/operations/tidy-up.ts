import * as dagre from '@dagrejs/dagre';
import { type Graph, type GraphNode, isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import { freePlace } from './free-place.ts';
import type { Point, Size } from './geometry.ts';
import { type Column, inRows, type Layout } from './tidy-rows.ts';

/** Between neighbors in a column. */
const BELOW = 36;
/** Between columns, and more if many edges turn there. */
const BESIDE = 72;
const LANE = 8;
const FREE_LANES = 4;

/**
 * New positions for all connected nodes of a level, left to right, wrapped into rows if one row would be unreadable. Ports on one line give
 * straight edges. Loop edges are ignored. Notes and unconnected nodes stay beside their nearest neighbor. The drawing keeps its top left
 * corner.
 */
export function tidyPlaces(graph: Graph, layout: Layout): Map<string, Point> {
  const connected = new Set(graph.edges.flatMap((edge) => [edge.source, edge.target]));
  const nodes = graph.nodes.filter((node) => connected.has(node.id));
  if (nodes.length === 0) return new Map();
  const columns = columnsOf(graph, nodes, layout);
  const placed = new Map<string, Point>();
  let top = 0;
  for (const { columns: row, below } of inRows(columns, graph.edges, layout)) {
    const places = placeRow(row, graph, layout);
    const ys = [...places].map(([id, { y }]) => [y, y + layout.sizeOf(id).height] as const);
    const first = Math.min(...ys.map(([y]) => y));
    for (const [id, { x, y }] of places) placed.set(id, { x, y: y - first + top });
    top += Math.max(...ys.map(([, bottom]) => bottom)) - first + below;
  }
  const moved = shifted(nodes.map(({ id, position }) => ({ id, before: position, after: placed.get(id) ?? position })));
  return withLoose(graph, moved, layout);
}

/** The nodes by column, each with its size and where the layout algorithm wants it. */
function columnsOf(graph: Graph, nodes: readonly { readonly id: string }[], { sizeOf }: Layout): Column[] {
  const drawing = new dagre.graphlib.Graph({ multigraph: true });
  drawing.setGraph({ rankdir: 'LR', nodesep: BELOW, ranksep: BESIDE, edgesep: 16 });
  for (const { id } of nodes) drawing.setNode(id, { ...sizeOf(id) });
  const forward = graph.edges.filter((edge) => !isLoopEdge(edge) && drawing.hasNode(edge.source) && drawing.hasNode(edge.target));
  for (const edge of forward) drawing.setEdge(edge.source, edge.target, {}, edge.id);
  dagre.layout(drawing);
  const placed = nodes.map(({ id }) => {
    const { x = 0, y = 0 } = drawing.node(id) as Partial<Point>;
    return { id, x, y: y - sizeOf(id).height / 2 };
  });
  const byPlace = [...Map.groupBy(placed, ({ x }) => Math.round(x))].sort(([a], [b]) => a - b);
  const rank = new Map(byPlace.flatMap(([, inside], index) => inside.map(({ id }) => [id, index] as const)));
  return byPlace.map(([, inside], index) => {
    const turning = forward.filter(({ source, target }) => (rank.get(source) ?? 0) <= index && (rank.get(target) ?? 0) > index).length;
    return {
      nodes: inside.sort((a, b) => a.y - b.y).map(({ id, y }) => ({ id, y })),
      width: Math.max(...inside.map(({ id }) => sizeOf(id).width)),
      height: inside.reduce((sum, { id }) => sum + sizeOf(id).height + BELOW, -BELOW),
      gap: BESIDE + LANE * Math.max(0, turning - FREE_LANES),
      turning,
    };
  });
}

/** Positions in one row: each node in line with the port before it, as far as its neighbors leave room. */
function placeRow(columns: readonly Column[], graph: Graph, layout: Layout): Map<string, Point> {
  const places = new Map<string, Point>();
  let x = 0;
  for (const column of columns) {
    const wanted = column.nodes.map(({ id, y }) => ({ id, y: inLineWith(id, graph, layout, places) ?? y, height: layout.sizeOf(id).height }));
    for (const { id, y } of apart(inOrder(wanted, graph))) places.set(id, { x, y });
    x += column.width + column.gap;
  }
  return places;
}

/** From the top by where nodes want to be. Those that want the same place stay in the order that they had before. */
function inOrder(wanted: readonly Wanted[], { nodes }: Graph): Wanted[] {
  const before = new Map(nodes.map(({ id, position }, index) => [id, position.y + index / nodes.length]));
  return [...wanted].sort((a, b) => (Math.abs(a.y - b.y) < 1 ? (before.get(a.id) ?? 0) - (before.get(b.id) ?? 0) : a.y - b.y));
}

/** Where a node is level with those before it. With several, with the middle one. */
function inLineWith(id: string, { edges }: Graph, { portOf }: Layout, places: ReadonlyMap<string, Point>): number | undefined {
  const levels = edges
    .filter((edge) => edge.target === id && !isLoopEdge(edge))
    .flatMap((edge) => {
      const source = places.get(edge.source);
      return source ? [source.y + portOf(edge.id, 'source') - portOf(edge.id, 'target')] : [];
    })
    .sort((a, b) => a - b);
  return levels[Math.floor((levels.length - 1) / 2)];
}

interface Wanted {
  readonly id: string;
  readonly y: number;
  readonly height: number;
}

/** Moves the nodes of a column apart, each as near to its wanted place as the others allow. Their order stays. */
function apart(wanted: readonly Wanted[]): { readonly id: string; readonly y: number }[] {
  // Runs of touching nodes, each around the mean of what its nodes want.
  const runs: { nodes: Wanted[]; y: number; height: number; sum: number }[] = [];
  for (const node of wanted) {
    let run = { nodes: [node], y: node.y, height: node.height + BELOW, sum: node.y };
    for (let above = runs.at(-1); above && above.y + above.height > run.y; above = runs.at(-1)) {
      runs.pop();
      const nodes = [...above.nodes, ...run.nodes];
      const sum = above.sum + run.sum - run.nodes.length * above.height;
      run = { nodes, y: sum / nodes.length, height: above.height + run.height, sum };
    }
    runs.push(run);
  }
  return runs.flatMap(({ nodes, y }) => {
    let top = y;
    return nodes.map(({ id, height }) => {
      const place = { id, y: top };
      top += height + BELOW;
      return place;
    });
  });
}

function shifted(moves: readonly { id: string; before: Point; after: Point }[]): Map<string, Point> {
  const topLeftOf = (points: readonly Point[]): Point => ({ x: Math.min(...points.map((point) => point.x)), y: Math.min(...points.map((point) => point.y)) });
  const from = topLeftOf(moves.map((move) => move.before));
  const to = topLeftOf(moves.map((move) => move.after));
  return new Map(moves.map(({ id, after }) => [id, { x: Math.round(after.x - to.x + from.x), y: Math.round(after.y - to.y + from.y) }]));
}

/** Adds the places of nodes without edges: each moves with the node that it was nearest to, and covers nothing. */
function withLoose({ nodes }: Graph, moved: ReadonlyMap<string, Point>, { sizeOf }: Layout): Map<string, Point> {
  const places = new Map(moved);
  const middle = ({ id, position }: GraphNode): Point => ({ x: position.x + sizeOf(id).width / 2, y: position.y + sizeOf(id).height / 2 });
  const connected = nodes.filter(({ id }) => moved.has(id));
  for (const node of nodes) {
    if (moved.has(node.id)) continue;
    const from = middle(node);
    const distance = (other: GraphNode): number => Math.hypot(middle(other).x - from.x, middle(other).y - from.y);
    const nearest = connected.reduce<GraphNode | undefined>((best, other) => (best && distance(best) <= distance(other) ? best : other), undefined);
    const now = nearest && moved.get(nearest.id);
    if (!nearest || !now) continue;
    const wanted = { x: node.position.x + now.x - nearest.position.x, y: node.position.y + now.y - nearest.position.y };
    const boxes = [...places].map(([id, place]) => ({ ...place, ...sizeOf(id) }));
    places.set(node.id, isFree(wanted, sizeOf(node.id), boxes) ? wanted : freePlace(wanted, sizeOf(node.id), boxes));
  }
  return places;
}

const isFree = ({ x, y }: Point, { width, height }: Size, boxes: readonly (Point & Size)[]): boolean =>
  !boxes.some((box) => x < box.x + box.width && box.x < x + width && y < box.y + box.height && box.y < y + height);
