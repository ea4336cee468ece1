import { GROUP_TYPE, type Graph, type GraphNode } from '@switchyard/shared/graph/graph.ts';
import { moveNodes } from './change-nodes.ts';
import type { Point, Size } from './geometry.ts';
import { findNode } from './node-names.ts';
import type { Definitions } from './ports.ts';

/*
 * Nodes inside frames: containers (S32) and groups. `parentId` names the frame, and positions inside are relative to its corner. Edges don’t
 * cross the border of a container, but they do cross that of a group.
 */

/** Title bar and item strip of a container. */
const CONTAINER_HEAD = 91;
/** Title of a group. */
export const GROUP_HEAD = 34;
const PADDING = 24;
/** Below the lowest node, because its card grows while it runs. */
const ROOM_BELOW = 64;
const GAP = 80;
const SMALLEST: Size = { width: 560, height: 240 };
const SMALLEST_GROUP: Size = { width: 248, height: 136 };
const CARD: Size = { width: 200, height: 66 };

export const isContainer = (node: Pick<GraphNode, 'type'>, definitions: Definitions): boolean => definitions(node.type)?.role === 'container';
export const isGroup = ({ type }: Pick<GraphNode, 'type'>): boolean => type === GROUP_TYPE;
/** Whether other nodes can be inside a node. */
export const isFrame = (node: Pick<GraphNode, 'type'>, definitions: Definitions): boolean => isGroup(node) || isContainer(node, definitions);

const headOf = (node: GraphNode): number => (isGroup(node) ? GROUP_HEAD : CONTAINER_HEAD);

/** The size of a frame. */
export const sizeOfFrame = (node: Pick<GraphNode, 'type' | 'width' | 'height'>): Size => {
  const least = isGroup(node) ? SMALLEST_GROUP : SMALLEST;
  return { width: node.width ?? least.width, height: node.height ?? least.height };
};

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

/** The innermost frame at a point of the canvas, other than `except` and what is inside it. */
export function frameAt(graph: Graph, point: Point, definitions: Definitions, except?: string): string | undefined {
  const left = except === undefined ? new Set() : withContents(graph, [except]);
  const hits = graph.nodes.filter((node) => {
    if (left.has(node.id) || !isFrame(node, definitions)) return false;
    const { x, y } = placeOnCanvas(graph, node);
    const { width, height } = sizeOfFrame(node);
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

/** The graph with nodes dropped at places of the canvas. Each goes into the frame under its middle, without the edges that would cross a border. */
export function dropNodes(graph: Graph, dropped: readonly Dropped[], definitions: Definitions): Graph {
  let next = graph;
  for (const { id, at, size } of dropped) {
    const middle = { x: at.x + size.width / 2, y: at.y + Math.min(size.height / 2, CARD.height / 2) };
    next = putInto(next, id, frameAt(next, middle, definitions, id), at);
  }
  return withoutCrossing(graph, next);
}

/** The graph with a node in a frame, or at the top level, at a place of the canvas. */
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

/** The container around a node, looking through groups. Undefined at the top level. */
export function containerOf(graph: Graph, id: string): string | undefined {
  return parentsOf(graph, id).find((parent) => !isGroup(parent))?.id;
}

/** Whether an edge between these nodes would cross the border of a container. */
export const crossesBorder = (graph: Graph, source: string, target: string): boolean => containerOf(graph, source) !== containerOf(graph, target);

/** `after` without the edges that cross a border since a node changed its container. */
function withoutCrossing(before: Graph, after: Graph): Graph {
  const edges = after.edges.filter(({ source, target }) => !crossesBorder(after, source, target) || crossesBorder(before, source, target));
  return edges.length === after.edges.length ? after : { ...after, edges };
}

/** The parts of a graph that are laid out on their own: what is in each frame, the innermost first, and the top level. */
export function levelsOf(graph: Graph): { readonly parentId: string | undefined; readonly level: Graph }[] {
  const parents = new Set(graph.nodes.map(({ parentId }) => parentId));
  const depth = (parentId: string | undefined): number => (parentId === undefined ? -1 : parentsOf(graph, parentId).length);
  return [...parents].sort((a, b) => depth(b) - depth(a)).map((parentId) => ({ parentId, level: fragmentAt(graph, parentId) }));
}

/** What is directly in a frame. An edge that crosses the border of a group ends at the group instead. */
function fragmentAt(graph: Graph, parentId: string | undefined): Graph {
  const nodes = graph.nodes.filter((node) => node.parentId === parentId);
  const ids = new Set(nodes.map(({ id }) => id));
  const end = (id: string): string => (ids.has(id) ? id : (parentsOf(graph, id).find((parent) => ids.has(parent.id))?.id ?? ''));
  const edges = graph.edges
    .map((edge) => ({ ...edge, source: end(edge.source), target: end(edge.target) }))
    .filter(({ source, target }) => source !== '' && target !== '' && source !== target);
  return { ...graph, nodes, edges };
}

/** The graph with frames large enough for what is in them, which stays clear of their heads. The innermost first. */
export function fitFrames(graph: Graph, definitions: Definitions): Graph {
  const frames = graph.nodes.filter((node) => isFrame(node, definitions));
  if (frames.length === 0) return graph;
  const depth = new Map(frames.map(({ id }) => [id, parentsOf(graph, id).length]));
  const inside = [...frames].sort((a, b) => (depth.get(b.id) ?? 0) - (depth.get(a.id) ?? 0));
  return inside.reduce((fitted, { id }) => fitFrame(fitted, id, definitions), graph);
}

function fitFrame(graph: Graph, id: string, definitions: Definitions): Graph {
  const frame = findNode(graph, id);
  if (!frame) return graph;
  const head = headOf(frame);
  const children = graph.nodes.filter(({ parentId }) => parentId === id);
  const pushed = children.flatMap((node): [string, Point][] => {
    const { x, y } = node.position;
    const clear = isGroup(frame) ? { x: Math.max(x, 12), y: Math.max(y, head + 6) } : { x: Math.max(x, PADDING), y: Math.max(y, head + PADDING / 2) };
    return clear.x === x && clear.y === y ? [] : [[node.id, clear]];
  });
  const clear = moveNodes(graph, new Map(pushed));
  const least = clear.nodes.filter(({ parentId }) => parentId === id).map((node) => farCorner(node, isGroup(frame) ? PADDING : ROOM_BELOW, definitions));
  const { width, height } = sizeOfFrame(frame);
  const smallest = isGroup(frame) ? SMALLEST_GROUP : SMALLEST;
  const fit: Size = {
    width: Math.max(width, smallest.width, ...least.map(({ x }) => x + PADDING)),
    height: Math.max(height, smallest.height, ...least.map(({ y }) => y)),
  };
  if (fit.width === frame.width && fit.height === frame.height) return clear;
  const roomy = isGroup(frame) ? clear : besideGrown(clear, frame, fit, definitions);
  return { ...roomy, nodes: roomy.nodes.map((node) => (node.id === id ? { ...node, ...fit } : node)) };
}

/** Moves what is to the right of a frame further right, if the frame would cover any of it at its new size. */
function besideGrown(graph: Graph, frame: GraphNode, { width, height }: Size, definitions: Definitions): Graph {
  const { x: left, y: top } = frame.position;
  const before = sizeOfFrame(frame).width;
  const beside = graph.nodes.filter(({ id, parentId, position }) => id !== frame.id && parentId === frame.parentId && position.x >= left + before);
  const isCovered = (node: GraphNode) => node.position.x < left + width && node.position.y < top + height && top < farCorner(node, 0, definitions).y;
  if (!beside.some(isCovered)) return graph;
  return moveNodes(graph, new Map(beside.map(({ id, position: { x, y } }) => [id, { x: x + width - before, y }])));
}

function farCorner(node: GraphNode, below: number, definitions: Definitions): Point {
  if (isFrame(node, definitions)) {
    const { width, height } = sizeOfFrame(node);
    return { x: node.position.x + width, y: node.position.y + height + PADDING };
  }
  const ports = definitions(node.type)?.ports(node.data.params).outputs.length ?? 1;
  const height = node.height ?? CARD.height + (ports > 1 ? ports * 24 : 0);
  return { x: node.position.x + (node.width ?? CARD.width), y: node.position.y + height + below };
}

/** The graph with nodes moved out of their frame, below it, or else into the nearest one. The same graph if there is none. */
export function intoOrOut(graph: Graph, ids: readonly string[], definitions: Definitions): Graph {
  let next = graph;
  for (const id of ids) {
    const node = findNode(next, id);
    const from = findNode(next, node?.parentId ?? '');
    if (node && from) {
      const { x, y } = placeOnCanvas(next, from);
      next = putInto(next, id, from.parentId, { x: x + node.position.x, y: y + sizeOfFrame(from).height + PADDING });
    } else if (node) {
      const into = nearestFrame(next, node, definitions);
      if (into) next = putInto(next, id, into.id, placeInside(next, into.id));
    }
  }
  return withoutCrossing(graph, next);
}

/** The frame nearest to a node, other than itself and what is in it. */
function nearestFrame(graph: Graph, node: GraphNode, definitions: Definitions): GraphNode | undefined {
  const inside = withContents(graph, [node.id]);
  const from = placeOnCanvas(graph, node);
  const distance = (other: GraphNode): number => {
    const at = placeOnCanvas(graph, other);
    return Math.hypot(at.x - from.x, at.y - from.y);
  };
  return graph.nodes.filter((other) => !inside.has(other.id) && isFrame(other, definitions)).sort((a, b) => distance(a) - distance(b))[0];
}

/** A free place inside a frame, right of what is in it. On the canvas. */
export function placeInside(graph: Graph, frameId: string): Point {
  const origin = originOf(graph, frameId);
  const frame = findNode(graph, frameId);
  const rights = graph.nodes.filter(({ parentId }) => parentId === frameId).map(({ position, width }) => position.x + (width ?? CARD.width) + GAP);
  return { x: origin.x + Math.max(PADDING, ...rights), y: origin.y + (frame ? headOf(frame) : 0) + PADDING };
}

/** What a move did, for screen readers: “Moved into For-each, 1 edge removed”. Empty if no node changed its container. */
export function wordsOfMove(before: Graph, after: Graph): string {
  const moved = after.nodes.find((node) => findNode(before, node.id)?.parentId !== node.parentId);
  if (!moved) return '';
  const into = findNode(after, moved.parentId ?? '');
  const from = findNode(before, findNode(before, moved.id)?.parentId ?? '');
  const lost = before.edges.length - after.edges.length;
  const edges = lost === 0 ? '' : lost === 1 ? ', 1 edge removed' : `, ${lost} edges removed`;
  return `Moved ${into ? `into ${into.data.title}` : `out of ${from?.data.title ?? 'the frame'}`}${edges}`;
}
