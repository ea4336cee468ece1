import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { type Graph, type GraphNode, IN, isLoopEdge, OUT } from '@switchyard/shared/graph/graph.ts';
import { freeTitle } from '../../ui/format.ts';
import { connect, disconnect, type NewEdge } from './connect.ts';
import { frameAt, originOf, putInto } from './containers.ts';
import { withFirstParams } from './first-params.ts';
import type { Point } from './geometry.ts';
import { clearOfOthers, makeRoom } from './make-room.ts';
import { findNode, freeKey, keyFromTitle, keysOf, newId, titlesOf } from './node-names.ts';
import { type Definitions, portsOf } from './ports.ts';

/** A port that an edge was dragged from. The new node is placed at the edge’s other end. */
export interface PulledPort {
  readonly nodeId: string;
  readonly handle: string;
  readonly side: 'source' | 'target';
}
/** A node type with its params filled in. */
export interface Preset {
  readonly title: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export interface AddOptions {
  readonly preset?: Preset | undefined;
  /** Insert the node into this edge. */
  readonly onEdge?: string | undefined;
  readonly fromPort?: PulledPort | undefined;
  /** The container to put the node into. */
  readonly inside?: string | undefined;
}

const firstOut = (node: GraphNode, definitions: Definitions): string | undefined => portsOf(node, definitions).outputs[0]?.id;
const hasInput = (node: GraphNode, definitions: Definitions): boolean => portsOf(node, definitions).inputs.length > 0;

function freshNode(graph: Graph, definition: NodeDefinition, position: Point, preset: Preset | undefined): GraphNode {
  const title = preset?.title ?? definition.title;
  return {
    id: newId('n'),
    type: definition.type,
    position: { x: Math.round(position.x), y: Math.round(position.y) },
    data: {
      key: freeKey(keyFromTitle(title), keysOf(graph)),
      title: freeTitle(title, titlesOf(graph)),
      typeVersion: definition.version,
      params: structuredClone({ ...definition.defaults, ...preset?.params }) as Record<string, unknown>,
    },
  };
}

/** The graph with a new node of this type, connected as `options` say, and the node’s ID. */
export function addNode(
  graph: Graph,
  definition: NodeDefinition,
  position: Point,
  definitions: Definitions,
  options: AddOptions = {},
): { graph: Graph; id: string } {
  const node = freshNode(graph, definition, position, options.preset);
  const parentId = parentOfNew(graph, position, definitions, options);
  const placed = putInto({ ...graph, nodes: [...graph.nodes, node] }, node.id, parentId, position);
  const after = options.fromPort?.side === 'source' ? options.fromPort.nodeId : graph.edges.find(({ id }) => id === options.onEdge)?.source;
  const added = { ...placed, nodes: placed.nodes.map((each) => (each.id === node.id ? withFirstParams(placed, each, definitions, after) : each)) };
  if (options.onEdge) return { graph: insertOnEdge(added, findNode(added, node.id) ?? node, options.onEdge, definitions), id: node.id };
  if (options.fromPort) return { graph: clearOfOthers(connectFromPort(added, node, options.fromPort, definitions), node.id, definitions), id: node.id };
  return { graph: added, id: node.id };
}

/** A card’s title row, which decides which container a new node is dropped into. */
const GRIP: Point = { x: 100, y: 22 };

/** The container of a new node: that of the node or edge it is connected to, or the one it is dropped into. */
function parentOfNew(graph: Graph, position: Point, definitions: Definitions, { onEdge, fromPort, inside }: AddOptions): string | undefined {
  if (inside !== undefined) return inside;
  const beside = fromPort?.nodeId ?? graph.edges.find(({ id }) => id === onEdge)?.source;
  if (beside !== undefined) return findNode(graph, beside)?.parentId;
  return frameAt(graph, { x: position.x + GRIP.x, y: position.y + GRIP.y }, definitions);
}

/** Whether a node can be inserted into an edge: it has an input port and an output port. */
export const fitsOnEdge = (node: GraphNode, definitions: Definitions): boolean => hasInput(node, definitions) && firstOut(node, definitions) !== undefined;

/** The graph with `node`, already in it, inserted into the edge, which leaves by the node’s first output port. */
export function insertOnEdge(graph: Graph, node: GraphNode, edgeId: string, definitions: Definitions): Graph {
  const edge = graph.edges.find((candidate) => candidate.id === edgeId);
  const out = firstOut(node, definitions);
  if (!edge || out === undefined || !hasInput(node, definitions)) return graph;
  const before: NewEdge = { source: edge.source, sourceHandle: edge.sourceHandle, target: node.id, targetHandle: IN };
  const after: NewEdge = { source: node.id, sourceHandle: out, target: edge.target, targetHandle: edge.targetHandle };
  const connected = connect(connect(disconnect(graph, [edgeId]), before), after);
  return isLoopEdge(edge) ? connected : makeRoom(connected, node.id, edge, definitions);
}

function connectFromPort(graph: Graph, node: GraphNode, port: PulledPort, definitions: Definitions): Graph {
  if (!findNode(graph, port.nodeId)) return graph;
  if (port.side === 'source')
    return hasInput(node, definitions) ? connect(graph, { source: port.nodeId, sourceHandle: port.handle, target: node.id, targetHandle: IN }) : graph;
  const out = firstOut(node, definitions);
  return out === undefined ? graph : connect(graph, { source: node.id, sourceHandle: out, target: port.nodeId, targetHandle: port.handle });
}

/** The position on the canvas of a node added after another: right of it, below what is already there. */
export function placeAfter(graph: Graph, nodeId: string): Point {
  const node = findNode(graph, nodeId);
  if (!node) return { x: 0, y: 0 };
  const x = node.position.x + (node.width ?? 200) + 80;
  const siblings = graph.nodes.filter(({ parentId }) => parentId === node.parentId);
  const beside = siblings.filter((other) => Math.abs(other.position.x - x) < 200).map((other) => other.position.y);
  let y = node.position.y;
  while (beside.some((taken) => Math.abs(taken - y) < 100)) y += 120;
  const origin = originOf(graph, node.parentId);
  return { x: origin.x + x, y: origin.y + y };
}

/** The first unconnected output port, from which the next added node is connected. */
export function freeOutPort(graph: Graph, nodeId: string, definitions: Definitions): PulledPort | undefined {
  const node = findNode(graph, nodeId);
  if (!node) return undefined;
  const outputs = portsOf(node, definitions).outputs;
  const free = outputs.find((port) => !graph.edges.some((edge) => edge.source === nodeId && (edge.sourceHandle ?? OUT) === port.id));
  const port = free ?? outputs[0];
  return port && { nodeId, handle: port.id, side: 'source' };
}
