import type { GraphEdge } from '../graph.ts';
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';

const known = new WeakMap<CheckedGraph, ReadonlyMap<string, ReadonlySet<string>>>();

/**
 * Whether a step has surely run when a node starts: it is on every path to the node, or always follows from a step that is. Any other step
 * before the node is behind a branch and may be skipped (S6).
 */
export function isSurelyBefore(graph: CheckedGraph, step: string, id: string): boolean {
  if (isOnOnlyPath(graph, step, id)) return true;
  const sure = known.get(graph) ?? surelyRun(graph);
  known.set(graph, sure);
  // A node in a cycle is a problem of its own.
  return sure.get(id)?.has(step) ?? true;
}

/** The common case, without looking at the whole graph: there is one way back from the node, and the step is on it. */
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

/** A node with one way out takes it whenever it has run. A failed one ends the run. */
const leavesAlways = (node: CheckedNode | undefined): boolean => node?.outputs.length === 1;

/** Adds what surely runs because these have run. */
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
