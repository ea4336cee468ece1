import { type Graph, type GraphEdge, type GraphNode, IN, isLoopEdge, outPort } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { topologyOf } from '@switchyard/shared/graph/topology.ts';
import type { Edge, Node } from '@xyflow/react';
import type { CSSProperties } from 'react';
import type { Selection } from '../../graph-editing/editor-state.ts';
import { sizeOfFrame } from '../../graph-editing/operations/containers.ts';
import { problemsOf } from '../../graph-editing/problem-lists.ts';
import type { EdgeEnds } from '../../open-workflow/run-source.ts';
import type { Found } from './canvas-ui.ts';

/** The ports that a node’s edges use, including unknown ones. Joined into one string per side, for comparison by value. */
export interface UsedPorts {
  readonly inputs: string;
  readonly outputs: string;
}
/** Everything a card shows of the graph. Cards don’t subscribe to the editor, which would cost a call per card for each change. */
interface NodeData extends Record<string, unknown> {
  readonly node: GraphNode;
  readonly used: UsedPorts;
  readonly problems: readonly Problem[];
}
/** How a node is drawn. */
export type Drawing = 'step' | 'note' | 'container' | 'frame';
export type FlowNode = Node<NodeData, Drawing>;
export type FlowEdge = Edge<{ readonly ends: EdgeEnds }, 'forward' | 'loop'>;

/** What only React Flow knows about a node: its size, and its position during a drag. */
export interface NodeView {
  readonly measured?: { readonly width: number; readonly height: number };
  readonly position?: { readonly x: number; readonly y: number };
  readonly dragging?: boolean;
  /** Size during a resize. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** How a node is marked on the canvas: selected, or found by a search. */
interface Marked {
  readonly selected: boolean;
  readonly mark: string | undefined;
}
interface CachedNode extends Marked {
  readonly view: NodeView | undefined;
  readonly flow: FlowNode;
}
/** Everything rendered: the graph and the editor state around it. */
export interface Shown {
  readonly graph: Graph;
  readonly selection: Selection;
  readonly problems: readonly Problem[];
  readonly views: ReadonlyMap<string, NodeView>;
  readonly found: Found | null;
}
interface CachedEdge {
  readonly selected: boolean;
  readonly source: GraphNode;
  readonly target: GraphNode;
  readonly flow: FlowEdge;
}
/** What the canvas needs to know about node types. */
export interface NodeFacts {
  drawingOf(type: string): Drawing;
  /** The label of a port, if it has one. */
  portLabel(node: GraphNode, port: string): string | undefined;
}

/**
 * Maps graphs to React Flow nodes and edges. Unchanged ones keep their identity, which lets React Flow and React skip them. One instance
 * per canvas.
 */
export class FlowGraph {
  readonly #facts: NodeFacts;
  readonly #nodes = new WeakMap<GraphNode, CachedNode>();
  readonly #edges = new WeakMap<GraphEdge, CachedEdge>();
  /** The last list of edges, kept while no edge changes, so changing a node leaves the edges untouched. */
  #shownEdges: FlowEdge[] = [];
  #frames: { nodes: Graph['nodes']; byId: Map<string, GraphNode> } | undefined;
  #used: { edges: Graph['edges']; byNode: Map<string, UsedPorts> } | undefined;
  #order: { edges: Graph['edges']; ids: string; rank: Map<string, number> } | undefined;

  constructor(facts: NodeFacts) {
    this.#facts = facts;
  }

  /** Nodes in flow order, which is also the Tab order. */
  nodes({ graph, selection, problems, views, found }: Shown): FlowNode[] {
    const selected = new Set(selection.nodes);
    const matches = new Set(found?.ids);
    const markOf = (id: string) => (found?.current === id ? FOUND_NOW : matches.has(id) ? FOUND : undefined);
    const rank = this.#rank(graph);
    const used = this.#usedPorts(graph);
    return parentsFirst([...graph.nodes].sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0))).map((node) => {
      const data = { node, used: used.get(node.id) ?? NO_PORTS, problems: problemsOf(problems, node.id) };
      return this.#node(data, { selected: selected.has(node.id), mark: markOf(node.id) }, views.get(node.id), graph);
    });
  }

  edges(graph: Graph, selection: Selection): FlowEdge[] {
    const selected = new Set(selection.edges);
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const edges = graph.edges.flatMap((edge) => {
      const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
      return source && target ? [this.#edge(edge, selected.has(edge.id), source, target)] : [];
    });
    this.#shownEdges = isSameList(this.#shownEdges, edges) ? this.#shownEdges : edges;
    return this.#shownEdges;
  }

  #node(now: NodeData, { selected, mark }: Marked, view: NodeView | undefined, graph: Graph): FlowNode {
    const { node } = now;
    const known = this.#nodes.get(node);
    const data = known && isSameData(known.flow.data, now) ? known.flow.data : now;
    if (known?.flow.data === data && known.selected === selected && known.mark === mark && known.view === view) return known.flow;
    const type = this.#facts.drawingOf(node.type);
    const isFrame = type === 'container' || type === 'frame';
    const own = isFrame ? sizeOfFrame(node) : node.width && node.height ? { width: node.width, height: node.height } : undefined;
    const size = view?.size ?? own;
    const flow: FlowNode = {
      id: node.id,
      type,
      position: view?.position ?? node.position,
      data,
      selected,
      ...classOf(mark, view),
      ariaLabel: node.data.title,
      // Below the edges, which are in one layer, and above the frame around it.
      zIndex: isFrame ? Math.min(this.#depth(graph, node), MOST_DEPTH) - BELOW_EDGES : type === 'note' ? -1 : selected ? 2 : 0,
      ...(node.parentId !== undefined && { parentId: node.parentId }),
      // Its ground belongs to the canvas: only the bars on it take the pointer.
      ...(isFrame ? { style: THROUGH } : view?.measured && { style: styleOf(view.measured) }),
      ...(view?.measured && { measured: view.measured }),
      ...(view?.dragging && { dragging: true }),
      ...(size && type !== 'step' && size),
    };
    this.#nodes.set(node, { selected, mark, view, flow });
    return flow;
  }

  #edge(edge: GraphEdge, selected: boolean, source: GraphNode, target: GraphNode): FlowEdge {
    const known = this.#edges.get(edge);
    if (known && known.selected === selected && known.source === source && known.target === target) return known.flow;
    const made = this.#newEdge(edge, selected, source, target);
    const flow = known && isSameEdge(known.flow, made) ? known.flow : made;
    this.#edges.set(edge, { selected, source, target, flow });
    return flow;
  }

  #newEdge(edge: GraphEdge, selected: boolean, source: GraphNode, target: GraphNode): FlowEdge {
    const sourcePort = outPort(edge);
    const branch = this.#facts.portLabel(source, sourcePort);
    return {
      id: edge.id,
      type: isLoopEdge(edge) ? 'loop' : 'forward',
      source: edge.source,
      target: edge.target,
      sourceHandle: sourcePort,
      targetHandle: edge.targetHandle ?? IN,
      selected,
      ariaLabel: `From ${source.data.title}${branch ? `, branch ${branch}` : ''}, to ${target.data.title}`,
      data: { ends: { edgeId: edge.id, back: isLoopEdge(edge), sourceKey: source.data.key, sourcePort, targetKey: target.data.key } },
    };
  }

  /** How many frames are around a frame. */
  #depth({ nodes }: Graph, node: GraphNode): number {
    if (this.#frames?.nodes !== nodes) this.#frames = { nodes, byId: new Map(nodes.map((one) => [one.id, one])) };
    const { byId } = this.#frames;
    let depth = 0;
    for (let at = byId.get(node.parentId ?? ''); at && depth < MOST_DEPTH; at = byId.get(at.parentId ?? '')) depth++;
    return depth;
  }

  #usedPorts({ edges }: Graph): Map<string, UsedPorts> {
    if (this.#used?.edges !== edges) this.#used = { edges, byNode: usedPorts(edges) };
    return this.#used.byNode;
  }

  #rank(graph: Graph): Map<string, number> {
    const ids = graph.nodes.map((node) => node.id).join(' ');
    if (this.#order?.edges === graph.edges && this.#order.ids === ids) return this.#order.rank;
    const rank = new Map(flowOrder(graph).map((id, index) => [id, index]));
    this.#order = { edges: graph.edges, ids, rank };
    return rank;
  }
}

/** Classes of nodes that a search found, and of the one it is at. */
const FOUND = 'found';
const FOUND_NOW = 'found found-now';
/** Deeper frames share a layer. */
const MOST_DEPTH = 18;
const BELOW_EDGES = 20;
const THROUGH = { pointerEvents: 'none' } as const;
/** Far out, the card keeps its size while most of its content is not rendered. */
const styleOf = ({ height }: { readonly height: number }) => ({ '--measured-height': `${height}px` }) as CSSProperties;
const classOf = (mark: string | undefined, view: NodeView | undefined): { className?: string } => {
  const names = [view?.measured && 'measured', mark].filter(Boolean);
  return names.length > 0 ? { className: names.join(' ') } : {};
};
const NO_PORTS: UsedPorts = { inputs: '', outputs: '' };
/** Separates port IDs. No ID contains it. */
export const PORT_SEPARATOR = '\n';

function usedPorts(edges: Graph['edges']): Map<string, UsedPorts> {
  const found = new Map<string, { inputs: Set<string>; outputs: Set<string> }>();
  const at = (id: string) => {
    const known = found.get(id) ?? { inputs: new Set(), outputs: new Set() };
    found.set(id, known);
    return known;
  };
  for (const edge of edges) {
    at(edge.source).outputs.add(outPort(edge));
    at(edge.target).inputs.add(edge.targetHandle ?? IN);
  }
  const asText = (ids: Set<string>) => [...ids].sort().join(PORT_SEPARATOR);
  return new Map([...found].map(([id, { inputs, outputs }]) => [id, { inputs: asText(inputs), outputs: asText(outputs) }]));
}

const isSameData = (a: NodeData, b: NodeData): boolean =>
  a.used.inputs === b.used.inputs && a.used.outputs === b.used.outputs && isSameList(a.problems, b.problems);

const isSameEdge = (a: FlowEdge, b: FlowEdge): boolean =>
  a.selected === b.selected &&
  a.ariaLabel === b.ariaLabel &&
  a.data?.ends.sourceKey === b.data?.ends.sourceKey &&
  a.data?.ends.targetKey === b.data?.ends.targetKey;

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, index) => item === b[index]);

/** Each node after the container that it is in, otherwise in the same order. A parent that doesn’t exist is dropped. */
function parentsFirst(nodes: readonly GraphNode[]): GraphNode[] {
  if (!nodes.some(({ parentId }) => parentId !== undefined)) return [...nodes];
  const ids = new Set(nodes.map(({ id }) => id));
  const inside = Map.groupBy(nodes, ({ parentId }) => (parentId !== undefined && ids.has(parentId) ? parentId : undefined));
  const listed = (parentId: string | undefined): GraphNode[] => (inside.get(parentId) ?? []).flatMap((node) => [node, ...listed(node.id)]);
  return listed(undefined);
}

/** All node IDs in the order in which a run reaches them. Nodes in a cycle and notes come last. */
export function flowOrder(graph: Graph): string[] {
  const { order, cyclic, incoming, outgoing } = topologyOf(graph);
  const loose = (id: string) => incoming.get(id)?.length === 0 && outgoing.get(id)?.length === 0;
  const all = [...order, ...cyclic];
  return [...all.filter((id) => !loose(id)), ...all.filter(loose)];
}

/** The node an arrow key leads to: left and right along edges, up and down between parallel nodes. */
export function neighbor(graph: Graph, from: string, key: string): string | undefined {
  const { incoming, outgoing, nodes } = topologyOf(graph);
  const top = (ids: readonly string[]) => [...new Set(ids)].sort((a, b) => (nodes.get(a)?.position.y ?? 0) - (nodes.get(b)?.position.y ?? 0));
  const next = (id: string) => top((outgoing.get(id) ?? []).map((edge) => edge.target));
  const before = (id: string) => top((incoming.get(id) ?? []).map((edge) => edge.source));
  if (key === 'ArrowRight') return next(from)[0];
  if (key === 'ArrowLeft') return before(from)[0];
  const beside = top([...before(from).flatMap(next), ...next(from).flatMap(before), from]);
  return beside[beside.indexOf(from) + (key === 'ArrowDown' ? 1 : -1)];
}
