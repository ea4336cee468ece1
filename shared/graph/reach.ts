import { NodeSet, placesOf } from './node-set.ts';
import type { Topology } from './topology.ts';

export interface Reach {
  /** All nodes that must finish before a node starts, by forward edges. Contains the node itself only on a cycle. */
  before(id: string): NodeSet;
  /** All nodes after a node, likewise. */
  after(id: string): NodeSet;
  /** These nodes as a set that can be combined with the others. */
  setOf(ids: Iterable<string>): NodeSet;
}

type Neighbors = (id: string) => string[];

/** Computes the sets of all nodes at once, each edge once: a search per node takes seconds for a large graph. */
export function reachOf(topology: Topology): Reach {
  const places = placesOf([...topology.nodes.keys()]);
  const sources: Neighbors = (id) => (topology.incoming.get(id) ?? []).map((edge) => edge.source);
  const targets: Neighbors = (id) => (topology.outgoing.get(id) ?? []).map((edge) => edge.target);
  // All nodes in order come before the cyclic ones.
  const groups = [...topology.order.map((id) => [id]), ...cycles(topology.cyclic, sources, targets)];
  const reached = (ordered: readonly string[][], next: Neighbors): ((id: string) => NodeSet) => {
    const sets = new Map<string, NodeSet>();
    for (const group of ordered) {
      const set = new NodeSet(places);
      for (const id of group) {
        for (const other of next(id)) {
          const further = sets.get(other);
          set.add(other);
          if (further) set.addAll(further);
        }
      }
      for (const id of group) sets.set(id, set);
    }
    return (id) => sets.get(id) ?? new NodeSet(places);
  };
  return {
    before: reached(groups, sources),
    after: reached(groups.toReversed(), targets),
    setOf: (ids) => {
      const set = new NodeSet(places);
      for (const id of ids) set.add(id);
      return set;
    },
  };
}

/** Groups of nodes that reach each other, each group after those that lead to it (Kosaraju). */
function cycles(ids: readonly string[], sources: Neighbors, targets: Neighbors): string[][] {
  const own = new Set(ids);
  const left = search(ids, targets, new Set());
  const seen = new Set<string>();
  return left
    .reverse()
    .map((id) => search([id], (one) => sources(one).filter((source) => own.has(source)), seen))
    .filter((group) => group.length > 0);
}

/** Depth-first search from these nodes. Returns the nodes not seen before, in the order in which the search leaves them. */
function search(starts: readonly string[], next: Neighbors, seen: Set<string>): string[] {
  const left: string[] = [];
  for (const start of starts) {
    if (seen.has(start)) continue;
    seen.add(start);
    const path = [{ id: start, open: next(start) }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const id = top.open.pop();
      if (id === undefined) {
        left.push(top.id);
        path.pop();
      } else if (!seen.has(id)) {
        seen.add(id);
        path.push({ id, open: next(id) });
      }
    }
  }
  return left;
}
