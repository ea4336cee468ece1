import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { moveNodes } from './change-nodes.ts';
import type { Point, Size } from './geometry.ts';
import { findNode } from './node-names.ts';
import type { Definitions } from './ports.ts';

/*
 * Nodes inside containers (S32). `parentId` names the container, and positions inside are relative to its corner.
 */

/** Title bar and item strip of a container. */
const CONTAINER_HEAD = 91;
const PADDING = 24;
/** Below the lowest node, because its card grows while it runs. */
const ROOM_BELOW = 64;
const GAP = 80;
const SMALLEST: Size = { width: 560, height: 240 };
const CARD: Size = { width: 200, height: 66 };

export const isContainer = (node: Pick<GraphNode, 'type'>, definitions: Definitions): boolean => definitions(node.type)?.role === 'container';

/** The size of a container, and the least size of any other node. */
export const sizeOfContainer = ({ width, height }: Pick<GraphNode, 'width' | 'height'>): Size => ({
  width: width ?? SMALLEST.width,
  height: height ?? SMALLEST.height,
});

/** The parents of a node, from the inside out. */
function parentsOf(graph: Graph, id: string): GraphNode[] {
  const found: GraphNode[] = [];
  let parent = findNode(graph, findNode(graph, id)?.parentId ?? '');
  while (parent && parent.id !== id && !found.includes(parent)) {
    found.push(parent);
    parent = findNode(graph, parent.parentId ?? '');
  }
  return found;
}

/** Where the corner of a parent is on the canvas. */
export function originOf(graph: Graph, parentId: string | undefined): Point {
  const around = parentId === undefined ? [] : [findNode(graph, parentId), ...parentsOf(graph, parentId)];
  return around.reduce<Point>((sum, node) => ({ x: sum.x + (node?.position.x ?? 0), y: sum.y + (node?.position.y ?? 0) }), { x: 0, y: 0 });
}

/** Where a node is on the canvas. */
export function placeOnCanvas(graph: Graph, node: GraphNode): Point {
  const origin = originOf(graph, node.parentId);
  return { x: origin.x + node.position.x, y: origin.y + node.position.y };
}

/** These nodes and everything inside them. */
export function withContents(graph: Graph, ids: readonly string[]): Set<string> {
  const found = new Set(ids);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { id, parentId } of graph.nodes) if (parentId !== undefined && found.has(parentId)) found.add(id);
  }
  return found;
}

/** The innermost container at a point of the canvas, other than `except` and what is inside it. */
export function containerAt(graph: Graph, point: Point, definitions: Definitions, except?: string): string | undefined {
  const left = except === undefined ? new Set() : withContents(graph, [except]);
  const hits = graph.nodes.filter((node) => {
    if (left.has(node.id) || !isContainer(node, definitions)) return false;
    const { x, y } = placeOnCanvas(graph, node);
    const { width, height } = sizeOfContainer(node);
    return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
  });
  return hits.sort((a, b) => parentsOf(graph, b.id).length - parentsOf(graph, a.id).length)[0]?.id;
}

/** A node that was dragged to this place on the canvas. */
export interface Dropped {
  readonly id: string;
  readonly at: Point;
  readonly size: Size;
}

/** The graph with nodes dropped at places of the canvas. Each goes into the container under its middle, without the edges that would cross a border. */
export function dropNodes(graph: Graph, dropped: readonly Dropped[], definitions: Definitions): Graph {
  let next = graph;
  for (const { id, at, size } of dropped) {
    const middle = { x: at.x + size.width / 2, y: at.y + Math.min(size.height / 2, CARD.height / 2) };
    next = putInto(next, id, containerAt(next, middle, definitions, id), at);
  }
  return withoutCrossing(graph, next);
}

/** The graph with a node in a container, or at the top level, at a place of the canvas. */
export function putInto(graph: Graph, id: string, parentId: string | undefined, at: Point): Graph {
  const origin = originOf(graph, parentId);
  const position = { x: Math.round(at.x - origin.x), y: Math.round(at.y - origin.y) };
  const nodes = graph.nodes.map((node): GraphNode => {
    if (node.id !== id) return node;
    if (node.parentId === parentId && node.position.x === position.x && node.position.y === position.y) return node;
    const { parentId: _, ...rest } = node;
    return { ...rest, position, ...(parentId !== undefined && { parentId }) };
  });
  return nodes.some((node, index) => node !== graph.nodes[index]) ? { ...graph, nodes } : graph;
}

/** Whether an edge between these nodes would cross the border of a container. */
export const crossesBorder = (graph: Graph, source: string, target: string): boolean => findNode(graph, source)?.parentId !== findNode(graph, target)?.parentId;

/** `after` without the edges that cross a border since a node changed its container. */
function withoutCrossing(before: Graph, after: Graph): Graph {
  const edges = after.edges.filter(({ source, target }) => !crossesBorder(after, source, target) || crossesBorder(before, source, target));
  return edges.length === after.edges.length ? after : { ...after, edges };
}

/** The parts of a graph that are laid out on their own: what is in each container, the innermost first, and the top level. */
export function levelsOf(graph: Graph): { readonly parentId: string | undefined; readonly level: Graph }[] {
  const parents = new Set(graph.nodes.map(({ parentId }) => parentId));
  const depth = (parentId: string | undefined): number => (parentId === undefined ? -1 : parentsOf(graph, parentId).length);
  return [...parents].sort((a, b) => depth(b) - depth(a)).map((parentId) => ({ parentId, level: fragmentAt(graph, parentId) }));
}

function fragmentAt(graph: Graph, parentId: string | undefined): Graph {
  const nodes = graph.nodes.filter((node) => node.parentId === parentId);
  const ids = new Set(nodes.map(({ id }) => id));
  return { ...graph, nodes, edges: graph.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)) };
}

/** The graph with containers large enough for what is in them, which stays clear of their heads. The innermost first. */
export function fitContainers(graph: Graph, definitions: Definitions): Graph {
  const containers = graph.nodes.filter((node) => isContainer(node, definitions));
  if (containers.length === 0) return graph;
  const depth = new Map(containers.map(({ id }) => [id, parentsOf(graph, id).length]));
  const inside = [...containers].sort((a, b) => (depth.get(b.id) ?? 0) - (depth.get(a.id) ?? 0));
  return inside.reduce((fitted, { id }) => fitContainer(fitted, id, definitions), graph);
}

function fitContainer(graph: Graph, id: string, definitions: Definitions): Graph {
  const children = graph.nodes.filter(({ parentId }) => parentId === id);
  const pushed = children.flatMap((node): [string, Point][] => {
    const { x, y } = node.position;
    const clear = { x: Math.max(x, PADDING), y: Math.max(y, CONTAINER_HEAD + PADDING / 2) };
    return clear.x === x && clear.y === y ? [] : [[node.id, clear]];
  });
  const clear = moveNodes(graph, new Map(pushed));
  const container = findNode(clear, id);
  if (!container) return clear;
  const least = clear.nodes.filter(({ parentId }) => parentId === id).map((node) => farCorner(node, definitions));
  const { width, height } = sizeOfContainer(container);
  const fit: Size = {
    width: Math.max(width, SMALLEST.width, ...least.map(({ x }) => x + PADDING)),
    height: Math.max(height, SMALLEST.height, ...least.map(({ y }) => y)),
  };
  if (fit.width === container.width && fit.height === container.height) return clear;
  return { ...clear, nodes: clear.nodes.map((node) => (node.id === id ? { ...node, ...fit } : node)) };
}

function farCorner(node: GraphNode, definitions: Definitions): Point {
  if (isContainer(node, definitions)) {
    const { width, height } = sizeOfContainer(node);
    return { x: node.position.x + width, y: node.position.y + height + PADDING };
  }
  const ports = definitions(node.type)?.ports(node.data.params).outputs.length ?? 1;
  const height = node.height ?? CARD.height + (ports > 1 ? ports * 24 : 0);
  return { x: node.position.x + (node.width ?? CARD.width), y: node.position.y + height + ROOM_BELOW };
}

/** The graph with nodes moved out of their container, below it, or else into the nearest one. The same graph if there is none. */
export function intoOrOut(graph: Graph, ids: readonly string[], definitions: Definitions): Graph {
  let next = graph;
  for (const id of ids) {
    const node = findNode(next, id);
    const from = findNode(next, node?.parentId ?? '');
    if (node && from) {
      const { x, y } = placeOnCanvas(next, from);
      next = putInto(next, id, from.parentId, { x: x + node.position.x, y: y + sizeOfContainer(from).height + PADDING });
    } else if (node) {
      const into = nearestContainer(next, node, definitions);
      if (into) next = putInto(next, id, into.id, placeInside(next, into.id));
    }
  }
  return withoutCrossing(graph, next);
}

/** The container nearest to a node, other than itself and what is in it. */
function nearestContainer(graph: Graph, node: GraphNode, definitions: Definitions): GraphNode | undefined {
  const inside = withContents(graph, [node.id]);
  const from = placeOnCanvas(graph, node);
  const distance = (other: GraphNode): number => {
    const at = placeOnCanvas(graph, other);
    return Math.hypot(at.x - from.x, at.y - from.y);
  };
  return graph.nodes.filter((other) => !inside.has(other.id) && isContainer(other, definitions)).sort((a, b) => distance(a) - distance(b))[0];
}

/** A free place inside a container, right of what is in it. On the canvas. */
export function placeInside(graph: Graph, containerId: string): Point {
  const origin = originOf(graph, containerId);
  const rights = graph.nodes.filter(({ parentId }) => parentId === containerId).map(({ position, width }) => position.x + (width ?? CARD.width) + GAP);
  return { x: origin.x + Math.max(PADDING, ...rights), y: origin.y + CONTAINER_HEAD + PADDING };
}

/** What a move did, for screen readers: “Moved into For-each, 1 edge removed”. Empty if no node changed its container. */
export function wordsOfMove(before: Graph, after: Graph): string {
  const moved = after.nodes.find((node) => findNode(before, node.id)?.parentId !== node.parentId);
  if (!moved) return '';
  const into = findNode(after, moved.parentId ?? '');
  const from = findNode(before, findNode(before, moved.id)?.parentId ?? '');
  const lost = before.edges.length - after.edges.length;
  const edges = lost === 0 ? '' : lost === 1 ? ', 1 edge removed' : `, ${lost} edges removed`;
  return `Moved ${into ? `into ${into.data.title}` : `out of ${from?.data.title ?? 'the container'}`}${edges}`;
}
