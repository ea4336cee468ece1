import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { moveNodes } from './change-nodes.ts';
import { originOf, placeOnCanvas } from './containers.ts';
import type { Point, Size } from './geometry.ts';
import { outermost, type Sizes, sizeOf } from './groups.ts';

/** How selected nodes are lined up, or spaced evenly. */
export type Arrangement = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom' | 'across' | 'down';

interface Placed extends Point, Size {
  readonly node: GraphNode;
}

/** The graph with these nodes arranged. Each stays in its frame, and what is inside a moved frame moves with it. */
export function arrange(graph: Graph, ids: readonly string[], how: Arrangement, sizes: Sizes): Graph {
  const placed = outermost(graph, ids).map((node): Placed => ({ node, ...placeOnCanvas(graph, node), ...sizeOf(node, sizes) }));
  if (placed.length < 2) return graph;
  const moved = how === 'across' ? spread(placed, 'x', 'width') : how === 'down' ? spread(placed, 'y', 'height') : aligned(placed, how);
  const places = moved.map(({ node, x, y }): [string, Point] => {
    const origin = originOf(graph, node.parentId);
    return [node.id, { x: x - origin.x, y: y - origin.y }];
  });
  return moveNodes(graph, new Map(places));
}

type Side = Exclude<Arrangement, 'across' | 'down'>;

function aligned(placed: readonly Placed[], side: Side): Placed[] {
  const left = Math.min(...placed.map(({ x }) => x));
  const right = Math.max(...placed.map(({ x, width }) => x + width));
  const top = Math.min(...placed.map(({ y }) => y));
  const bottom = Math.max(...placed.map(({ y, height }) => y + height));
  const to: Record<Side, (box: Placed) => Partial<Point>> = {
    left: () => ({ x: left }),
    center: ({ width }) => ({ x: (left + right - width) / 2 }),
    right: ({ width }) => ({ x: right - width }),
    top: () => ({ y: top }),
    middle: ({ height }) => ({ y: (top + bottom - height) / 2 }),
    bottom: ({ height }) => ({ y: bottom - height }),
  };
  return placed.map((box) => ({ ...box, ...to[side](box) }));
}

/** The least gap between two nodes that are spaced evenly. */
const LEAST_GAP = 24;

/** Equal gaps between neighbors. The outermost stay, unless there is too little room between them. */
function spread(placed: readonly Placed[], axis: 'x' | 'y', length: 'width' | 'height'): Placed[] {
  const sorted = [...placed].sort((a, b) => a[axis] - b[axis]);
  const start = sorted[0]?.[axis] ?? 0;
  const end = Math.max(...sorted.map((box) => box[axis] + box[length]));
  const taken = sorted.reduce((sum, box) => sum + box[length], 0);
  const gap = Math.max(LEAST_GAP, (end - start - taken) / (sorted.length - 1));
  let at = start;
  return sorted.map((box) => {
    const moved = { ...box, [axis]: at };
    at += box[length] + gap;
    return moved;
  });
}
