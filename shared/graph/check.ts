import { type Check, readGraph } from './check/checked-graph.ts';
import { checkEdges } from './check/edges.ts';
import { checkExpressions } from './check/expressions.ts';
import { checkFlow } from './check/flow.ts';
import { checkKeys } from './check/keys.ts';
import { checkLeftOut } from './check/left-out.ts';
import { checkNodes } from './check/nodes.ts';
import type { Graph } from './graph.ts';
import type { NodeCatalog } from './node-kind.ts';
import type { Problem } from './problem.ts';

const CHECKS: readonly Check[] = [checkFlow, checkKeys, checkNodes, checkEdges, checkExpressions, checkLeftOut];

/** Everything wrong with a graph. Executes nothing, and accepts any value with the shape of a graph. */
export function checkGraph(graph: Graph, catalog: NodeCatalog): Problem[] {
  const read = readGraph(graph, catalog);
  return CHECKS.flatMap((check) => check(read));
}
