import { type Graph, type GraphNode, isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import { ancestors, descendants, topologyOf } from '@switchyard/shared/graph/topology.ts';
import { changeNode, moveNodes } from './change-nodes.ts';
import { isFrame, sizeOfFrame } from './containers.ts';
import { freePlace } from './free-place.ts';
import type { Point, Size } from './geometry.ts';
import { findNode } from './node-names.ts';
import { type Definitions, portsOf } from './ports.ts';

const CARD: Size = { width: 200, height: 66 };
/** Room for the edge between two cards. */
const GAP = 64;
const PORT_ROW = 24;

/** How much a card grows while it waits for a person: its state, and the link to the review. */
export const waitingRoom = ({ type }: Pick<GraphNode, 'type'>): number => (type === 'human-review' ? 52 : 0);

/** Where a card or frame is, and its approximate size, without a run’s state line except for the wait of a review. */
function cardBox(node: GraphNode, definitions: Definitions): Point & Size {
  if (isFrame(node, definitions)) return { ...node.position, ...sizeOfFrame(node) };
  const { outputs } = portsOf(node, definitions);
  const rows = outputs.length > 1 || outputs.some(({ label }) => label) ? outputs.length : 0;
  return { ...node.position, width: node.width ?? CARD.width, height: (node.height ?? CARD.height + rows * PORT_ROW) + waitingRoom(node) };
}

/** From the left of one card to the left of the next. */
const strideOf = (node: GraphNode, definitions: Definitions): number => cardBox(node, definitions).width + GAP;

const overlap = (a: Point & Size, b: Point & Size): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * Places a node just inserted between two others clear of both: right of the source, with everything that follows pushed further right. An
 * edge drawn to the left moves nothing.
 */
export function makeRoom(graph: Graph, nodeId: string, between: { source: string; target: string }, definitions: Definitions): Graph {
  const [node, source, target] = [nodeId, between.source, between.target].map((id) => findNode(graph, id));
  if (!node || !source || !target || graph.edges.some((edge) => edge.target === nodeId && isLoopEdge(edge))) return graph;
  // Positions are comparable only within one container.
  const level = { ...graph, nodes: graph.nodes.filter(({ parentId }) => parentId === node.parentId) };
  const placed = source.position.x < target.position.x ? rightOf(level, node, source, definitions) : level;
  const roomy = clearOfOthers(pushRight(placed, nodeId, target, definitions), nodeId, definitions);
  return moveNodes(graph, new Map(roomy.nodes.map(({ id, position }) => [id, position])));
}

function rightOf(graph: Graph, node: GraphNode, source: GraphNode, definitions: Definitions): Graph {
  const x = source.position.x + strideOf(source, definitions);
  const beside = overlap({ ...cardBox(node, definitions), x: 0 }, { ...cardBox(source, definitions), x: 0 });
  return beside && node.position.x < x ? changeNode(graph, node.id, (one) => ({ ...one, position: { ...one.position, x } })) : graph;
}

/** Moves `target` and everything downstream of it to the right, as far as the inserted node needs. */
function pushRight(graph: Graph, nodeId: string, target: GraphNode, definitions: Definitions): Graph {
  const node = findNode(graph, nodeId);
  if (!node || target.position.x < node.position.x - strideOf(target, definitions)) return graph;
  const lacking = node.position.x + strideOf(node, definitions) - target.position.x;
  if (lacking <= 0) return graph;
  const topology = topologyOf(graph);
  const forward = descendants(topology, target.id).add(target.id);
  if (forward.has(nodeId)) return graph;
  const before = ancestors(topology, nodeId);
  const shift = (ids: ReadonlySet<string>) => {
    const moved = graph.nodes.filter(({ id }) => ids.has(id));
    return moveNodes(graph, new Map(moved.map(({ id, position: { x, y } }) => [id, { x: x + lacking, y }])));
  };
  const shifted = shift(forward);
  if (!covers(shifted, forward, definitions)) return shifted;
  // A card beside the branch is in the way, so everything to the right moves.
  const right = graph.nodes.filter(({ id, position }) => position.x >= target.position.x && id !== nodeId && !before.has(id)).map(({ id }) => id);
  return shift(new Set([...forward, ...right]));
}

/** Whether a moved card covers one that was not moved. */
function covers(graph: Graph, moved: ReadonlySet<string>, definitions: Definitions): boolean {
  const boxes = graph.nodes.map((node) => ({ moved: moved.has(node.id), box: cardBox(node, definitions) }));
  const still = boxes.filter((one) => !one.moved);
  return boxes.some((one) => one.moved && still.some(({ box }) => overlap(one.box, box)));
}

/** Moves a new node down, if it would cover another one in the same frame. */
export function clearOfOthers(graph: Graph, nodeId: string, definitions: Definitions): Graph {
  const node = findNode(graph, nodeId);
  if (!node) return graph;
  const box = cardBox(node, definitions);
  const others = graph.nodes.filter(({ id, parentId }) => id !== nodeId && parentId === node.parentId).map((other) => cardBox(other, definitions));
  if (!others.some((other) => overlap(box, other))) return graph;
  const place = freePlace(node.position, box, others);
  return changeNode(graph, nodeId, (one) => ({ ...one, position: place }));
}
