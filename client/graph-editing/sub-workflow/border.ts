import { type CheckedGraph, readGraph, runs } from '@switchyard/shared/graph/check/checked-graph.ts';
import { type Graph, type GraphEdge, type GraphNode, isLoopEdge, outPort } from '@switchyard/shared/graph/graph.ts';
import { topologyOf } from '@switchyard/shared/graph/topology.ts';
import { withContents } from '../operations/containers.ts';
import { type Definitions, portsOf } from '../operations/ports.ts';
import { quoted, refuse } from './refused.ts';

/*
 * The border around selected steps. A sub-workflow starts all its first steps together, and continues once all its steps have ended. So the
 * edges that enter must all come from the same ports, those that leave must all lead to the same nodes, and every path must leave.
 */

/** Steps that can become a workflow of their own. */
export interface Selected {
  readonly graph: Graph;
  readonly read: CheckedGraph;
  readonly definitions: Definitions;
  /** The selected nodes, everything inside them, and the edges between them. */
  readonly part: Graph;
  readonly has: (nodeId: string) => boolean;
  /** The steps of the selection that can be read outside it, by key. */
  readonly keys: ReadonlyMap<string, GraphNode>;
  /** The container that they are in. */
  readonly container: GraphNode | undefined;
  /** The selected steps that start first. */
  readonly first: readonly GraphNode[];
  /** The ports that lead to each of them. */
  readonly sources: readonly Pick<GraphEdge, 'source' | 'sourceHandle'>[];
  /** The edges that leave, or the ports of the last steps if nothing follows. */
  readonly last: readonly Pick<GraphEdge, 'source' | 'sourceHandle'>[];
  /** The edges that leave the selection. */
  readonly leaving: readonly GraphEdge[];
  /** A loop edge outside restarts the selected steps. */
  readonly isRestarted: boolean;
}

/** Reads the border of a selection. Refuses if a sub-workflow would run differently. */
export function readSelected(graph: Graph, nodeIds: readonly string[], definitions: Definitions): Selected {
  const ids = withContents(graph, nodeIds);
  const has = (id: string): boolean => ids.has(id);
  const read = readGraph(graph, definitions);
  const steps = read.nodes.filter((node) => has(node.id) && runs(node));
  if (steps.length === 0) refuse('Select the steps to move.');
  for (const { kind, node } of steps) {
    if (kind?.role === 'start') refuse(`“${node.data.title}” starts this workflow. Select only steps after it.`);
    if (kind?.role === 'end') refuse(`“${node.data.title}” is the output of this workflow. Select only steps before it.`);
  }
  const top = steps.filter(({ id }) => !read.containment.around(id).some(has));
  const containers = new Set(top.map(({ id }) => read.containment.containerOf(id)));
  if (containers.size > 1) refuse('Select steps of one container, or only steps outside of containers.');
  const [containerId] = containers;
  const part = { nodes: graph.nodes.filter(({ id }) => has(id)), edges: graph.edges.filter(({ source, target }) => has(source) && has(target)) };
  const nodes = top.map(({ node }) => node);
  const isRestarted = checkLoops({ graph, read, has }, nodes);
  const { first, sources } = entriesOf({ graph, has }, nodes);
  const { last, leaving } = exitsOf({ graph, has, definitions }, nodes, first);
  const container = graph.nodes.find(({ id }) => id === containerId);
  const keys = new Map(nodes.map((node) => [node.data.key, node]));
  return { graph, read, definitions, part, has, keys, container, first, sources, last, leaving, isRestarted };
}

type Around = Pick<Selected, 'graph' | 'has'>;
type Within = Around & Pick<Selected, 'definitions'>;

const titlesOf = (graph: Graph, ids: Iterable<string>): string[] => {
  const wanted = new Set(ids);
  return graph.nodes.filter(({ id }) => wanted.has(id)).map(({ data }) => data.title);
};

/** Whether a loop outside restarts all of the steps. Refuses one that restarts some of them, or that leads out of them. */
function checkLoops({ graph, read, has }: Around & Pick<Selected, 'read'>, nodes: readonly GraphNode[]): boolean {
  const outer = graph.edges.filter((edge) => isLoopEdge(edge) && !(has(edge.source) && has(edge.target)));
  for (const { source, target } of outer) {
    if (has(source))
      refuse(`A loop leads from ${quoted(titlesOf(graph, [source]))} out of the selection. Select the whole loop, or end the selection before it.`);
    const isAll = !has(target) || nodes.every(({ id }) => id === target || read.before(id).has(target));
    if (!isAll) refuse(`A loop leads back to ${quoted(titlesOf(graph, [target]))} in the middle of the selection. Start the selection there.`);
  }
  return outer.some(({ target }) => nodes.some(({ id }) => id === target || read.before(id).has(target)));
}

const portName = ({ source, sourceHandle }: Pick<GraphEdge, 'source' | 'sourceHandle'>): string => JSON.stringify([source, sourceHandle ?? '']);

function entriesOf({ graph, has }: Around, nodes: readonly GraphNode[]): Pick<Selected, 'first' | 'sources'> {
  const forward = graph.edges.filter((edge) => !isLoopEdge(edge));
  const entering = nodes.map((node) => ({ node, edges: forward.filter(({ source, target }) => target === node.id && !has(source)) }));
  const followed = new Set(forward.filter(({ source }) => has(source)).map(({ target }) => target));
  const first = entering.filter(({ node, edges }) => edges.length > 0 || !followed.has(node.id));
  const groups = new Map(first.map(({ edges }) => [edges.map(portName).sort().join(' '), edges]));
  if (groups.size > 1) {
    const names = quoted(first.map(({ node }) => node.data.title));
    refuse(`The selection starts at ${names}, which have different edges before them. Select steps that start together.`);
  }
  for (const { node, edges } of first) {
    const passesOn = node.type === 'merge' || node.data.disabled === true;
    if (passesOn && edges.length > 0)
      refuse(`“${node.data.title}” passes on what leads to it. Start the selection after it, or select the nodes before it too.`);
  }
  const [edges = []] = groups.values();
  return { first: first.map(({ node }) => node), sources: edges.map(({ source, sourceHandle }) => ({ source, sourceHandle })) };
}

function exitsOf({ graph, has, definitions }: Within, nodes: readonly GraphNode[], first: readonly GraphNode[]): Pick<Selected, 'last' | 'leaving'> {
  const leaving = graph.edges.filter((edge) => has(edge.source) && !has(edge.target) && !isLoopEdge(edge));
  const ports = Map.groupBy(leaving, portName);
  const goals = new Set(
    [...ports.values()].map((edges) =>
      edges
        .map(({ target, targetHandle }) => JSON.stringify([target, targetHandle ?? '']))
        .sort()
        .join(' '),
    ),
  );
  if (goals.size > 1) {
    const names = quoted(
      titlesOf(
        graph,
        leaving.map(({ target }) => target),
      ),
    );
    refuse(`The selection has several exits, to ${names}. A sub-workflow has one. Select steps that continue at the same place.`);
  }
  if (leaving.length === 0) return { last: endsOf({ graph, has, definitions }, nodes), leaving };
  checkTargets(graph, leaving);
  const leavers = leavesSurely({ graph, has, definitions }, nodes);
  const stray = first.some(({ id }) => leavers.has(id)) ? undefined : nodes.find(({ id }) => !leavers.has(id));
  if (stray) {
    const reason = `Some paths from “${stray.data.title}” end inside the selection, so nothing follows them. After a sub-workflow, the run always continues.`;
    refuse(`${reason} Select steps that all lead to the exit.`);
  }
  return { last: [...ports.values()].flatMap(([edge]) => (edge ? [{ source: edge.source, sourceHandle: edge.sourceHandle }] : [])), leaving };
}

/** A disabled node passes on the output of the node before it, and so does a Merge that takes the first. */
function checkTargets(graph: Graph, leaving: readonly GraphEdge[]): void {
  const targets = new Set(leaving.map(({ target }) => target));
  for (const { id, type, data } of graph.nodes) {
    if (!targets.has(id) || (data.disabled !== true && !(type === 'merge' && data.params.mode === 'first'))) continue;
    refuse(`“${data.title}” passes on the output of the step before it. Add it to the selection, or end the selection earlier.`);
  }
}

/** The ports of the steps after which nothing follows. */
function endsOf({ graph, has, definitions }: Within, nodes: readonly GraphNode[]): Selected['last'] {
  const sources = new Set(graph.edges.filter((edge) => has(edge.source) && !isLoopEdge(edge)).map(({ source }) => source));
  return nodes
    .filter(({ id }) => !sources.has(id))
    .flatMap((node) => portsOf(node, definitions).outputs.map(({ id }) => ({ source: node.id, sourceHandle: id })));
}

/** The steps after which the selection is certainly left, whichever branches they take. */
export function leavesSurely({ graph, has, definitions }: Within, nodes: readonly GraphNode[]): ReadonlySet<string> {
  const own = new Map(nodes.map((node) => [node.id, node]));
  const sure = new Set<string>();
  for (const id of topologyOf(graph).order.toReversed()) {
    const node = own.get(id);
    if (!node) continue;
    const edges = graph.edges.filter(({ source }) => source === id);
    const leaves = (port: string): boolean => edges.some((edge) => outPort(edge) === port && (isLoopEdge(edge) || !has(edge.target) || sure.has(edge.target)));
    const ports = portsOf(node, definitions).outputs.filter((port) => port.failsUnconnected !== true || edges.some((edge) => outPort(edge) === port.id));
    if (ports.length > 0 && ports.every(({ id: port }) => leaves(port))) sure.add(id);
  }
  return sure;
}
