import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { moveNodes } from './change-nodes.ts';
import { fitFrames, isContainer, isFrame, isGroup, levelsOf, placeInside, placeOnCanvas, sizeOfFrame } from './containers.ts';
import type { Point, Size } from './geometry.ts';
import type { Sizes } from './groups.ts';
import { waitingRoom } from './make-room.ts';
import { findNode } from './node-names.ts';
import { type Definitions, portsOf } from './ports.ts';
import type { Layout } from './tidy-rows.ts';
import { tidyPlaces } from './tidy-up.ts';

const DEFAULT_SIZE: Size = { width: 200, height: 96 };
/** Between what is in a frame and its border. */
const PADDING = 24;
/** Rows inside frames are at most this much wider than high. */
const FRAME_VIEW: Size = { width: 1_900, height: 1_000 };

interface Rendered {
  readonly sizes: Sizes;
  /** The visible part of the canvas, at 100%. */
  readonly view: Size | undefined;
}

/** The graph laid out: what is in each frame first, the innermost before what is around it, then the top level. */
export function tidied(graph: Graph, definitions: Definitions, { sizes, view }: Rendered): Graph {
  return levelsOf(graph).reduce((next, { parentId }) => tidyLevel(next, parentId, { definitions, sizes, view }), graph);
}

function tidyLevel(graph: Graph, parentId: string | undefined, { definitions, sizes, view }: Rendered & { readonly definitions: Definitions }): Graph {
  const level = levelsOf(graph).find((one) => one.parentId === parentId)?.level;
  if (!level) return graph;
  const sizeOf = (id: string): Size => {
    const node = findNode(graph, id);
    if (node && isFrame(node, definitions)) return sizeOfFrame(node);
    const { width, height } = sizes.get(id) ?? DEFAULT_SIZE;
    return { width, height: height + (node ? waitingRoom(node) : 0) };
  };
  const layout: Layout = {
    sizeOf,
    portOf: portsAt(graph, level, definitions),
    isWide: (id) => level.nodes.some((node) => node.id === id && isContainer(node, definitions)),
    view: parentId === undefined ? view : FRAME_VIEW,
  };
  const moved = moveNodes(graph, tidyPlaces(level, layout));
  return fitFrames(parentId === undefined ? moved : fitted(moved, parentId, sizeOf), definitions);
}

/** The frame around what was just laid out, no larger than needed. */
function fitted(graph: Graph, frameId: string, sizeOf: (id: string) => Size): Graph {
  const inside = graph.nodes.filter(({ parentId }) => parentId === frameId);
  const frame = findNode(graph, frameId);
  if (!frame || inside.length === 0) return graph;
  const corner = cornerOf(graph, frame);
  const left = Math.min(...inside.map(({ position }) => position.x));
  const top = Math.min(...inside.map(({ position }) => position.y));
  const places = new Map(inside.map(({ id, position }) => [id, { x: position.x - left + corner.x, y: position.y - top + corner.y }]));
  const far = [...places].map(([id, { x, y }]) => ({ x: x + sizeOf(id).width, y: y + sizeOf(id).height }));
  const size = { width: Math.max(...far.map(({ x }) => x)) + PADDING, height: Math.max(...far.map(({ y }) => y)) + PADDING };
  const { nodes, ...rest } = moveNodes(graph, places);
  return { ...rest, nodes: nodes.map((node) => (node.id === frameId ? { ...node, ...size } : node)) };
}

/** Where the first node of a frame is placed, from the corner of the frame. */
function cornerOf(graph: Graph, frame: GraphNode): Point {
  const empty = { ...graph, nodes: graph.nodes.filter(({ parentId }) => parentId !== frame.id) };
  const inside = placeInside(empty, frame.id);
  const origin = placeOnCanvas(graph, frame);
  return { x: inside.x - origin.x, y: inside.y - origin.y - (isGroup(frame) ? PADDING / 2 : 0) };
}

const HEAD = 23;
const FIRST_ROW = 71;
const ROW = 24;

/** Where the edges of a level start and end. An edge of a group starts at the node inside. */
function portsAt(graph: Graph, level: Graph, definitions: Definitions): Layout['portOf'] {
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const ends = new Map(level.edges.map((edge) => [edge.id, edge]));
  return (edgeId, end) => {
    const edge = edges.get(edgeId);
    const node = edge && findNode(graph, edge[end]);
    const outer = findNode(graph, ends.get(edgeId)?.[end] ?? '');
    if (!edge || !node || !outer) return HEAD;
    const port = end === 'source' ? rowOf(node, edge.sourceHandle, definitions) : HEAD;
    return placeOnCanvas(graph, node).y - placeOnCanvas(graph, outer).y + port;
  };
}

/** From the top of a card to one of its output ports. */
function rowOf(node: GraphNode, port: string | null | undefined, definitions: Definitions): number {
  const { outputs } = portsOf(node, definitions);
  if (isContainer(node, definitions) || (outputs.length < 2 && !outputs.some(({ label }) => label))) return HEAD;
  return (
    FIRST_ROW +
    ROW *
      Math.max(
        0,
        outputs.findIndex(({ id }) => id === port),
      )
  );
}
