import type { GraphEdge } from '../graph.ts';
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';

const known = new WeakMap<CheckedGraph, ReadonlyMap<string, ReadonlySet<string>>>();

/**
 * Whether a step has certainly run when a node starts: it is on every path to the node, or always follows a step that is. Any other step
 * before the node is on a branch and may be skipped (S6).
 */
export function isSurelyBefore(graph: CheckedGraph, step: string, id: string): boolean {
  if (isOnOnlyPath(graph, step, id)) return true;
  const sure = known.get(graph) ?? surelyRun(graph);
  known.set(graph, sure);
  // A node in a cycle is reported as a problem of its own.
  return sure.get(id)?.has(step) ?? true;
}

/** Fast path, without looking at the whole graph: only one path leads back from the node, and the step is on it. */
function isOnOnlyPath({ topology }: CheckedGraph, step: string, id: string): boolean {
  let at = id;
  for (let left = topology.order.length; left > 0; left--) {
    const [edge, another] = topology.incoming.get(at) ?? [];
    if (!edge || another) return false;
    if (edge.source === step) return true;
    at = edge.source;
  }
  return false;
}

function surelyRun(graph: CheckedGraph): Map<string, Set<string>> {
  const { topology, byId } = graph;
  const always = (edge: GraphEdge): boolean => leavesAlways(byId.get(edge.source));
  const sure = new Map<string, Set<string>>();
  for (const id of topology.order) {
    const [first, ...others] = (topology.incoming.get(id) ?? []).map(({ source }) => new Set(sure.get(source)).add(source));
    const shared = new Set([...(first ?? [])].filter((before) => others.every((path) => path.has(before))));
    sure.set(id, withFollowers(shared, topology.outgoing, always));
  }
  return sure;
}

/** A node with one branch takes it whenever it has run. If it failed, the run ends. */
const leavesAlways = (node: CheckedNode | undefined): boolean => node?.outputs.length === 1;

/** Adds the steps that certainly run because these have run. */
function withFollowers(ids: Set<string>, outgoing: ReadonlyMap<string, readonly GraphEdge[]>, always: (edge: GraphEdge) => boolean): Set<string> {
  const open = [...ids];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const edge of outgoing.get(next) ?? []) {
      if (ids.has(edge.target) || !always(edge)) continue;
      ids.add(edge.target);
      open.push(edge.target);
    }
  }
  return ids;
}
