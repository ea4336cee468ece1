import type { CheckedGraph, CheckedNode } from './checked-graph.ts';

/** Sets of nodes, indexed by their place in the order: a graph has many of them, and each may hold thousands. */
interface SureSteps {
  readonly placeOf: ReadonlyMap<string, number>;
  readonly before: ReadonlyMap<string, Uint32Array>;
}
const known = new WeakMap<CheckedGraph, SureSteps>();

const has = (set: Uint32Array, place: number): boolean => ((set[place >> 5] ?? 0) & (1 << (place & 31))) !== 0;
const add = (set: Uint32Array, place: number): void => {
  set[place >> 5] = (set[place >> 5] ?? 0) | (1 << (place & 31));
};

/**
 * Whether a step has certainly run when a node starts: it is on every path to the node, or always follows a step that is. Any other step
 * before the node is on a branch and may be skipped (S6).
 */
export function isSurelyBefore(graph: CheckedGraph, step: string, id: string): boolean {
  const { placeOf, before } = known.get(graph) ?? surelyRun(graph);
  const [place, set] = [placeOf.get(step), before.get(id)];
  // A node in a cycle is reported as a separate problem.
  return set === undefined || (place !== undefined && has(set, place));
}

function surelyRun(graph: CheckedGraph): SureSteps {
  const { topology } = graph;
  const placeOf = new Map(topology.order.map((id, place) => [id, place]));
  const before = new Map<string, Uint32Array>();
  const after = new Map<string, Uint32Array>();
  const words = (topology.order.length >> 5) + 1;
  for (const id of topology.order) {
    const [first, ...others] = (topology.incoming.get(id) ?? []).map(({ source }) => after.get(source));
    const sure = first ? new Uint32Array(first) : new Uint32Array(words);
    for (const other of others) for (let word = 0; word < words; word++) sure[word] = (sure[word] ?? 0) & (other?.[word] ?? 0);
    before.set(id, sure);
    after.set(id, withFollowers(sure, id, graph, placeOf));
  }
  const steps = { placeOf, before };
  known.set(graph, steps);
  return steps;
}

/** A node with one branch takes it whenever it has run. If it failed, the run ends. */
const leavesAlways = (node: CheckedNode | undefined): boolean => node?.outputs.length === 1;

/** Adds this node and the steps that certainly run because it has run. The set itself is complete: it is made of complete sets. */
function withFollowers(set: Uint32Array, id: string, { topology, byId }: CheckedGraph, placeOf: ReadonlyMap<string, number>): Uint32Array {
  const whole = new Uint32Array(set);
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const place = placeOf.get(next);
    if (place === undefined || has(whole, place)) continue;
    add(whole, place);
    if (leavesAlways(byId.get(next))) for (const { target } of topology.outgoing.get(next) ?? []) open.push(target);
  }
  return whole;
}
