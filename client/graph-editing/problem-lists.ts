import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';

const NONE: readonly Problem[] = [];
const groups = new WeakMap<readonly Problem[], ReadonlyMap<string, Problem[]>>();

function byNode(problems: readonly Problem[]): ReadonlyMap<string, Problem[]> {
  const known = groups.get(problems);
  if (known) return known;
  const grouped = Map.groupBy(problems, ({ nodeId }) => nodeId);
  groups.set(problems, grouped);
  return grouped;
}

/** The problems of one node. A list is grouped once, however many nodes ask. */
export const problemsOf = (problems: readonly Problem[], nodeId: string): readonly Problem[] => byNode(problems).get(nodeId) ?? NONE;

/** The list `after`, reusing equal objects from `before`, or `before` itself if all are equal. Only changes are rendered. */
export function shareProblems(before: readonly Problem[], after: readonly Problem[]): readonly Problem[] {
  const shared = after.map((problem) => problemsOf(before, problem.nodeId).find((known) => sameJson(known, problem)) ?? problem);
  return shared.length === before.length && shared.every((problem, index) => problem === before[index]) ? before : shared;
}
