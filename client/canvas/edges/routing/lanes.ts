import type { Point } from '../../../graph-editing/operations/geometry.ts';
import type { Box, Obstacles } from './obstacles.ts';

/*
 * Spreads edges that would run on top of each other into lanes beside each other, in the order with the fewest crossings. Edges from one
 * port, and edges into one port, share a lane.
 */

/** A route whose stretches may move. */
export interface RoutedEdge {
  readonly id: string;
  readonly sourcePort: string;
  readonly targetPort: string;
  readonly level: Obstacles;
  points: Point[];
}

type Axis = 'x' | 'y';

/** A stretch between two turns. `at`: where it is across its direction. `from` and `to`: its extent along it. */
interface Stretch {
  readonly edge: RoutedEdge;
  readonly index: number;
  readonly isFixed: boolean;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Where the stretches before and after it come from: their other ends across its direction, and their place along it. */
  readonly arms: readonly { readonly to: number; readonly along: number }[];
}

const LANE = 8;
/** Stretches closer than this run on top of each other. */
const CLOSE = 6;
/** The least distance from a card. */
const CLEAR = 8;

/** Moves overlapping stretches of routes apart, first the vertical ones, then the horizontal ones. */
export function spreadLanes(edges: readonly RoutedEdge[]): void {
  for (const axis of ['x', 'y'] as const) {
    for (const cluster of clusters(edges.flatMap((edge) => stretchesOf(edge, axis)))) spread(cluster, axis);
  }
}

/** The stretches of an edge across this axis. Those that end at a port are fixed. */
function stretchesOf(edge: RoutedEdge, axis: Axis): Stretch[] {
  const along: Axis = axis === 'x' ? 'y' : 'x';
  const found: Stretch[] = [];
  for (let index = 0; index + 1 < edge.points.length; index++) {
    const [a, b] = edge.points.slice(index, index + 2);
    if (!a || !b || a[axis] !== b[axis] || a[along] === b[along]) continue;
    const [before, after] = [edge.points[index - 1], edge.points[index + 2]];
    found.push({
      edge,
      index,
      isFixed: !before || !after,
      at: a[axis],
      from: Math.min(a[along], b[along]),
      to: Math.max(a[along], b[along]),
      arms: [...(before ? [{ to: before[axis], along: a[along] }] : []), ...(after ? [{ to: after[axis], along: b[along] }] : [])],
    });
  }
  return found;
}

/** Groups of stretches that run on top of each other, and of those that meet them. */
function clusters(stretches: readonly Stretch[]): Stretch[][] {
  const sorted = [...stretches].sort((a, b) => a.at - b.at);
  let open: Stretch[][] = [];
  const found: Stretch[][] = [];
  const isNear = (stretch: Stretch) => (other: Stretch) => other.at >= stretch.at - CLOSE && other.from <= stretch.to && stretch.from <= other.to;
  for (const stretch of sorted) {
    const still = open.filter((cluster) => cluster.some(({ at }) => at >= stretch.at - CLOSE));
    found.push(...open.filter((cluster) => !still.includes(cluster)));
    const hits = still.filter((cluster) => cluster.some(isNear(stretch)));
    open = [...still.filter((cluster) => !hits.includes(cluster)), [...hits.flat(), stretch]];
  }
  return [...found, ...open].filter((cluster) => cluster.length > 1 && cluster.some(({ isFixed }) => !isFixed));
}

/** Gives each net of a cluster its own lane, beside what is fixed. */
function spread(cluster: readonly Stretch[], axis: Axis): void {
  const nets = netsOf(cluster);
  if (nets.length < 2) return;
  const ordered = inOrder(nets);
  const width = (ordered.length - 1) * LANE;
  const free = cluster.filter(({ isFixed }) => !isFixed);
  const anchor = ordered.findIndex((net) => net.some(({ isFixed }) => isFixed));
  const [low, high] = roomOf(free, axis, anchor < 0 ? width / 2 : width);
  const place = anchor < 0 ? around(free, width, low, high) : beside(ordered[anchor]?.find(({ isFixed }) => isFixed)?.at ?? 0, anchor);
  ordered.forEach((net, lane) => {
    const at = Math.max(low, Math.min(high, place(lane, ordered.length)));
    for (const stretch of net) if (!stretch.isFixed) move(stretch, axis, Math.round(at * 2) / 2);
  });
}

type Place = (lane: number, count: number) => number;

/** Lanes around the middle of what is spread, as far apart as the room allows. */
function around(cluster: readonly Stretch[], wanted: number, low: number, high: number): Place {
  const center = cluster.reduce((sum, { at }) => sum + at, 0) / cluster.length;
  const width = Math.min(wanted, high - low);
  const start = Math.max(low, Math.min(center - width / 2, high - width));
  return (lane, count) => start + (lane * width) / (count - 1);
}

/** Lanes on both sides of one that can’t move. */
const beside =
  (fixed: number, anchor: number): Place =>
  (lane) =>
    fixed + (lane - anchor) * LANE;

/** Stretches by net: those that start or end at the same port are one. */
function netsOf(cluster: readonly Stretch[]): Stretch[][] {
  const nets: Stretch[][] = [];
  for (const stretch of cluster) {
    const own = nets.find((net) => net.some(({ edge }) => edge.sourcePort === stretch.edge.sourcePort || edge.targetPort === stretch.edge.targetPort));
    if (own) own.push(stretch);
    else nets.push([stretch]);
  }
  return nets;
}

/** Nets from left to right, or top to bottom, each inserted where it crosses the fewest of the others. */
function inOrder(nets: readonly Stretch[][]): Stretch[][] {
  const ordered: Stretch[][] = [];
  for (const net of nets) {
    let best = { place: 0, cost: Number.POSITIVE_INFINITY };
    for (let place = 0; place <= ordered.length; place++) {
      const cost = ordered.reduce((sum, other, index) => sum + (index < place ? crossingsOf(other, net) : crossingsOf(net, other)), 0);
      if (cost < best.cost) best = { place, cost };
    }
    ordered.splice(best.place, 0, net);
  }
  return ordered;
}

/** How often two nets cross if `first` is in a lower lane than `second`. */
function crossingsOf(first: readonly Stretch[], second: readonly Stretch[]): number {
  let count = 0;
  for (const a of first) {
    for (const b of second) {
      count += a.arms.filter(({ to, along }) => to > a.at && along > b.from && along < b.to).length;
      count += b.arms.filter(({ to, along }) => to < b.at && along > a.from && along < a.to).length;
    }
  }
  return count;
}

/** The free room around a cluster, at most `by` to both sides of it. */
function roomOf(cluster: readonly Stretch[], axis: Axis, by: number): [number, number] {
  const at = cluster.map((stretch) => stretch.at);
  const [least, most] = [Math.min(...at), Math.max(...at)];
  let [low, high] = [least - by, most + by];
  for (const { from, to, edge } of cluster) {
    const area = axis === 'x' ? { left: low, right: high, top: from, bottom: to } : { left: from, right: to, top: low, bottom: high };
    for (const box of edge.level.within({ left: area.left - CLEAR, right: area.right + CLEAR, top: area.top - CLEAR, bottom: area.bottom + CLEAR })) {
      const [start, end] = extentOf(box, axis);
      if (end <= least) low = Math.max(low, end + CLEAR);
      else if (start >= most) high = Math.min(high, start - CLEAR);
    }
  }
  // Never beyond the turns at the ports.
  for (const { arms } of cluster) {
    for (const { to } of arms) {
      if (to <= least) low = Math.max(low, Math.min(least, to + CLEAR));
      else if (to >= most) high = Math.min(high, Math.max(most, to - CLEAR));
    }
  }
  return [Math.min(low, least), Math.max(high, most)];
}

/** The extent of a card, with its ports. */
const extentOf = ({ left, right, top, bottom }: Box, axis: Axis): [number, number] => (axis === 'x' ? [left - 5, right + 5] : [top, bottom]);

function move({ edge, index }: Stretch, axis: Axis, to: number): void {
  edge.points = edge.points.map((point, at) => (at === index || at === index + 1 ? { ...point, [axis]: to } : point));
}
