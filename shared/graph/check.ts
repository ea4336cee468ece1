import { type Check, readGraph } from './check/checked-graph.ts';
import { checkExpressions } from './check/expressions.ts';
import { checkFlow } from './check/flow.ts';
import { checkKeys } from './check/keys.ts';
import { checkLeftOut } from './check/left-out.ts';
import { checkNodes } from './check/nodes.ts';
import { checkWires } from './check/wires.ts';
import type { Graph } from './graph.ts';
import type { NodeCatalog } from './node-kind.ts';
import type { Problem } from './problem.ts';

const CHECKS: readonly Check[] = [checkFlow, checkKeys, checkNodes, checkWires, checkExpressions, checkLeftOut];

/** All that is wrong with a graph, in words for a person. Executes nothing, and takes any graph that has the shape of one. */
export function checkGraph(graph: Graph, catalog: NodeCatalog): Problem[] {
  const read = readGraph(graph, catalog);
  return CHECKS.flatMap((check) => check(read));
}
