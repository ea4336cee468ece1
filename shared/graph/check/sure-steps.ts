import type { NodeSet } from '../node-set.ts';
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';

type Sets = ReadonlyMap<string, NodeSet>;

const known = new WeakMap<CheckedGraph, Sets>();

/**
 * Whether a step has certainly run when a node starts: it is on every path to the node, or always follows a step that is. Any other step
 * before the node is on a branch and may be skipped (S6).
 */
export function isSurelyBefore(graph: CheckedGraph, step: string, id: string): boolean {
  const sure = (known.get(graph) ?? surelyRun(graph)).get(id);
  // A node in a cycle is reported as a separate problem.
  return sure === undefined || sure.has(step);
}

function surelyRun(graph: CheckedGraph): Sets {
  const { topology } = graph;
  const followers = followersIn(graph);
  const before = new Map<string, NodeSet>();
  const after = new Map<string, NodeSet>();
  for (const id of topology.order) {
    const [first, ...others] = (topology.incoming.get(id) ?? []).flatMap(({ source }) => after.get(source) ?? []);
    const sure = first?.copy() ?? graph.setOf([]);
    for (const other of others) sure.keepOnly(other);
    before.set(id, sure);
    after.set(id, sure.copy().addAll(followers.get(id) ?? graph.setOf([id])));
  }
  known.set(graph, before);
  return before;
}

/** A node with one branch takes it whenever it has run. If it failed, the run ends. */
const leavesAlways = (node: CheckedNode | undefined): boolean => node?.outputs.length === 1;

/** For each node, itself and the steps that certainly run because it has run. */
function followersIn({ topology, byId, setOf }: CheckedGraph): Sets {
  const followers = new Map<string, NodeSet>();
  for (const id of topology.order.toReversed()) {
    const own = setOf([id]);
    const targets = leavesAlways(byId.get(id)) ? (topology.outgoing.get(id) ?? []) : [];
    for (const { target } of targets) {
      const further = followers.get(target);
      if (further) own.addAll(further);
    }
    followers.set(id, own);
  }
  return followers;
}
