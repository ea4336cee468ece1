import { type Comparisons, closest, createComparisons } from '../../expression/closest.ts';
import type { JsonSchema } from '../../json.ts';
import { Meter } from '../../json-schema/meter.ts';
import { type PromptRef, promptRefOf } from '../../model/prompt-ref.ts';
import { type Containment, containmentOf } from '../containment.ts';
import { ERROR_PORT, type Graph, type GraphEdge, type GraphNode, IN, isLoopEdge, type Policy } from '../graph.ts';
import type { NodeCatalog, NodeKind, Port } from '../node-kind.ts';
import type { NodeSet } from '../node-set.ts';
import type { Problem } from '../problem.ts';
import { type Reach, reachOf } from '../reach.ts';
import { type Topology, topologyOf } from '../topology.ts';

/** A node as the checks see it. */
export interface CheckedNode {
  readonly node: GraphNode;
  readonly id: string;
  readonly key: string;
  /** Its type and title, for messages: Prompt “Draft reply”. */
  readonly name: string;
  readonly policy: Policy;
  /** Undefined if this server doesn't know the type. */
  readonly kind: NodeKind | undefined;
  /** Its params, migrated to the newest version of its type. */
  readonly params: unknown;
  /** The output schema of the registry prompt it names, if that is known. */
  readonly promptSchema: JsonSchema | undefined;
  /** The ports edges can end at. */
  readonly inputs: readonly Port[];
  /** The ports edges can start at, including the error port if the policy has one. */
  readonly outputs: readonly Port[];
}

/** A graph and what the checks need to know about it, computed once. */
export interface CheckedGraph extends Reach {
  readonly graph: Graph;
  /** With the borders of containers, which no other list of nodes has: see `withBorders`. */
  readonly topology: Topology;
  readonly containment: Containment;
  readonly nodes: readonly CheckedNode[];
  readonly byId: ReadonlyMap<string, CheckedNode>;
  /** Nodes that run, by key. If several share a key, the first. */
  readonly byKey: ReadonlyMap<string, CheckedNode>;
  readonly starts: readonly CheckedNode[];
  /** The nodes that loop edges lead to. */
  readonly loopTargets: NodeSet;
  /** Counts the work of looking into schemas: a graph may have large ones, and thousands of references into them. */
  readonly meter: Meter;
  /** Counts the work of suggestions. */
  readonly comparisons: Comparisons;
}

/** One concern: yields its problems of a graph, in parts that take a few ms each. */
export type Check = (graph: CheckedGraph) => Iterable<readonly Problem[]>;

/** The output schema of a registry prompt. Undefined if it is unknown, or the prompt has none. */
export type PromptSchemas = (ref: PromptRef) => JsonSchema | undefined;

export function readGraph(graph: Graph, catalog: NodeCatalog, promptSchemas?: PromptSchemas): CheckedGraph {
  const containment = containmentOf(graph, ({ type }) => catalog(type)?.role === 'container');
  const topology = topologyOf(withBorders(graph, containment));
  const reach = reachOf(topology);
  const nodes = graph.nodes.map((node) => readNode(node, catalog(node.type), promptSchemas));
  const byKey = new Map<string, CheckedNode>();
  for (const node of nodes) if (runs(node) && !byKey.has(node.key)) byKey.set(node.key, node);
  return {
    graph,
    topology,
    containment,
    nodes,
    byId: new Map(nodes.map((node) => [node.id, node])),
    byKey,
    starts: nodes.filter((node) => node.kind?.role === 'start'),
    ...reach,
    loopTargets: reach.setOf(topology.loopEdges.map((edge) => edge.target)),
    meter: new Meter(),
    comparisons: createComparisons(),
  };
}

/** The ID of the border of a container: what comes before the container leads to it, and it leads to the first nodes inside. */
const borderOf = (container: string): string => `\0${container}`;

/**
 * The graph with a border for each container, because what comes before a container also comes before everything in it (S33). A container
 * that is itself a first node of another follows its border.
 */
function withBorders(graph: Graph, { containerOf }: Containment): Graph {
  const inside = graph.nodes.filter(({ id }) => containerOf(id) !== undefined);
  if (inside.length === 0) return graph;
  const containers = new Set(inside.map(({ id }) => containerOf(id) ?? ''));
  const forward = graph.edges.filter((edge) => !isLoopEdge(edge));
  const following = new Set(forward.filter(({ source, target }) => containerOf(source) === containerOf(target)).map(({ target }) => target));
  const edgeTo = (source: string, target: string): GraphEdge => ({ id: `${source}>${target}`, source, target });
  const ontoBorders = forward.filter(({ target }) => containers.has(target)).map(({ source, target }) => edgeTo(source, borderOf(target)));
  const fromBorders = inside
    .filter(({ id }) => !following.has(id))
    .flatMap(({ id }) => (containers.has(id) ? [id, borderOf(id)] : [id]).map((target) => edgeTo(borderOf(containerOf(id) ?? ''), target)));
  const borders = [...containers].map((id) => ({ ...BORDER, id: borderOf(id) }));
  return { ...graph, nodes: [...graph.nodes, ...borders], edges: [...graph.edges, ...ontoBorders, ...fromBorders] };
}

const BORDER: Omit<GraphNode, 'id'> = { type: 'border', position: { x: 0, y: 0 }, data: { key: '', title: '', typeVersion: 1, params: {} } };

function readNode(node: GraphNode, kind: NodeKind | undefined, promptSchemas?: PromptSchemas): CheckedNode {
  const { key, title, typeVersion, policy = {}, params: saved } = node.data;
  const params = kind?.migrate && typeVersion < kind.version ? kind.migrate(saved, typeVersion) : saved;
  const ref = promptSchemas && promptRefOf(params);
  const ports = kind?.ports(params) ?? { inputs: [{ id: IN }], outputs: [] };
  return {
    node,
    id: node.id,
    key,
    name: `${kind?.title ?? 'Node'} “${title || key || node.id}”`,
    policy,
    kind,
    params,
    promptSchema: ref && promptSchemas?.(ref),
    inputs: ports.inputs,
    outputs: policy.onError === 'branch' ? [...ports.outputs, { id: ERROR_PORT, label: 'error' }] : ports.outputs,
  };
}

/** Notes never run. Everything else does, unknown types included. */
export const runs = (node: CheckedNode): boolean => node.kind?.role !== 'note';

/** Did you mean “classify”? Only if one of the names is close. */
export function didYouMean(word: string, names: Iterable<string>, comparisons: Comparisons): string | undefined {
  const near = closest(word, names, comparisons);
  return near === undefined ? undefined : `Did you mean “${near}”?`;
}

/** A problem without its undefined parts. */
export function problem(parts: { [K in keyof Problem]: Problem[K] | undefined } & Pick<Problem, 'nodeId' | 'severity' | 'code' | 'message'>): Problem {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Problem;
}
