import { type Check, readGraph } from './check/checked-graph.ts';
import { checkContainers } from './check/containers.ts';
import { checkEdges } from './check/edges.ts';
import { checkExpressions } from './check/expressions.ts';
import { checkFlow } from './check/flow.ts';
import { checkKeys } from './check/keys.ts';
import { checkLeftOut } from './check/left-out.ts';
import { checkNodes } from './check/nodes.ts';
import type { Graph } from './graph.ts';
import type { NodeCatalog } from './node-kind.ts';
import type { Problem } from './problem.ts';

const CHECKS: readonly Check[] = [checkFlow, checkKeys, checkNodes, checkEdges, checkContainers, checkExpressions, checkLeftOut];

/** How many problems of a graph are listed. If there are more, errors come first. */
export const MOST_PROBLEMS = 1_000;

/** Everything wrong with a graph. Executes nothing, and accepts any value with the shape of a graph. */
export function checkGraph(graph: Graph, catalog: NodeCatalog): Problem[] {
  const check = checkInParts(graph, catalog);
  for (let part = check.next(); ; part = check.next()) if (part.done) return part.value;
}

/** The same, with a pause every few ms: the largest graph takes a few hundred. */
export function* checkInParts(graph: Graph, catalog: NodeCatalog): Generator<void, Problem[]> {
  const read = readGraph(graph, catalog);
  const problems: Problem[] = [];
  for (const check of CHECKS) {
    for (const found of check(read)) {
      for (const problem of found) problems.push(problem);
      yield;
    }
  }
  if (problems.length <= MOST_PROBLEMS) return problems;
  const isError = ({ severity }: Problem): boolean => severity === 'error';
  return [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))].slice(0, MOST_PROBLEMS);
}
